"""What comes in: taken once, found its person and conversation, heeded when it says STOP; and what a loopback channel shows."""

import datetime as dt

import pytest

from addons.messaging import accounts, consents, receiving
from addons.messaging.choices import MESSAGE, THREAD
from addons.messaging.contract import File, Incoming
from addons.messaging.queueing import Draft, queue
from core.api import SYSTEM, F
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("messaging", "leads")]
NIMA, STRANGER = "+989121234567", "+989350000000"


def come(installation, pigeon, *incoming):
    with installation.env(SYSTEM) as env:
        return receiving.receive(env, accounts.rows(env, [pigeon.account])[0], incoming)


def test_an_answer_joins_what_it_answers(env_as, pigeon, work, installation):
    with env_as("sara") as env:
        lead = env.create("leads.lead", {"last_name": "Karimi", "mobile": NIMA})
        queue(env, [Draft("pigeon", NIMA, "Shall we meet?", about=[("leads.lead", lead)], person=("leads.lead", lead))])
    work()
    (key,) = come(installation, pigeon, Incoming("in1", NIMA, text="Yes", at=dt.datetime.now(dt.UTC)))
    with env_as("sara") as env:
        row = env.query(MESSAGE).with_ids([key]).select("thread", "person", "owner", "answers", "state", "direction").rows()[0]
        assert (row["person"].id, row["owner"].id, row["state"]) == (lead, user_id(installation, "sara"), "received")
        assert env.query(THREAD).count() == 1 and env.query(THREAD).where(F.unread).count() == 1
        assert env.query("base.notification").count() == 1
    with env_as("reza") as env:
        assert env.query(MESSAGE).ids() == [] and env.query(THREAD).ids() == []


def test_the_same_is_taken_once(pigeon, installation):
    one = Incoming("in1", STRANGER, text="Hello")
    assert len(come(installation, pigeon, one, one, Incoming("in2", STRANGER, text="?"))) == 2
    assert come(installation, pigeon, one) == []


def test_strangers_are_nobodys(env_as, pigeon, installation):
    """On a shared account everybody sees them, with members those alone."""
    (key,) = come(installation, pigeon, Incoming("in1", STRANGER, text="Hello"))
    with env_as("reza") as env:
        assert env.query(MESSAGE).ids() == [key]
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"members": [user_id(installation, "sara")]})
    with env_as("reza") as env:
        assert env.query(MESSAGE).ids() == [] and env.query(THREAD).ids() == []
    with env_as("sara") as env:
        assert env.query(MESSAGE).ids() == [key]


def test_a_personal_account_is_private(env_as, pigeon, installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"person": user_id(installation, "reza")})
    (key,) = come(installation, pigeon, Incoming("in1", STRANGER, text="Private matters"))
    for who, sees in (("reza", [key]), ("sara", []), ("mina", []), ("boss", [])):
        with env_as(who) as env:
            assert env.query(MESSAGE).ids() == sees, who


def test_what_hangs_on_private_messages_is_private(env_as, pigeon, installation):
    """To super-administrators, too: files, the records concerned, notes; by lists, addresses, and words in the history."""
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"person": user_id(installation, "reza")})
    (key,) = come(installation, pigeon, Incoming("in1", STRANGER, text="Zqprivate matters", files=[File("a.pdf", b"%PDF-1.4 secret")]))
    with env_as("reza") as env:
        lead = env.create("leads.lead", {"last_name": "Karimi"})
        (file,) = env.query(MESSAGE).with_ids([key]).select("files").rows()[0]["files"]
    with installation.env(SYSTEM) as env:
        env.create("messaging.concern", {"message": key, "about": ("leads.lead", lead), "at": env.now})
        env.create("base.file", {"name": "open.pdf", "digest": "0" * 64, "about": ("leads.lead", lead)})
        env.update(MESSAGE, key, {"campaign": "Zqcampaign"})
    for who in ("admin", "boss"):
        visitor = Visitor(installation, user_id(installation, who))
        with env_as(who) as env:
            assert env.query(MESSAGE).ids() == [] and env.query("messaging.concern").ids() == []
            assert file.id not in env.query("base.file").ids()
            assert who == "boss" or [r["name"] for r in env.query("base.file").select("name").rows()] == ["open.pdf"]
        assert visitor.get(f"/files/{file.id}").status_code == 404
        for words in ("Zqprivate", "Zqcampaign"):
            assert f"#{key}" not in visitor.get(f"/admin/audit?q={words}").text
    assert Visitor(installation, user_id(installation, "reza")).get(f"/files/{file.id}").data == b"%PDF-1.4 secret"


def test_stop_is_heeded(env_as, pigeon, installation):
    with installation.env(SYSTEM) as env:
        consents.record(env, [{"address": STRANGER, "channel": "pigeon", "state": "given", "source": "form"}])
    come(installation, pigeon, Incoming("in1", STRANGER, text=" Stop "))
    with env_as("admin") as env:
        queue(env, [Draft("pigeon", STRANGER, "Sale", kind="commercial")])
        assert env.query(MESSAGE).where(F.state == "blocked").count() == 1
    come(installation, pigeon, Incoming("in2", STRANGER, text="START"))
    with installation.env(SYSTEM) as env:
        assert consents.standing(env, "pigeon", [STRANGER])[STRANGER].state == "given"


def test_what_strangers_write_becomes_what_the_account_says(env_as, pigeon, installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"takes": "contact"})
    first, second, _stop = come(installation, pigeon, Incoming("in1", STRANGER, text="Offer please"),
                                Incoming("in2", NIMA, text="vacation", automatic=True), Incoming("in3", "+989360000000", text="stop"))
    with installation.env(SYSTEM) as env:
        rows = {r["id"]: r["person"] for r in env.query(MESSAGE).select("person").rows()}
        assert rows[first].record == "contacts.contact" and rows[second] is None
        assert env.query("contacts.contact").count() == 1
    come(installation, pigeon, Incoming("in4", STRANGER, text="Are you there?"))
    with installation.env(SYSTEM) as env:
        assert env.query("contacts.contact").count() == 1 and env.query(THREAD).where(F.person.is_null()).count() == 2


def test_files_come_along_under_the_message(env_as, pigeon, installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"members": [user_id(installation, "sara")]})
    (key,) = come(installation, pigeon, Incoming("in1", STRANGER, text="See", files=[File("../../فاکتور.pdf", b"%PDF-1.4 x", "text/html")]))
    with env_as("sara") as env:
        (file,) = env.query(MESSAGE).with_ids([key]).select("files").rows()[0]["files"]
        assert env.get("base.file", file.id, "name", "media_type").name == "فاکتور.pdf"
    path = f"/files/{file.id}"
    assert Visitor(installation, user_id(installation, "sara")).get(path).data == b"%PDF-1.4 x"
    assert Visitor(installation, user_id(installation, "reza")).get(path).status_code == 404


def test_fetched_from_providers_that_give_each_once(env_as, pigeon, work, installation):
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    pigeon.provider.incoming = [Incoming("in1", STRANGER, text="One", at=at), Incoming("in2", NIMA, text="Two")]
    with installation.env(SYSTEM) as env:
        env.enqueue("messaging.fetch", {})
    work()
    with installation.env(SYSTEM) as env:
        assert env.query(MESSAGE).order("id").select("body").rows()[0]["body"] == "One" and env.query(MESSAGE).count() == 2


def test_called_with_a_message(pigeon, installation):
    told = {"secret": "s3", "from": STRANGER, "id": "c1", "text": "سلام"}
    answer = Visitor(installation).client.post(f"/x/messaging/in/{pigeon.token}", data=told)
    assert answer.status_code == 200
    with installation.env(SYSTEM) as env:
        assert env.query(MESSAGE).select("body").rows()[0]["body"] == "سلام"


def test_statements_do_not_grow(env_as, pigeon, installation):
    with installation.env(SYSTEM) as env:
        row = accounts.rows(env, [pigeon.account])[0]
        with query_budget(installation, 40):
            receiving.receive(env, row, [Incoming(f"m{n}", f"+98935{n:07}", text="x") for n in range(200)])
