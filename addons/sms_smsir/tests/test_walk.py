"""From a lead through SMS.ir and back."""

import pytest

from addons.sms.testing import walk

pytestmark = pytest.mark.addons("sms_smsir", "leads")


def test_from_a_lead_to_the_phone_and_back(installation, server, settings):
    walk(installation, "smsir", settings, deliver=lambda number: server.advance(number, 1))
