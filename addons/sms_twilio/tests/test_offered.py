"""The addon keeps to what addons keep to, and offers its gateway."""

import pytest

pytestmark = [pytest.mark.addons("sms_twilio"), pytest.mark.database("sqlite")]


def test_the_gateway_is_offered_for_text_messages_only(installation):
    def offered(kind):
        return [one.name for found in installation.registry.plugins.hook.providers(kind=kind) for one in found]

    assert "twilio" in offered("sms") and "twilio" not in offered("mail")
