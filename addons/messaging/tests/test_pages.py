"""The pages of messaging: timeline, composer, inbox, accounts, as people with different rights meet them."""

import json
import re

import pytest

from addons.messaging import accounts, receiving
from addons.messaging.contract import Incoming
from core.api import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = pytest.mark.addons("messaging", "leads")
MOBILE = "+98 912 345 6789"


@pytest.fixture
def visitor(installation):
    """People at the door."""
    return lambda login: Visitor(installation, user_id(installation, login))


@pytest.fixture
def contact(installation, env_as):
    """A contact of Sara's."""
    with env_as("sara") as env:
        return env.create("contacts.contact", {"last_name": "Karimi", "first_name": "Mina", "mobile": "+989123456789"})


def compose(contact, **further):
    return {"record": "contacts.contact", "id": str(contact), "channel": "pigeon", "recipient": "+989123456789", "body": "Hello there",
            "kind": "service", "go": "1", "next": f"/r/contacts.contact/{contact}", **further}


def messages(installation, *paths):
    with installation.env(SYSTEM, write=False) as env:
        return env.query("messaging.message").order("id").select("state", "body", "counterpart", "owner", *paths).rows()


def incoming(installation, pigeon, text="When will it arrive?", sender="+989123456789", number="n1", key=None):
    with installation.env(SYSTEM) as env:
        row = accounts.rows(env, [key or pigeon.account])[0]
        return receiving.receive(env, row, [Incoming(number, sender, text=text)])


# ---------------------------------------------------------------- timeline and composer
def test_a_message_is_written_from_a_record_and_told_on_it(installation, pigeon, visitor, contact, work):
    sara = visitor("sara")
    page = sara.get(f"/r/contacts.contact/{contact}").text
    found = re.search(r'href="(/x/messaging/compose\?[^"]*)"', page)
    assert found and "channel=pigeon" in found[1]
    sheet = sara.get(found[1].replace("&amp;", "&"), headers={"X-Fragment": "sheet"}).text
    assert "Mina Karimi" in sheet and 'name="body"' in sheet and "data-meter" in sheet
    answer = sara.post("/x/messaging/compose", compose(contact))
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/r/contacts.contact/{contact}")
    work()
    assert [(m["state"], m["body"]) for m in messages(installation)] == [("sent", "Hello there")]
    page = sara.get(f"/r/contacts.contact/{contact}").text
    assert "Hello there" in page and "Pigeon to" in page and "Sent" in page and "120" in page


def test_nothing_is_sent_without_text_or_recipient(installation, pigeon, visitor, contact):
    sara = visitor("sara")
    answer = sara.post("/x/messaging/compose", compose(contact, body=" ", recipient="other", to=""))
    assert answer.status_code == 422 and "Write something first." in answer.text and "Say who it goes to." in answer.text
    answer = sara.post("/x/messaging/compose", compose(contact, recipient="other", to="nonsense"))
    assert answer.status_code == 422 and "nonsense" in answer.text
    assert sara.post("/x/messaging/compose", compose(contact, at="rubbish")).status_code == 422
    assert messages(installation) == []


def test_what_is_planned_can_be_taken_back_on_the_timeline(installation, pigeon, visitor, contact, work):
    sara = visitor("sara")
    assert sara.post("/x/messaging/compose", compose(contact, at="2031-05-01 10:30")).status_code == 303
    work()
    page = sara.get(f"/r/contacts.contact/{contact}").text
    found = re.search(r'action="(/x/messaging/message/\d+/cancel)"', page)
    assert found and "Leaves" in page
    assert sara.post(found[1], {"next": f"/r/contacts.contact/{contact}"}).status_code == 303
    assert messages(installation)[0]["state"] == "cancelled" and not pigeon.provider.taken


def test_parts_cost_and_consent_are_said_while_typing(installation, pigeon, visitor, contact):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"price": "850", "price_currency": "IRR"})
    url = f"/x/messaging/measure?channel=pigeon&record=contacts.contact&id={contact}"
    told = visitor("sara").post(url, {"recipient": "+989123456789", "body": "x" * 80, "account": str(pigeon.account),
                                      "kind": "commercial"}).json
    assert "2 parts" in told["parts"] and "1,700" in told["cost"] and told["level"] == "error" and "not agreed" in told["consent"]
    told = visitor("sara").post(url, {"recipient": "+989123456789", "body": "x", "account": "999999", "kind": "service"}).json
    assert told["cost"] == "" and told["consent"] == ""


def test_a_template_fills_in_the_text_and_says_what_is_missing(installation, pigeon, visitor, env_as, contact):
    with installation.env(SYSTEM) as env:
        field = env.registry.record("messaging.template").field("channel")
        assert "sms" in field.labels
        key = env.create("messaging.template", {"name": "Hello", "channel": "sms", "record_type": "contacts.contact"})
        env.create("messaging.template_version", {"template": key, "language": "en", "body": "Dear {{ last_name }} of {{ department }}"})
    sara = visitor("sara")
    told = sara.post("/x/messaging/compose/text", {"record": "contacts.contact", "id": str(contact), "template": str(key),
                                                   "language": "en"})
    assert told.json["body"].startswith("Dear Karimi") and "Without a value" in told.json["missing"]
    answer = sara.post("/x/messaging/compose", compose(contact, body="Dear {{ last_name }}, {{ department }}"))
    assert answer.status_code == 422 and 'value="anyway"' in answer.text and not messages(installation)
    assert sara.post("/x/messaging/compose", compose(contact, body="Dear {{ last_name }}, {{ department }}",
                                                     go="anyway")).status_code == 303
    assert messages(installation)[0]["body"].startswith("Dear Karimi")


# ---------------------------------------------------------------- inbox
def test_the_inbox_shows_what_came_and_answers_it(installation, pigeon, visitor, contact, work):
    incoming(installation, pigeon)
    sara = visitor("sara")
    live = sara.get("/notifications/count").json["live"]["messaging"]
    assert live["count"] == 1
    page = sara.get("/x/messaging/inbox").text
    found = re.search(r'href="(/x/messaging/thread/\d+)', page)
    assert found and "When will it arrive?" in page and "Mina Karimi" in page
    page = sara.get(found[1]).text
    assert "msg-in" in page and 'data-reply' in page
    assert sara.get("/notifications/count").json["live"]["messaging"]["count"] == 0
    assert sara.post(f"{found[1]}/reply", {"body": "It ships at noon"}).status_code == 303
    work()
    assert [m.text for m in pigeon.provider.taken] == ["It ships at noon"]
    assert pigeon.provider.taken[0].to == "+989123456789"
    page = sara.get(found[1]).text
    assert "msg-out" in page and "It ships at noon" in page
    assert sara.post(f"{found[1]}/mark", {"as": "done"}).status_code == 303
    assert "It ships at noon" not in sara.get("/x/messaging/inbox").text
    assert found[1] in sara.get("/x/messaging/inbox?v=done").text
    assert sara.post(f"{found[1]}/take").status_code == 303
    assert sara.post(f"{found[1]}/mark", {"as": "unread"}).status_code == 303


def test_somebody_new_is_put_to_a_record(installation, pigeon, visitor, env_as):
    incoming(installation, pigeon, sender="+989350000000")
    sara = visitor("sara")
    found = re.search(r'href="(/x/messaging/thread/\d+)', sara.get("/x/messaging/inbox").text)[1]
    page = sara.get(found).text
    assert "mobile=%2B989350000000" in page or "mobile=+989350000000" in page
    with env_as("sara") as env:
        key = env.create("leads.lead", {"last_name": "Stranger", "mobile": "+989350000000"})
    page = sara.get(found).text
    assert f'value="leads.lead:{key}"' in page
    assert sara.post(f"{found}/link", {"about": f"leads.lead:{key}"}).status_code == 303
    assert "When will it arrive?" in sara.get(f"/r/leads.lead/{key}").text
    assert "Stranger" in sara.get("/x/messaging/inbox").text
    assert sara.get(f"{found}/assign").status_code == 200
    assert sara.post(f"{found}/assign", {"owner": str(user_id(installation, "reza"))}).status_code == 303


def test_filters_search_and_pages(installation, pigeon, visitor):
    for n in range(45):
        incoming(installation, pigeon, text=f"Question {n}", sender=f"+9891200000{n:02}", number=f"n{n}")
    sara = visitor("sara")
    page = sara.get("/x/messaging/inbox").text
    assert page.count('class="inb-line') >= 40 and "Earlier conversations" in page
    more = re.search(r'href="([^"]*after=[^"]*)"', page)[1].replace("&amp;", "&")
    assert "Question 0" in sara.get(more).text
    assert "Question 44" not in sara.get("/x/messaging/inbox?v=mine").text
    assert "Question 44" in sara.get("/x/messaging/inbox?v=nobodys").text
    assert sara.get("/x/messaging/inbox?q=Question").status_code == 200
    assert "Nothing found" in sara.get("/x/messaging/inbox?in=nothing").text
    assert "Question 44" in sara.get(f"/x/messaging/inbox?in={pigeon.account}").text


# ---------------------------------------------------------------- accounts
def test_a_manager_sets_up_an_account(installation, pigeon, visitor, work):
    boss = visitor("boss")
    assert "Loopback" in boss.get("/x/messaging/account/new").text
    url = "/x/messaging/account/new/pigeon/loopback"
    answer = boss.post(url, {"name": "New loft", "active": "1", "position": "5"})
    assert answer.status_code == 422 and "This is needed." in answer.text
    answer = boss.post(url, {"name": "New loft", "active": "1", "position": "5", "commercial": "1", "settings.name": "n",
                             "settings.secret": "Zqxs"})
    assert answer.status_code == 303
    place = answer.headers["Location"]
    page = boss.get(place).text
    assert "Zqxs" not in page and "stored; leave empty" in page
    key = int(place.rsplit("/", 1)[1])
    assert boss.post(place, {"name": "Renamed", "active": "1", "position": "5", "settings.name": "m",
                             "settings.secret": ""}).status_code == 303
    with installation.env(SYSTEM) as env:
        assert accounts.secrets_of(env, key) == {"secret": "Zqxs"}
        assert accounts.settings_of(env, key) == {"name": "m"}
        assert env.get("messaging.account", key, "name").name == "Renamed"
    assert boss.post(f"{place}/check").status_code == 303
    assert "5,000" in boss.get(place).text
    assert boss.post(f"{place}/test", {"to": "bad", "text": "x"}).status_code == 422
    answer = boss.post(f"{place}/test", {"to": "+989120000000", "text": "Zqxtest"})
    assert answer.status_code == 303 and "tested=" in answer.headers["Location"]
    assert "data-refresh" in boss.get(answer.headers["Location"]).text
    work()
    page = boss.get(answer.headers["Location"]).text
    assert "Sent" in page and "data-refresh" not in page
    assert boss.get(f"{place}/lines").status_code == 200


def test_the_secret_address_and_what_goes_wrong(installation, pigeon, visitor):
    from addons.messaging.contract import Later, Refused, Unclear
    boss = visitor("boss")
    place = f"/x/messaging/account/{pigeon.account}"
    page = boss.get(place).text
    assert "public_url" in page and pigeon.token not in page
    for error, words in ((Later("busy"), "busy"), (Refused("wrong key"), "wrong key"), (Unclear("<b>x"), "&lt;b&gt;x")):
        def refuse(account, error=error):
            raise error
        pigeon.provider.balance = refuse
        boss.post(f"{place}/check")
        assert words in boss.get(place).text
    assert "It has not worked since" in boss.get(place).text
    with installation.env(SYSTEM, write=False) as env:
        checks = [c for p in env.registry.plugins.hook.health_checks(env=env) for c in p if "Loft" in c.name]
        assert [c.ok for c in checks] == [False]


def test_a_personal_account_is_its_owners(installation, pigeon, visitor):
    sara = visitor("sara")
    assert sara.get("/x/messaging/mine").status_code == 200
    answer = sara.post("/x/messaging/account/new/pigeon/loopback?mine=1", {"name": "Own", "active": "1", "settings.secret": "Zqx1"})
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert sara.get(place).status_code == 200 and "Own" in sara.get("/x/messaging/mine").text
    for login in ("reza", "boss"):
        assert visitor(login).get(place).status_code == 404
    key = int(place.rsplit("/", 1)[1])
    assert sara.post(f"/r/messaging.account/{key}/field/person", {"person": "", "version": "1"}).status_code in (403, 404, 422)
    with installation.env(SYSTEM) as env:
        assert env.query("messaging.account").with_ids([key]).select("person").rows()[0]["person"].id == user_id(installation, "sara")


# ---------------------------------------------------------------- around
def test_managers_and_senders_are_told(installation, pigeon, visitor, contact, work):
    with installation.env(SYSTEM) as env:
        accounts.failing(env, accounts.rows(env, [pigeon.account])[0], "no credit")
    work()
    assert "A messaging account does not work" in visitor("boss").get("/notifications").text
    assert "A messaging account does not work" not in visitor("sara").get("/notifications").text


def test_the_home_page_has_a_tile_and_records_have_pages(installation, pigeon, visitor, contact):
    ids = incoming(installation, pigeon)
    sara = visitor("sara")
    assert "Unread conversations" in sara.get("/").text
    for path in (f"/r/messaging.message/{ids[0]}", "/r/messaging.message", "/r/messaging.thread", "/r/messaging.consent",
                 "/r/messaging.batch"):
        assert sara.get(path).status_code in (200, 403, 404), path
    for path in ("/r/messaging.account", f"/r/messaging.account/{pigeon.account}", "/r/messaging.policy", "/r/messaging.batch"):
        assert visitor("boss").get(path).status_code == 200, path
    page = sara.get(f"/r/messaging.message/{ids[0]}").text
    assert "Open the conversation" in page and 'class="pen"' not in page.split('id="s-delivery"')[0]
    assert json.loads(sara.get("/notifications/count").text)["count"] >= 0


@pytest.mark.database("sqlite")
def test_the_timeline_takes_the_same_statements_however_much_was_written(installation, pigeon, env_as, contact):
    with env_as("sara") as env:
        source = [s for s in env.registry.collected("timeline_sources", env=env, record_name="contacts.contact") if s.kind == "message"][0]
    for n in range(12):
        incoming(installation, pigeon, text=f"Q{n}", number=f"n{n}")
    with env_as("sara") as env, query_budget(installation, 8):
        assert len(source.fetch(env, "contacts.contact", contact, None, 26)) == 12
