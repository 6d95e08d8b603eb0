"""The whole way of an SMS, and what is added under commercial ones."""

import pytest

from addons.messaging import accounts, consents
from addons.messaging.queueing import Draft, queue
from addons.sms.testing import PERSIAN, walk
from addons.sms.tests.probe import Plugin, Server
from core.api import SYSTEM
from core.testing.jobs import run_jobs

pytestmark = pytest.mark.addons("sms", "leads")


@pytest.fixture
def probes(installation):
    installation.registry.plugins.register(Plugin())
    installation.registry.memo.clear()


def test_from_a_lead_to_the_phone_and_back(installation, probes):
    with Server() as server:
        found = walk(installation, "probe_key", {"address": server.address, "key": "k"}, sender="3000",
                     deliver=lambda number: server.states.update({number: "delivered"}))
        assert list(server.texts.values()) == [PERSIAN] and found["segments"] == 1


def test_reports_by_a_call_of_our_address(installation, probes):
    def call(number):
        server.states[number] = "delivered"
        return {"query_string": {"id": number, "state": "delivered"}}

    with Server() as server:
        walk(installation, "probe_hand", {"address": server.address, "key": "k"}, call=call)


def test_commercial_texts_say_how_to_opt_out(installation, line):
    people = {"+989121234567": "لغو۱۱", "+905321234567": "SMS iptali: RET", "+12025550143": "Opt out: STOP"}
    with installation.env(SYSTEM) as env:
        consents.record(env, [{"address": a, "channel": "sms", "state": "given", "source": "form", "iys_type": "BIREYSEL"} for a in people])
        env.update("messaging.policy", env.query("messaging.policy").ids(), {"quiet_from": None, "quiet_to": None})
        keys = queue(env, [Draft("sms", a, "حراج" if "98" in a else "Sale", kind="commercial", language="en") for a in people])
        rows = env.query("messaging.message").with_ids(keys).select("body", "segments", "counterpart").rows()
        assert {r["counterpart"]: r["body"].splitlines()[-1] for r in rows} == people
        long = queue(env, [Draft("sms", "+989121234567", "س" * 66, kind="commercial"),
                           Draft("sms", "+989121234567", "حراج. لغو11", kind="commercial"), Draft("sms", "+989121234567", "کد پیگیری ۱۲")])
        texts = env.query("messaging.message").with_ids(long).order("id").select("body", "segments").rows()
        assert [r["segments"] for r in texts] == [2, 1, 1], "what is added is counted"
        assert texts[1]["body"] == "حراج. لغو11" and "لغو" not in texts[2]["body"]
    run_jobs(installation)
    assert len(line.provider.taken) == 6
    with installation.env(SYSTEM) as env:
        env.update("messaging.policy", env.query("messaging.policy").ids(), {"closing": False})
        env.commit()
        [key] = queue(env, [Draft("sms", "+12025550143", "Sale", kind="commercial")])
        assert env.query("messaging.message").with_ids([key]).select("body").rows()[0]["body"] == "Sale"


def test_stop_by_answer_blocks_what_follows(installation, line):
    from addons.messaging.contract import Incoming
    from addons.messaging.receiving import receive
    number = "+989121234567"
    with installation.env(SYSTEM) as env:
        consents.record(env, [{"address": number, "channel": "sms", "state": "given", "source": "form"}])
        row = accounts.rows(env, [line.account])[0]
        receive(env, row, [Incoming("1", "09121234567", "3000", "لغو ۱۱")])
        [key] = queue(env, [Draft("sms", number, "Sale", kind="commercial")])
        assert env.query("messaging.message").with_ids([key]).select("state").rows()[0]["state"] == "blocked"
