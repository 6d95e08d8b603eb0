"""From a lead through any gateway over HTTP and back."""

import pytest

from addons.sms.testing import walk
from addons.sms_http.tests.server import JSON, Server

pytestmark = pytest.mark.addons("sms_http", "leads")


def test_from_a_lead_to_the_phone_and_back(installation):
    with Server() as server:
        server.state = "ENROUTE"
        settings = server.settings(JSON, "/json/send", status_address=server.address + "/json/state/{{ id }}", state_path="items[0].state",
                                   states="DELIVRD=delivered")
        walk(installation, "http", settings, deliver=lambda number: setattr(server, "state", "DELIVRD"))
        assert server.taken[0][0] == "989121234567"
