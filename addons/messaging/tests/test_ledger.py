"""The ledger and the flags of people say the same; links withdraw consent; forms and files enter it."""

import datetime as dt

import pytest

from addons.messaging import consents, unsubscribing
from addons.messaging.choices import CONSENT
from addons.messaging.tests.template_help import give
from core.api import SYSTEM, AccessDenied, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("messaging", "leads")]
NIMA = "+989121234567"


@pytest.fixture
def sender(env_as):
    with env_as("admin") as env:
        give(env, "sara", "messaging.sender")


@pytest.fixture
def public(installation, monkeypatch):
    from addons.messaging import accounts  # noqa: PLC0415
    monkeypatch.setattr(accounts, "public_address", lambda env: "https://crm.example")


def state(installation, purpose="", address=NIMA):
    with installation.env(SYSTEM) as env:
        return consents.standing(env, "pigeon", [address], purpose).get(address, consents.NOTHING).state


def flag(installation, record, key):
    with installation.env(SYSTEM) as env:
        return env.query(record).archived(None).with_ids([key]).select("do_not_sms").rows()[0]["do_not_sms"]


def given(env, source="verbal", purpose="*"):
    consents.record(env, [{"address": NIMA, "channel": "pigeon", "state": "given", "source": source, "purpose": purpose}])


def test_a_flag_withdraws(env_as, pigeon, installation):
    with env_as("sara") as env:
        given(env)
        key = env.create("contacts.contact", {"last_name": "Karimi", "mobile": NIMA})
    assert state(installation) == "given"
    with env_as("sara") as env:
        env.update("contacts.contact", key, {"do_not_sms": True})
    assert state(installation) == "withdrawn"
    with installation.env(SYSTEM) as env:
        assert env.query(CONSENT).count() == 2


def test_the_ledger_sets_flags_of_all_who_have_the_address(env_as, pigeon, installation):
    with env_as("reza") as env:
        lead = env.create("leads.lead", {"last_name": "Karimi", "mobile": NIMA})
    with env_as("sara") as env:
        contact = env.create("contacts.contact", {"last_name": "Karimi", "mobile": NIMA})
        consents.withdraw(env, "pigeon", NIMA, "reply", purpose="news")
    assert not flag(installation, "leads.lead", lead), "one purpose is not everything"
    with env_as("sara") as env:
        consents.withdraw(env, "pigeon", NIMA, "reply")
    assert flag(installation, "leads.lead", lead) and flag(installation, "contacts.contact", contact)
    with env_as("sara") as env:
        given(env, "form")
    assert flag(installation, "leads.lead", lead), "whoever typed the address into a form is not proven to be its owner"
    with env_as("sara") as env:
        consents.withdraw(env, "pigeon", NIMA, "reply")
        given(env, "reply")
    assert not flag(installation, "leads.lead", lead)
    with installation.env(SYSTEM) as env:
        assert env.query(CONSENT).count() == 5, "nothing went round in circles"


def test_everything_after_a_single_purpose(env_as, pigeon, installation):
    with env_as("sara") as env:
        consents.withdraw(env, "pigeon", NIMA, "reply")
        given(env, purpose="news")
    assert state(installation, "news") == "given"
    with env_as("sara") as env:
        consents.withdraw(env, "pigeon", NIMA, "reply")
    assert state(installation, "news") == "withdrawn"


def test_conversion_keeps_it(env_as, pigeon, installation):
    from addons.leads import conversion  # noqa: PLC0415
    with env_as("admin") as env:
        lead = env.create("leads.lead", {"last_name": "Karimi", "mobile": NIMA, "do_not_sms": True})
        done = conversion.convert(env, conversion.open_lead(env, lead).id, {"contacts.contact": conversion.Decision()})
    assert flag(installation, "contacts.contact", done.results["contacts.contact"]) and state(installation) == "withdrawn"


def test_web_forms_enter_consent(env_as, pigeon, installation):
    agreed = {"consent_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC), "consent_text": "I agree to offers."}
    with installation.env(SYSTEM) as env:
        owner = user_id(installation, "sara")
        env.create("leads.lead", {"last_name": "A", "mobile": NIMA, "owner": owner, **agreed})
        env.create("leads.lead", {"last_name": "B", "mobile": "+989120000000", "owner": owner})
        rows = env.query(CONSENT).select("address", "source", "proof", "at").rows()
        assert [tuple(r[n] for n in ("address", "source", "proof", "at")) for r in rows] == [
            (NIMA, "form", "I agree to offers.", agreed["consent_at"])]
        consents.withdraw(env, "pigeon", NIMA, "reply")
        env.create("leads.lead", {"last_name": "C", "mobile": NIMA, "owner": owner, **agreed})
    assert state(installation) == "withdrawn", "a form does not overturn what the person said"


# ---------------------------------------------------------------- links
def test_links_withdraw(env_as, pigeon, installation, public):
    with env_as("sara") as env:
        given(env)
        link = unsubscribing.unsubscribe_url(env, NIMA, "pigeon", "news", "fa")
    assert link.startswith("https://crm.example/x/messaging/stop/fa/")
    path = link.removeprefix("https://crm.example")
    visitor = Visitor(installation)
    shown = visitor.get(path)
    assert shown.status_code == 200 and NIMA in shown.text and 'lang="fa"' in shown.text
    assert state(installation, "news") == "given", "looking withdraws nothing: mail scanners follow links"
    assert visitor.client.post(path, data={"what": "one"}).status_code == 200
    assert (state(installation, "news"), state(installation)) == ("withdrawn", "given")
    assert visitor.client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert visitor.client.post(path, data={"what": "all"}).status_code == 200
    assert state(installation) == "withdrawn"


def test_one_click_needs_no_page(env_as, pigeon, installation, public):
    with env_as("sara") as env:
        given(env)
        path = unsubscribing.unsubscribe_url(env, NIMA, "pigeon").removeprefix("https://crm.example")
    assert Visitor(installation).client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert state(installation) == "withdrawn"


def test_forged_links(env_as, pigeon, installation, public):
    with env_as("sara") as env:
        given(env)
        link = unsubscribing.unsubscribe_url(env, "+989120000000", "pigeon")
        from core.api import sign_link  # noqa: PLC0415
        foreign = sign_link(env, "tickets.rating", ["pigeon", NIMA, ""], env.now + dt.timedelta(days=1))
        odd = sign_link(env, unsubscribing.LINK, ["pigeon", NIMA], env.now + dt.timedelta(days=1))
    token = link.rsplit("/", 1)[1]
    visitor = Visitor(installation)
    for bad in (token[:-3] + "abc", token.replace(".", "x."), foreign, odd, "x", "é" * 50):
        assert visitor.client.post(f"/x/messaging/stop/{bad}").status_code == 404, bad
    assert state(installation) == "given"


# ---------------------------------------------------------------- by hand, by file
def test_entries_by_hand(env_as, pigeon, installation, sender):
    with env_as("sara") as env:
        key = env.create("contacts.contact", {"last_name": "Karimi", "mobile": NIMA})
    with env_as("reza") as env:
        foreign = env.create("contacts.contact", {"last_name": "Other", "mobile": "+989120000000"})
    visitor = Visitor(installation, user_id(installation, "sara"))
    at = f"/x/messaging/consent/contacts.contact/{key}"
    assert at in visitor.get(f"/r/contacts.contact/{key}").text
    assert visitor.get(at).status_code == 200
    answer = visitor.post(at, {"way": f"pigeon {NIMA}", "state": "given", "purpose": "offers", "source": "written", "proof": "Letter"})
    assert answer.status_code == 303 and state(installation, "offers") == "given"
    shown = visitor.get(f"/r/contacts.contact/{key}").text
    assert "In writing" in shown and "Offers" in shown
    assert visitor.post(at, {"state": "given", "purpose": "nonsense", "source": "written"}).status_code == 422
    assert visitor.post(f"/x/messaging/consent/contacts.contact/{foreign}", {"state": "given"}).status_code == 404
    assert Visitor(installation, user_id(installation, "reza")).post(
        f"/x/messaging/consent/contacts.contact/{foreign}", {"state": "given"}).status_code == 403
    assert visitor.post(at, {"way": "pigeon +989120000000", "state": "withdrawn", "source": "verbal"}).status_code == 303
    assert state(installation, address="+989120000000") == "", "only the record's own addresses are entered"


def test_imported_entries(env_as, pigeon, installation, sender):
    with env_as("sara") as env:
        key = env.create(CONSENT, {"address": "+98 912 1234567", "channel": "PIGEON", "state": "given", "source": "import"})
        row = env.query(CONSENT).with_ids([key]).select("address", "channel", "purpose").rows()[0]
        assert (row["address"], row["channel"], row["purpose"]) == (NIMA, "pigeon", "*")
        for wrong in ({"channel": "owl"}, {"address": "nowhere"}, {"purpose": "nonsense"}):
            with pytest.raises(ValidationFailed):
                env.create(CONSENT, {"address": NIMA, "channel": "pigeon", "state": "given", "source": "import", **wrong})
        with pytest.raises(Exception):  # noqa: B017 - locked, whoever asks
            env.update(CONSENT, key, {"state": "withdrawn"})
    with env_as("reza") as env, pytest.raises(AccessDenied):
        env.create(CONSENT, {"address": NIMA, "channel": "pigeon", "state": "given", "source": "import"})


def test_the_generic_import_takes_them(env_as, pigeon, sender):
    from core.exchange.offered import import_fields  # noqa: PLC0415
    with env_as("sara") as env:
        offered = {f.name for f in import_fields(env, CONSENT)}
        assert {"address", "channel", "purpose", "state", "source", "at", "proof", "iys_type"} <= offered


def test_the_ledger_tells_nobodys_number_to_who_does_not_see_them(env_as, pigeon, installation):
    """It holds numbers of all people: mass senders read it; others see the consents of whom they see."""
    with env_as("reza") as env:
        lead = env.create("leads.lead", {"last_name": "Hidden", "mobile": NIMA})
        given(env)
    with env_as("sara") as env:
        key = env.create("contacts.contact", {"last_name": "Karimi", "mobile": "+989350000001"})
        consents.record(env, [{"address": "+989350000001", "channel": "pigeon", "state": "given", "source": "verbal"}])
        assert not env.can("read", CONSENT)
    sara = Visitor(installation, user_id(installation, "sara"))
    for path in (f"/r/{CONSENT}", f"/r/{CONSENT}/1", f"/lookup/{CONSENT}?q=98912", f"/search?q={NIMA[1:]}",
                 f"/x/messaging/consent/leads.lead/{lead}"):
        answer = sara.get(path)
        assert NIMA not in answer.text and answer.status_code in (200, 403, 404), path
    page = sara.get(f"/r/contacts.contact/{key}").text
    assert "+989350000001" in page and "consent-lines" in page and "/r/messaging.consent" not in page
