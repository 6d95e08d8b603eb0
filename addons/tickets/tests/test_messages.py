"""Customers write by SMS: tickets come of it, answers go back and forth, and no note leaves the house."""

import pytest

from addons.messaging import accounts, receiving
from addons.messaging.contract import Incoming
from addons.sms.tests.conftest import line
from addons.tickets import conversation
from addons.tickets.choices import INTERNAL, PUBLIC
from core.api import SYSTEM, F
from core.testing.jobs import run_jobs

__all__ = ["line"]
pytestmark = pytest.mark.addons("tickets", "sms")
NIMA, STRANGER = "+989121234567", "+989350000000"


@pytest.fixture
def come(installation, line):
    def receive(*incoming, **account):
        with installation.env(SYSTEM) as env:
            env.update("messaging.account", line.account, {"takes": "ticket", **account})
            receiving.receive(env, accounts.rows(env, [line.account])[0], incoming)
        run_jobs(installation)
    return receive


def tickets(installation):
    with installation.env(SYSTEM) as env:
        return env.query("tickets.ticket").order("id").select(
            "subject", "channel", "requester", "requester_name", "requester_email",
            "number").rows()


def said(installation, ticket):
    with installation.env(SYSTEM) as env:
        return [(m["direction"], m["body"]) for m in conversation.for_customer(env, ticket)]


def test_there_and_back(installation, line, come, desk, env_as):
    come(Incoming("1", STRANGER, "3000", "پرینتر دود می‌کند"))
    [ticket] = tickets(installation)
    assert (ticket["subject"], ticket["channel"], ticket["requester_name"], ticket["requester_email"]) == (
        "پرینتر دود می‌کند", "sms", STRANGER, None)
    with env_as("mina") as env:
        conversation.say(env, ticket["id"], INTERNAL, "She is a nuisance")
        conversation.say(env, ticket["id"], PUBLIC, "سلام.\nآن را خاموش کنید & بروید.\n\nپشتیبانی")
    run_jobs(installation)
    [sent] = line.provider.taken
    assert (sent.to, sent.text) == (STRANGER, "سلام.\nآن را خاموش کنید & بروید.\n\nپشتیبانی")
    with installation.env(SYSTEM) as env:
        row = env.query("messaging.message").where(F.direction == "out").select("owner", "answers", "thread").rows()[0]
        assert row["owner"].id == desk["mina"] and row["answers"] is not None
    come(Incoming("2", STRANGER, "3000", "خاموش شد، ممنون"))
    assert len(tickets(installation)) == 1, "an answer is no new ticket"
    assert said(installation, ticket["id"]) == [
        ("in", "<p>پرینتر دود می‌کند</p>"), ("out", "<p>سلام.<br>آن را خاموش کنید &amp; بروید.</p><p>پشتیبانی</p>"),
        ("in", "<p>خاموش شد، ممنون</p>")]
    run_jobs(installation)
    assert len(line.provider.taken) == 1


def test_a_known_customer_is_the_requester(installation, line, come, desk):
    with installation.env(SYSTEM) as env:
        env.update("contacts.contact", desk["contact"], {"mobile": NIMA})
    come(Incoming("1", "09121234567", "3000", "Where is my order?"), takes_all=True)
    [ticket] = tickets(installation)
    assert ticket["requester"].id == desk["contact"] and ticket["requester_name"] == "Nima Karimi"


def test_notes_never_leave(installation, line, come, desk, env_as):
    come(Incoming("1", STRANGER, "3000", "Help"))
    [ticket] = tickets(installation)
    with env_as("mina") as env:
        note = conversation.say(env, ticket["id"], INTERNAL, "Secret of the house")
        env.emit("tickets.reply", {"messages": [note]})  # even if somebody asks for it
    run_jobs(installation)
    assert line.provider.taken == []
    with installation.env(SYSTEM) as env:
        assert not env.query("messaging.message").where(F.direction == "out").exists()


def test_other_tickets_are_answered_where_they_came_from(installation, line, desk, env_as):
    with env_as("mina") as env:
        web = env.create("tickets.ticket", {"subject": "From the web", "requester": desk["contact"], "channel": "web"})
        conversation.say(env, web, PUBLIC, "Hello")
    run_jobs(installation)
    assert line.provider.taken == []
    with installation.env(SYSTEM) as env:
        env.update("contacts.contact", desk["contact"], {"mobile": NIMA})
    with env_as("mina") as env:
        sms = env.create("tickets.ticket", {"subject": "Asked for an SMS", "requester": desk["contact"], "channel": "sms"})
        conversation.say(env, sms, PUBLIC, "Hello")
    run_jobs(installation)
    assert [(m.to, m.text) for m in line.provider.taken] == [(NIMA, "Hello")]


def test_the_same_message_is_said_once(installation, line, come, desk):
    one = Incoming("1", STRANGER, "3000", "Help")
    come(one, one)
    come(one)
    [ticket] = tickets(installation)
    with installation.env(SYSTEM) as env:
        env.emit("messaging.received", {"messages": env.query("messaging.message").ids()})
    run_jobs(installation)
    assert len(said(installation, ticket["id"])) == 1


def test_somebody_elses_number_joins_no_ticket(installation, line, come, desk, env_as):
    """The number of a ticket in the text opens nothing to who did not write it."""
    come(Incoming("1", STRANGER, "3000", "Help"))
    [ticket] = tickets(installation)
    come(Incoming("2", NIMA, "3000", f"Re: [{ticket['number']}] tell me all"))
    assert len(tickets(installation)) == 2 and len(said(installation, ticket["id"])) == 1
