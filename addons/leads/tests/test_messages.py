"""Messages of strangers become leads."""

import pytest

from addons.messaging import accounts, receiving
from addons.messaging.contract import Incoming
from addons.sms.tests.conftest import line
from core.api import SYSTEM
from core.testing.plugin import user_id

__all__ = ["line"]
pytestmark = pytest.mark.addons("leads", "sms")
NIMA, ALI = "+989121234567", "+905321234567"


def come(installation, line, *incoming, **account):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", line.account, {"takes": "lead", **account})
        return receiving.receive(env, accounts.rows(env, [line.account])[0], incoming)


def leads(installation):
    with installation.env(SYSTEM) as env:
        return env.query("leads.lead").order("id").select(
            "mobile", "last_name", "description", "owner", "status", "first_touch_channel", "source_detail").rows()


def test_a_stranger_is_a_lead_with_what_they_wrote(installation, line, env_as):
    sara = user_id(installation, "sara")
    keys = come(installation, line, Incoming("1", "0912 123 4567", "3000", "قیمت چند است؟"), Incoming("2", NIMA, "3000", "کسی هست؟"),
                members=[sara])
    [lead] = leads(installation)
    assert (lead["mobile"], lead["owner"].id, lead["status"], lead["first_touch_channel"]) == (NIMA, sara, "raw", "sms")
    assert lead["description"] == "قیمت چند است؟" and lead["source_detail"] == "Line"
    with env_as("sara") as env:
        about = env.query("messaging.concern").select("message", "about").rows()
        assert {(r["message"].id, r["about"].id) for r in about} == {(k, lead["id"]) for k in keys}
        assert {r["person"].id for r in env.query("messaging.message").select("person").rows()} == {lead["id"]}
    come(installation, line, Incoming("3", NIMA, "3000", "?"))
    assert len(leads(installation)) == 1, "they are known now"


def test_members_take_turns(installation, line):
    people = sorted(user_id(installation, name) for name in ("sara", "reza", "mina"))
    for first in (0, 4):
        come(installation, line, *(Incoming(str(n), f"+98912000000{n}", text="?") for n in range(first, first + 4)), members=people)
    assert [r["owner"].id for r in leads(installation)] == [people[n % 3] for n in range(8)]


def test_without_members_it_is_an_administrators(installation, line):
    come(installation, line, Incoming("1", NIMA, text="?"))
    assert [r["owner"].id for r in leads(installation)] == [user_id(installation, "admin")]


def test_stop_machines_and_odd_senders(installation, line):
    come(installation, line, Incoming("1", NIMA, text="لغو۱۱"), Incoming("2", ALI, text="Out of office", automatic=True))
    assert leads(installation) == []
    come(installation, line, Incoming("3", "BANK<script>", text="<b>Hello</b>" * 500, name="x" * 400), Incoming("4", "30001", text=""))
    first, second = leads(installation)
    assert first["mobile"] is None and len(first["last_name"]) <= 120 and len(first["description"]) <= 4000
    assert second["last_name"] == "30001"


def test_an_open_lead_stays_the_one(installation, line, env_as):
    with env_as("sara") as env:
        key = env.create("leads.lead", {"last_name": "Karimi", "mobile": NIMA})
    come(installation, line, Incoming("1", NIMA, text="?"), takes_all=True)
    assert [r["id"] for r in leads(installation)] == [key]
