"""From a lead through Netgsm and back."""

import pytest

from addons.sms.testing import walk
from addons.sms_netgsm.tests.server import Server

pytestmark = pytest.mark.addons("sms_netgsm", "leads")


def test_from_a_lead_to_the_phone_and_back(installation):
    with Server() as server:
        settings = {"username": "8503050000", "password": "şifre", "address": server.address}

        def deliver(number):
            for row in server.jobs[number.partition(":")[0]]:
                row["status"] = 1

        walk(installation, "netgsm", settings, deliver=deliver, sender="ARYA", mobile="+905321234567")
