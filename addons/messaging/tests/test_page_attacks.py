"""Attacks on the pages: messages of others, forged numbers, markup in what came, header lines in subjects, secrets."""

import pytest

from addons.messaging import accounts, receiving
from addons.messaging.contract import URL, Incoming, Setting
from core.api import SYSTEM, AccessDenied, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("messaging", "leads"), pytest.mark.database("sqlite")]
EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)> Zqxvictim'


@pytest.fixture
def visitor(installation):
    """People at the door."""
    return lambda login: Visitor(installation, user_id(installation, login))


@pytest.fixture
def hidden(installation, pigeon):
    """A personal account of Sara's with a private message by a stranger; returns account, message and thread."""
    with installation.env(SYSTEM) as env:
        key = accounts.save(env, None, pigeon.provider, {"name": "Sara's own", "person": user_id(installation, "sara")}, {"secret": "zqx"})
        row = accounts.rows(env, [key])[0]
        message = receiving.receive(env, row, [Incoming("1", "+989120000001", text=EVIL)])[0]
        thread = env.query("messaging.message").with_ids([message]).select("thread").rows()[0]["thread"].id
    return key, message, thread


def everything(installation):
    with installation.env(SYSTEM, write=False) as env:
        return {name: env.query(name).archived(None).order("id").rows() for name in ("messaging.message", "messaging.thread")}


@pytest.mark.parametrize("login", ["reza", "boss", "nobody"])
def test_private_conversations_are_closed(installation, pigeon, visitor, hidden, login):
    key, message, thread = hidden
    other = visitor(login)
    before = everything(installation)
    for path in (f"/x/messaging/thread/{thread}", f"/x/messaging/compose?answers={message}", f"/r/messaging.message/{message}",
                 f"/x/messaging/thread/{thread}/assign", f"/x/messaging/thread/{thread}/link", f"/x/messaging/account/{key}",
                 f"/x/messaging/account/{key}/lines", f"/x/messaging/account/{key}/test"):
        answer = other.get(path)
        assert answer.status_code in (403, 404), path
        assert "Zqxvictim" not in answer.text
    for path in ("/x/messaging/inbox", "/x/messaging/inbox?v=unread", f"/x/messaging/inbox?in={key}", "/x/messaging/inbox?q=Zqxvictim",
                 "/notifications", "/", "/x/messaging/mine"):
        assert "alert(1)" not in other.get(path).text, path
    for path, data in ((f"/x/messaging/thread/{thread}/reply", {"body": "x"}), (f"/x/messaging/thread/{thread}/mark", {"as": "done"}),
                       (f"/x/messaging/thread/{thread}/take", {}), (f"/x/messaging/thread/{thread}/assign", {"owner": "1"}),
                       (f"/x/messaging/thread/{thread}/link", {"about": "contacts.contact:1"}),
                       (f"/x/messaging/message/{message}/send_again", {}), (f"/x/messaging/account/{key}/check", {}),
                       (f"/x/messaging/account/{key}", {"name": "x", "settings.secret": "x"}),
                       ("/x/messaging/compose", {"answers": str(message), "body": "x", "to": "+989120000001", "go": "1"})):
        assert other.post(path, data).status_code in (403, 404), path
    assert everything(installation) == before
    assert other.get("/notifications/count").json["live"].get("messaging", {"count": 0})["count"] == 0


def test_accounts_of_others_are_not_written_from(installation, pigeon, visitor, hidden, env_as):
    key, _message, _thread = hidden
    with env_as("reza") as env:
        contact = env.create("contacts.contact", {"last_name": "X", "mobile": "+989123456789"})
    data = {"record": "contacts.contact", "id": str(contact), "channel": "pigeon", "recipient": "+989123456789", "body": "Hi", "go": "1"}
    answer = visitor("reza").post("/x/messaging/compose", {**data, "account": str(key)})
    assert answer.status_code == 422 and "There is no account" in answer.text
    assert visitor("reza").post("/x/messaging/compose", {**data, "account": str(pigeon.account)}).status_code == 303


def test_records_that_one_does_not_see_are_not_written_about(installation, pigeon, visitor, env_as):
    with env_as("sara") as env:
        lead = env.create("leads.lead", {"last_name": "Zqxvictim", "mobile": "+989121112233"})
    reza = visitor("reza")
    place = {"record": "leads.lead", "id": str(lead)}
    assert reza.get(f"/x/messaging/compose?record=leads.lead&id={lead}&channel=pigeon").status_code == 404
    assert reza.post("/x/messaging/compose", {**place, "channel": "pigeon", "to": "+989120000000", "body": "x",
                                              "go": "1"}).status_code == 404
    assert reza.post(f"/x/messaging/measure?channel=pigeon&record=leads.lead&id={lead}", {"body": "x"}).status_code == 404
    assert reza.post("/x/messaging/compose/text", {**place, "template": "1"}).status_code == 404
    for record in ("base.user", "messaging.account", "nonsense", "base.setting"):
        assert reza.get(f"/x/messaging/compose?record={record}&id=1&channel=pigeon").status_code in (200, 403, 404)
    assert reza.post("/x/messaging/measure?channel=nonsense", {"body": "x"}).status_code == 404
    for path in ("/x/messaging/compose", "/x/messaging/inbox", "/x/messaging/account/new", "/x/messaging/mine"):
        assert visitor("nobody").get(path).status_code == 403, path


def test_what_came_is_text(installation, pigeon, visitor, env_as):
    with installation.env(SYSTEM) as env:
        row = accounts.rows(env, [pigeon.account])[0]
        receiving.receive(env, row, [Incoming("1", "+989123456789", text=EVIL, name='"><script>x</script>', html=EVIL)])
    with env_as("sara") as env:
        contact = env.create("contacts.contact", {"last_name": "<b>Evil</b>", "mobile": "+989123456789"})
    sara = visitor("sara")
    thread = next(iter(everything(installation)["messaging.thread"]))["id"]
    assert sara.post(f"/x/messaging/thread/{thread}/link", {"about": f"contacts.contact:{contact}"}).status_code == 303
    for path in ("/x/messaging/inbox", f"/x/messaging/thread/{thread}", f"/r/contacts.contact/{contact}", "/", "/notifications",
                 "/x/messaging/compose?channel=pigeon&text=%3Cscript%3Ealert(1)%3C/script%3E&to=%22%3E%3Cscript%3Ex"):
        page = sara.get(path).text
        assert "<script>alert(1)" not in page and "<img src=x" not in page and '"><script>x' not in page, path
    assert "&lt;script&gt;alert(1)" in sara.get(f"/x/messaging/thread/{thread}").text


def test_subjects_are_one_line():
    from addons.messaging.composing import one_line
    assert one_line("Hello\r\nBcc: evil@example.com\0\x1b") == "Hello Bcc: evil@example.com"
    assert one_line("سلام\u200cها\u2028x") == "سلام\u200cها x" and len(one_line("x" * 999)) == 255


def test_users_do_not_set_up_accounts_for_all(installation, pigeon, visitor, env_as):
    sara = visitor("sara")
    assert sara.get("/x/messaging/account/new").status_code == 403
    data = {"name": "Mine", "active": "1", "settings.secret": "x", "person": "", "members": ""}
    assert sara.post("/x/messaging/account/new/pigeon/loopback", data).status_code == 403
    assert sara.get(f"/x/messaging/account/{pigeon.account}").status_code == 404
    with env_as("sara") as env, pytest.raises(AccessDenied):
        accounts.save(env, None, pigeon.provider, {"name": "For all", "person": None}, {"secret": "x"})
    with env_as("sara") as env, pytest.raises(AccessDenied):
        accounts.save(env, None, pigeon.provider, {"name": "Another's", "person": user_id(installation, "reza")}, {"secret": "x"})


def test_secrets_do_not_follow_a_changed_address(installation, pigeon, env_as):
    class Elsewhere(type(pigeon.provider)):
        settings = (Setting("secret", "Secret", kind="secret", required=True), Setting("base", "Address", kind=URL))
    provider = Elsewhere()
    with env_as("boss") as env:
        key = accounts.save(env, None, provider, {"name": "A"}, {"secret": "s", "base": "https://good.example"})
        with pytest.raises(ValidationFailed) as found:
            accounts.save(env, key, provider, {"name": "A"}, {"secret": "", "base": "https://evil.example"})
        assert [e.field for e in found.value.errors] == ["settings.secret"]
        accounts.save(env, key, provider, {"name": "A"}, {"secret": "new", "base": "https://evil.example"})
        assert accounts.secrets_of(env, key) == {"secret": "new"}


def test_nobody_reads_secrets_from_records(installation, pigeon, visitor):
    for login in ("sara", "boss", "admin"):
        who = visitor(login)
        for path in (f"/r/messaging.account/{pigeon.account}", "/r/messaging.account?columns=name,settings,secrets,token",
                     f"/r/messaging.account/{pigeon.account}/field/token", f"/r/messaging.account/{pigeon.account}/edit",
                     f"/x/messaging/account/{pigeon.account}"):
            page = who.get(path).text
            assert pigeon.token not in page and '"s3"' not in page and ">s3<" not in page, (login, path)
