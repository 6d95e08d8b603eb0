"""Mass sending: checked before, prepared in chunks that a killed worker neither loses nor doubles, as the person who started it."""

import datetime as dt
import json
import re

import pytest

from addons.messaging import accounts, consents, macro_steps, mass
from addons.messaging.choices import BATCH, MESSAGE
from addons.messaging.tests.template_help import give, template
from core.api import SYSTEM, AccessDenied, F, NotFound, SarnakhError, hookimpl
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("messaging", "leads")]
CONTENT = {"template": None, "subject": "", "text": "Dear {{ last_name }}, a sale!"}


@pytest.fixture
def sender(env_as):
    with env_as("admin") as env:
        give(env, "sara", "messaging.sender")
        give(env, "reza", "messaging.sender")


def leads(env, count, start=0, consent=True, **values):
    ids = env.create("leads.lead", [{"last_name": f"L{n}", "mobile": f"+98912{n:07}", **values} for n in range(start, start + count)])
    if consent:
        consents.record(env, [{"address": f"+98912{n:07}", "channel": "pigeon", "state": "given", "source": "form"}
                              for n in range(start, start + count)])
    return ids


def begin(env, pigeon, chosen, **values):
    return mass.start(env, "leads.lead", chosen, {"name": "Sale", "channel": "pigeon", "account": pigeon.account, "kind": "commercial",
                                                  "purpose": "offers", "scheduled_at": None, "content": CONTENT, **values})


def batch_row(installation, key):
    with installation.env(SYSTEM) as env:
        return env.query(BATCH).with_ids([key]).select("state", "total", "prepared", "content").rows()[0]


def states(installation, key):
    with installation.env(SYSTEM) as env:
        return {r["state"]: r["count"] for r in env.query(MESSAGE).where(F.batch == key).aggregate(["state"])}


def no_quiet(installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.policy", env.query("messaging.policy").ids(), {"quiet_from": None, "quiet_to": None})


def finish(installation, work):
    with installation.env(SYSTEM) as env:
        env.enqueue("messaging.finish", {})
    work()


def test_from_choice_to_done(env_as, pigeon, work, installation, sender):
    no_quiet(installation)
    with env_as("sara") as env:
        ids = leads(env, 5)
        leads(env, 1, 50, consent=False)
        double = env.create("leads.lead", {"last_name": "Again", "mobile": "+98912 0000001"})
        nobody = env.create("leads.lead", {"last_name": "Nobody"})
        every = env.query("leads.lead").ids()
        assert {double, nobody} < set(every)
        key = begin(env, pigeon, {"ids": every})
    work()
    assert states(installation, key) == {"sent": 5, "blocked": 1}
    row = batch_row(installation, key)
    assert (row["state"], row["total"], row["prepared"], row["content"]["left"]) == ("running", 8, 8, {"doubled": 1, "no_address": 1})
    assert sorted(m.text for m in pigeon.provider.taken)[0] == "Dear L0, a sale!"
    finish(installation, work)
    assert batch_row(installation, key)["state"] == "done"
    with env_as("sara") as env:
        row = env.query(MESSAGE).where(F.batch == key).select("campaign", "purpose", "person", "kind").rows(1)[0]
        assert (row["campaign"], row["purpose"], row["kind"], row["person"].id in ids) == ("Sale", "offers", "commercial", True)


def test_all_of_a_list_stay_its_conditions(env_as, pigeon, work, installation, sender):
    """What comes after the choice is not among them, nor is what one does not see."""
    with env_as("reza") as env:
        leads(env, 2, 100)
    with env_as("sara") as env:
        leads(env, 3)
        key = begin(env, pigeon, {"pairs": [["q", ""]]})
        leads(env, 1, 30)
    work()
    assert batch_row(installation, key)["total"] == 3 and sum(states(installation, key).values()) == 3


def test_records_of_others_get_nothing(env_as, pigeon, work, installation, sender):
    with env_as("reza") as env:
        foreign = leads(env, 2)
    with env_as("sara") as env:
        own = leads(env, 1, 10)
        key = begin(env, pigeon, {"ids": [*foreign, *own]})
    work()
    assert sum(states(installation, key).values()) == 1


def test_the_right_is_asked_for_at_each_chunk(env_as, pigeon, work, installation, sender, monkeypatch):
    monkeypatch.setattr(mass, "CHUNK", 2)
    with env_as("sara") as env:
        leads(env, 5)
        key = begin(env, pigeon, {"pairs": []})
    with env_as("sara") as env:
        mass.prepare(env, key)
    assert sum(states(installation, key).values()) == 2
    with env_as("admin") as env:
        env.update("base.user", user_id(installation, "sara"), {"extra_sets": ["messaging.user"]})
    work()
    row = batch_row(installation, key)
    assert row["state"] == "cancelled" and row["content"]["problem"]
    assert states(installation, key) == {"cancelled": 2} and pigeon.provider.taken == []


def test_only_senders_begin(env_as, pigeon, installation):
    with env_as("sara") as env:
        leads(env, 1)
        with pytest.raises(AccessDenied):
            begin(env, pigeon, {"pairs": []})
    assert Visitor(installation, user_id(installation, "sara")).post("/x/messaging/mass/leads.lead", {"all": "1"}).status_code == 403


def test_another_person_does_not_prepare_it(env_as, pigeon, installation, sender):
    """A job that was queued in somebody else's name prepares nothing with their rights."""
    with env_as("sara") as env:
        leads(env, 1)
        key = begin(env, pigeon, {"pairs": []})
    with env_as("reza") as env:
        assert mass.prepare(env, key) == {"prepared": 0}
    assert states(installation, key) == {}


def test_a_killed_worker_loses_and_doubles_nothing(env_as, pigeon, work, installation, sender, monkeypatch):
    monkeypatch.setattr(mass, "CHUNK", 2)
    no_quiet(installation)
    with env_as("sara") as env:
        leads(env, 7)
        key = begin(env, pigeon, {"pairs": []})
    with env_as("sara") as env:
        mass.prepare(env, key)
        env.connection.rollback()  # it died before the commit
    assert states(installation, key) == {}
    work()
    assert states(installation, key) == {"sent": 7} and len({m.to for m in pigeon.provider.taken}) == 7


def test_stopped_while_it_is_prepared(env_as, pigeon, work, installation, sender, monkeypatch):
    monkeypatch.setattr(mass, "CHUNK", 2)
    with env_as("sara") as env:
        leads(env, 5)
        key = begin(env, pigeon, {"pairs": []})
    with env_as("sara") as env:
        mass.prepare(env, key)
    with env_as("sara") as env:
        env.run_action(BATCH, "stop", [key])
    work()
    assert states(installation, key) == {"cancelled": 2} and pigeon.provider.taken == []


def test_shared_batches_are_not_rewritten(env_as, pigeon, installation, sender):
    """What is sent, and to whom, stays what its starter chose."""
    with env_as("sara") as env:
        leads(env, 1)
        key = begin(env, pigeon, {"pairs": []})
    with env_as("admin") as env, pytest.raises(Exception):  # noqa: B017 - refused as a field that is not written by hand
        env.update(BATCH, key, {"content": {"text": "Buy!"}})
    with env_as("reza") as env, pytest.raises(NotFound):
        env.get(BATCH, key, "name")


def test_a_template_in_two_languages_and_planned(env_as, pigeon, work, installation, sender):
    with env_as("admin") as env:
        chosen = template(env, "sms", en="Hello {{ last_name }}", fa="سلام {{ last_name }}")
    with env_as("sara") as env:
        leads(env, 1, preferred_language="fa")
        leads(env, 1, 1, preferred_language="en")
        at = env.now + dt.timedelta(days=2)
        key = begin(env, pigeon, {"pairs": []}, content={"template": chosen}, scheduled_at=at)
    work()
    with env_as("sara") as env:
        rows = env.query(MESSAGE).where(F.batch == key).order("id").select("body", "scheduled_at", "due_at").rows()
        assert [r["body"] for r in rows] == ["سلام L0", "Hello L1"] and all(r["scheduled_at"] == at and r["due_at"] >= at for r in rows)


# ---------------------------------------------------------------- the page
def hidden(text, name):
    from html import unescape  # noqa: PLC0415
    return unescape(re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)[1])


def test_check_then_start(env_as, pigeon, work, installation, sender):
    with env_as("sara") as env:
        ids = leads(env, 4)
        ids += leads(env, 1, 60, consent=False)
    visitor = Visitor(installation, user_id(installation, "sara"))
    at = "/x/messaging/mass/leads.lead"
    assert at in visitor.get("/r/leads.lead").text
    first = visitor.post(at, {"ids": ids})
    assert first.status_code == 200 and "data-sent" not in first.text
    form = {"chosen": hidden(first.text, "chosen"), "channel": "pigeon", "account": pigeon.account, "kind": "commercial",
            "purpose": "offers", "name": "Spring", "text": "Hello {{ last_name }} {{ city }}", "do": "check"}
    assert visitor.post(at, {**form, "text": ""}).status_code == 422
    assert visitor.post(at, {**form, "text": "{{ nonsense }}"}).status_code == 422
    found = visitor.post(at, form)
    assert found.status_code == 200 and "data-sent>4<" in found.text and "data-left>1<" in found.text
    assert "Hello L0" in found.text and "not agreed" in found.text
    start = {**form, "checked": hidden(found.text, "checked"), "do": "start"}
    assert visitor.post(at, {**start, "text": "Something else"}).status_code == 422, "what was not checked does not start"
    answer = visitor.post(at, start)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    work()
    shown = visitor.get(page).text
    key = int(page.rsplit("/", 1)[1])
    assert "hx-get" in shown and f"/x/messaging/mass/{key}/progress" in shown
    assert visitor.get(f"/x/messaging/mass/{key}/progress", headers={"X-Fragment": "progress"}).status_code == 200
    lines = visitor.get(f"/x/messaging/mass/{key}/result.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 6 and lines[1].startswith("+989120000000")
    other = Visitor(installation, user_id(installation, "reza"))
    assert other.get(f"/x/messaging/mass/{key}/progress").status_code == 404
    assert other.get(f"/x/messaging/mass/{key}/result.csv").status_code == 404


@pytest.mark.parametrize("chosen", ["", "[]", "{}", '{"ids": "1"}', '{"ids": [-1]}', '{"pairs": [[1, 2]]}', "[" * 5000])
def test_forged_choices(installation, pigeon, sender, chosen):
    visitor = Visitor(installation, user_id(installation, "sara"))
    assert visitor.post("/x/messaging/mass/leads.lead", {"chosen": chosen, "do": "check"}).status_code == 422


def test_statements_do_not_grow(env_as, pigeon, installation, sender):
    with env_as("sara") as env:
        leads(env, 300)
        key = begin(env, pigeon, {"pairs": []})
    with env_as("sara") as env, query_budget(installation, 60):
        mass.prepare(env, key)
    assert sum(states(installation, key).values()) == 300
    assert json.dumps(batch_row(installation, key)["content"])


class Over:
    """Brings a provider of SMS."""

    def __init__(self, provider):
        self.provider = provider

    @hookimpl
    def providers(self, kind):
        return [self.provider] if kind == "sms" else []


@pytest.mark.addons("messaging", "leads", "sms")
def test_by_macro(env_as, pigeon, work, installation):
    """The channel that templates are for, with a provider of the test's."""
    sms = type("OverSms", (type(pigeon.provider),), {"channel": "sms", "name": "over_sms"})()
    plugin = Over(sms)
    installation.registry.plugins.register(plugin)
    installation.registry.memo.clear()
    with installation.env(SYSTEM) as env:
        accounts.save(env, None, sms, {"name": "Line", "sender": "3000"}, {"secret": "s"})
    with env_as("admin") as env:
        chosen = template(env, "sms", en="Hello {{ last_name }}")
        other = template(env, "sms", record="contacts.contact", name="Other", en="Hello")
    with env_as("sara") as env:
        step = macro_steps.steps(env, "leads.lead")[0]
        assert step.choices(env) == [(str(chosen), "T (SMS)")] and macro_steps.steps(env, MESSAGE) == []
        key = env.create("leads.lead", {"last_name": "Karimi", "mobile": "+989121234567"})
        nobody = env.create("leads.lead", {"last_name": "Nobody"})
        for wrong in ("999999", "x", str(other)):
            with pytest.raises(SarnakhError):
                step.run(env, "leads.lead", [key], wrong)
        with pytest.raises(SarnakhError):
            step.run(env, "leads.lead", [nobody], str(chosen))
        step.run(env, "leads.lead", [key, nobody], str(chosen))
    work()
    assert [(m.to, m.text) for m in sms.taken] == [("+989121234567", "Hello Karimi")]
    installation.registry.plugins.unregister(plugin)
