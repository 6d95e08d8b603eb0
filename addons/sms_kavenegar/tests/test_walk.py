"""From a lead through Kavenegar and back."""

import pytest

from addons.sms.testing import walk

pytestmark = pytest.mark.addons("sms_kavenegar", "leads")
DELIVERED = 10


def test_from_a_lead_to_the_phone_and_back(installation, server, settings):
    found = walk(installation, "kavenegar", settings, deliver=lambda number: server.advance(number, DELIVERED))
    assert found["cost"] is not None and len(server.messages) == 1
