"""From a lead through Twilio and back."""

import pytest

from addons.sms.testing import walk
from addons.sms_twilio.tests.server import NUMBER, SID, TOKEN, Server

pytestmark = pytest.mark.addons("sms_twilio", "leads")


def test_from_a_lead_to_the_phone_and_back(installation):
    with Server() as server:
        settings = {"account_sid": SID, "auth_token": TOKEN, "address": server.address}

        def deliver(number):
            next(row for row in server.rows if row["sid"] == number)["status"] = "delivered"

        walk(installation, "twilio", settings, deliver=deliver, sender=NUMBER)
