"""From a draft to the provider and back: sent once, put off, failed over, never lost, never doubled."""

import datetime as dt

import pytest

from addons.messaging import consents, reporting, sending
from addons.messaging.choices import MESSAGE
from addons.messaging.contract import ACCEPTED, BY_HAND, BY_QUERY, REJECTED, UNCERTAIN, Later, Refused, Report, Sent, Unclear
from addons.messaging.queueing import Draft, queue
from core.api import SYSTEM, F, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("messaging")]


def contact(env, name="Nima Karimi", mobile="+989121234567", **values):
    return env.create("contacts.contact", {"last_name": name, "mobile": mobile, **values})


def states(installation, *paths):
    with installation.env(SYSTEM) as env:
        rows = env.query(MESSAGE).order("id").select("state", *paths).rows()
    return [tuple(r[p] for p in ("state", *paths)) if paths else r["state"] for r in rows]


def old(installation, minutes=5):
    """Claims look as if they were made some minutes ago."""
    with installation.env(SYSTEM) as env:
        ids = env.query(MESSAGE).where(F.state == "sending").ids()
        env.derive(MESSAGE, dict.fromkeys(ids, {"claimed_at": env.now - dt.timedelta(minutes=minutes)}))
        env.enqueue("messaging.sweep", {})


def send(env_as, work, count=1, who="sara", **values):
    with env_as(who) as env:
        ids = queue(env, [Draft("pigeon", f"+98912{n:07}", f"Hello {n}", **values) for n in range(count)])
    work()
    return ids


def test_sent_and_on_the_record(env_as, pigeon, work, installation):
    with env_as("sara") as env:
        key = contact(env)
        queue(env, [Draft("pigeon", "+98 912 1234567", "Salaam", about=[("contacts.contact", key)], person=("contacts.contact", key))])
        assert pigeon.provider.taken == []
    work()
    (message,) = pigeon.provider.taken
    assert (message.to, message.text, message.sender, message.kind) == ("+989121234567", "Salaam", "+100", "service")
    assert states(installation, "external", "cost", "segments")[0][:2] == ("sent", f"p{message.number}")
    with env_as("sara") as env:
        assert [c["about"].id for c in env.query("messaging.concern").select("about").rows()] == [key]
        assert env.query("messaging.thread").select("counterpart").rows()[0]["counterpart"] == "+989121234567"


def test_nothing_leaves_when_the_change_is_taken_back(env_as, pigeon, work):
    with env_as("sara") as env:
        queue(env, [Draft("pigeon", "+989121234567", "x")])
        env.connection.rollback()
    work()
    assert pigeon.provider.taken == []


def test_impossible_addresses(env_as, pigeon, installation):
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        queue(env, [Draft("pigeon", "nowhere", "x"), Draft("pigeon", "+989121234567", "x")])
    with env_as("sara") as env:
        queue(env, [Draft("pigeon", "nowhere", "x"), Draft("pigeon", "+989121234567", "x")], strict=False)
    assert states(installation, "code") == [("failed", "address"), ("queued", None)]


def test_who_sees_messages(env_as, pigeon, work, installation):
    """They follow the records they concern; private ones do not."""
    with env_as("sara") as env:
        key = contact(env)
        about = [("contacts.contact", key)]
        open_, private = queue(env, [Draft("pigeon", "+989121234567", "open", about=about),
                                     Draft("pigeon", "+989121234567", "private", about=about, private=True)])
    sees = lambda who: _ids(env_as, who)  # noqa: E731
    assert sees("sara") == {open_, private}
    assert sees("mina") == {open_}, "above the owner"
    assert sees("reza") == set() and sees("nobody") == set()
    with env_as("sara") as env:
        env.update("contacts.contact", key, {"co_owners": [user_id(installation, "reza")]})
    assert sees("reza") == {open_}, "who sees the contact sees what was written to them"
    with env_as("sara") as env:
        env.update(MESSAGE, private, {"shared_with": [user_id(installation, "omid")]})
    assert sees("omid") == {private}
    with env_as("reza") as env:
        assert env.query("messaging.concern").count() == 1


def _ids(env_as, who):
    with env_as(who) as env:
        return set(env.query(MESSAGE).ids()) if env.can("read", MESSAGE) else set()


def test_nobody_writes_about_what_they_do_not_see(env_as, pigeon):
    with env_as("sara") as env:
        key = contact(env)
    with env_as("reza") as env, pytest.raises(ValidationFailed):
        queue(env, [Draft("pigeon", "+989121234567", "x", about=[("contacts.contact", key)])])


def test_accounts_of_others_cannot_be_used(env_as, pigeon, installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"person": user_id(installation, "reza")})
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        queue(env, [Draft("pigeon", "+989121234567", "x", account=pigeon.account)])
    with env_as("sara") as env:
        assert env.query("messaging.account").ids() == [pigeon.other]


def test_one_time_codes_are_hidden(env_as, pigeon, work, installation):
    with env_as("admin") as env:
        queue(env, [Draft("pigeon", "+989121234567", "Code 1 2 3 4", kind="code", template="login", parameters={"code": "4711"})])
    with env_as("admin") as env:
        row = env.query(MESSAGE).select("body", "details", "headline").rows()[0]
        assert "1 2 3 4" not in str(row) and "4711" not in str(row)
    work()
    assert (pigeon.provider.taken[0].text, pigeon.provider.taken[0].parameters) == ("Code 1 2 3 4", {"code": "4711"})
    assert pigeon.provider.taken[0].template == "login"


def test_late_codes_are_not_sent(env_as, pigeon, work, installation):
    with env_as("admin") as env:
        queue(env, [Draft("pigeon", "+989121234567", "4711", kind="code")])
    with installation.env(SYSTEM) as env:
        env.derive(MESSAGE, dict.fromkeys(env.query(MESSAGE).ids(), {"expires_at": env.now - dt.timedelta(minutes=1)}))
    work()
    assert pigeon.provider.taken == [] and states(installation, "code") == [("failed", "late")]


# ---------------------------------------------------------------- consent
def test_commercial_messages_need_consent(env_as, pigeon, work, installation):
    with env_as("admin") as env:
        consents.record(env, [{"address": f"+9891200000{n:02}", "channel": "pigeon", "state": s, "source": "form", "purpose": p}
                              for n, s, p in ((0, "given", "*"), (1, "withdrawn", "*"), (2, "given", "news"), (4, "given", "*"))])
        consents.withdraw(env, "pigeon", "+989120000004", "reply", purpose="news")
        drafts = [Draft("pigeon", f"+9891200000{n:02}", "Sale!", kind="commercial", purpose="news") for n in range(5)]
        queue(env, drafts)
        queue(env, [Draft("pigeon", "+989120000001", "Your parcel"), Draft("pigeon", "+989120000001", "4711", kind="code")])
    assert states(installation) == ["queued", "blocked", "queued", "blocked", "blocked", "queued", "queued"]
    assert all(reason for state, reason in states(installation, "reason") if state == "blocked")


def test_the_ledger_is_not_changed(env_as, pigeon):
    with env_as("admin") as env:
        (key,) = consents.record(env, [{"address": "+1", "channel": "pigeon", "state": "given", "source": "form"}])
        assert consents.record(env, [{"address": "+1", "channel": "pigeon", "state": "given", "source": "form"}]) == []
    for who in ("boss", "admin"):
        with env_as(who) as env, pytest.raises(Exception):  # noqa: B017 - denied to one, locked for the other
            env.update("messaging.consent", key, {"state": "withdrawn"})
        with env_as(who) as env, pytest.raises(Exception):  # noqa: B017
            env.delete("messaging.consent", key)


def test_quiet_hours_of_the_recipient(env_as, pigeon, installation):
    from addons.messaging import quiet  # noqa: PLC0415
    rules = {"quiet_from": "21:00", "quiet_to": "09:00", "quiet_service": False}
    at = dt.datetime(2026, 11, 27, 18, 0, tzinfo=dt.UTC)
    assert quiet.zone_of("+989121234567", "UTC") == "Asia/Tehran" and quiet.zone_of("+905321234567", "UTC") == "Europe/Istanbul"
    assert quiet.due(rules, "commercial", at, "Asia/Tehran") == dt.datetime(2026, 11, 28, 5, 30, tzinfo=dt.UTC)
    assert quiet.due(rules, "commercial", at, "Europe/London") == at
    assert quiet.due(rules, "service", at, "Asia/Tehran") == quiet.due(rules, "code", at, "Asia/Tehran") == at
    early = dt.datetime(2026, 11, 28, 2, 0, tzinfo=dt.UTC)
    assert quiet.due(rules, "commercial", early, "Asia/Tehran") == dt.datetime(2026, 11, 28, 5, 30, tzinfo=dt.UTC)


def test_planned_and_taken_back(env_as, pigeon, work, installation):
    with env_as("sara") as env:
        later = env.now + dt.timedelta(hours=2)
        first, second = queue(env, [Draft("pigeon", f"+98912000000{n}", "x", at=later) for n in (1, 2)])
    work()
    assert pigeon.provider.taken == []
    with env_as("sara") as env:
        env.run_action(MESSAGE, "cancel", [first])
    with installation.env(SYSTEM) as env:
        env.derive(MESSAGE, dict.fromkeys([first, second], {"due_at": env.now}))
        env.enqueue("messaging.sweep", {})
    work()
    assert [m.number for m in pigeon.provider.taken] == [second] and states(installation) == ["cancelled", "sent"]


# ---------------------------------------------------------------- trouble
def test_a_busy_provider_is_asked_again(env_as, pigeon, work, installation):
    pigeon.provider.answers = [Later("busy", 30)]
    send(env_as, work)
    assert states(installation, "attempts") == [("queued", 1)]
    with installation.env(SYSTEM) as env:
        env.derive(MESSAGE, dict.fromkeys(env.query(MESSAGE).ids(), {"due_at": env.now}))
        env.enqueue("messaging.sweep", {})
    work()
    assert states(installation) == ["sent"]


def test_a_refusing_account_turns_red_and_its_stand_in_sends(env_as, pigeon, work, installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"stand_in": pigeon.other})
    pigeon.provider.answers = [Refused("no credit")]
    send(env_as, work, 3)
    assert len(pigeon.second.taken) == 3 and states(installation) == ["sent"] * 3
    with installation.env(SYSTEM) as env:
        row = env.query("messaging.account").with_ids([pigeon.account]).select("health", "problem").rows()[0]
        assert (row["health"], row["problem"]) == ("failing", "no credit")


def test_one_of_many_is_refused(env_as, pigeon, work, installation):
    pigeon.provider.answers = [lambda messages: [Sent(ACCEPTED, "1"), Sent(REJECTED, code="35", reason="blacklist", unwanted=True)]]
    send(env_as, work, 2)
    assert states(installation, "code") == [("sent", None), ("failed", "35")]
    with installation.env(SYSTEM) as env:
        assert consents.standing(env, "pigeon", ["+989120000001"])["+989120000001"].state == "withdrawn"


@pytest.mark.parametrize("how", ["key", "query", "ask"])
def test_what_nobody_knows_is_neither_lost_nor_doubled(env_as, pigeon, work, installation, how):
    pigeon.provider.repeats = how

    def half(messages):
        pigeon.provider.taken += messages[:1]
        raise Unclear("time-out")

    pigeon.provider.answers = [half]
    ids = send(env_as, work, 2)
    if how == BY_HAND:
        assert states(installation) == ["unknown", "unknown"]
        with env_as("sara") as env:
            env.run_action(MESSAGE, "confirm_sent", [ids[0]])
            env.run_action(MESSAGE, "send_again", [ids[1]])
        work()
    else:
        assert states(installation) == ["sending", "sending"]
        old(installation)
        with installation.env(SYSTEM) as env:
            from sqlalchemy import text  # noqa: PLC0415
            env.connection.execute(text("UPDATE sys_job SET run_at = created_at WHERE state = 'queued'"))
        work()
    assert states(installation) == ["sent", "sent"]
    numbers = [m.number for m in pigeon.provider.taken]
    assert set(numbers) == set(ids)
    assert len(numbers) == (3 if how == "key" else 2), "the same key again is the provider's to drop"
    assert how != "key" or len({m.key for m in pigeon.provider.taken}) == 2


def test_an_uncertain_answer_for_one(env_as, pigeon, work, installation):
    pigeon.provider.repeats = BY_QUERY
    pigeon.provider.answers = [lambda messages: [Sent(ACCEPTED, "1"), Sent(UNCERTAIN, reason="?")]]
    send(env_as, work, 2)
    assert states(installation) == ["sent", "sending"]


def test_a_provider_that_breaks_is_no_harm(env_as, pigeon, work, installation):
    pigeon.provider.repeats = BY_HAND
    pigeon.provider.answers = [ZeroDivisionError("bug")]
    send(env_as, work)
    assert states(installation, "reason") == [("unknown", "ZeroDivisionError")]


def test_a_limit_a_minute(env_as, pigeon, work, installation):
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"per_minute": 7})
    send(env_as, work, 20)
    assert len(pigeon.provider.taken) == 7 and states(installation).count("queued") == 13


def test_one_text_in_a_call(env_as, pigeon, work, installation):
    pigeon.provider.same_text = True
    with env_as("sara") as env:
        queue(env, [Draft("pigeon", f"+98912{n:07}", f"Text {n % 2}") for n in range(6)])
    work()
    assert pigeon.provider.calls == 2 and len(pigeon.provider.taken) == 6 and states(installation) == ["sent"] * 6


def test_a_cancelled_message_is_not_claimed_by_a_worker_that_saw_it_before(env_as, pigeon, installation):
    with env_as("sara") as env:
        (key,) = queue(env, [Draft("pigeon", "+989121234567", "x")])
    with env_as("sara") as env:
        assert sending.cancelled(env, [key]) == 1
        assert sending.cancelled(env, [key]) == 0


# ---------------------------------------------------------------- reports
def test_reports_move_forward_only(env_as, pigeon, work, installation):
    (key,) = send(env_as, work)
    seen = []
    for state in ("sent", "delivered", "failed", "sent", "read", "delivered"):
        with installation.env(SYSTEM) as env:
            reporting.apply(env, pigeon.account, [Report(state, f"p{key}")])
        seen += states(installation)
    assert seen == ["sent", "delivered", "delivered", "delivered", "read", "read"]


def test_providers_are_asked(env_as, pigeon, work, installation):
    ids = send(env_as, work, 3)
    pigeon.provider.states = {f"p{ids[0]}": "delivered", f"p{ids[1]}": "failed"}
    with installation.env(SYSTEM) as env:
        env.enqueue("messaging.follow", {})
    work()
    assert states(installation) == ["delivered", "failed", "sent"]


def test_providers_call_a_secret_address(env_as, pigeon, work, installation):
    (key,) = send(env_as, work)
    visitor = Visitor(installation)
    at = f"/x/messaging/in/{pigeon.token}"
    assert visitor.get(f"{at}?secret=wrong&state=delivered&id=p{key}").status_code == 404
    assert visitor.get(f"/x/messaging/in/{'x' * 43}?secret=s3&state=delivered&id=p{key}").status_code == 404
    assert states(installation) == ["sent"]
    answer = visitor.get(f"{at}?secret=s3&state=delivered&id=p{key}")
    assert (answer.status_code, answer.text) == (200, "coo") and states(installation) == ["delivered"]
    with installation.env(SYSTEM) as env:
        env.update("messaging.account", pigeon.account, {"active": False})
    assert visitor.get(f"{at}?secret=s3&state=read&id=p{key}").status_code == 404


def test_what_an_unsigned_call_reports_is_asked_about(env_as, pigeon, work, installation):
    (key,) = send(env_as, work)
    pigeon.provider.signed = False
    Visitor(installation).get(f"/x/messaging/in/{pigeon.token}?secret=s3&state=delivered&id=p{key}")
    work()
    assert states(installation) == ["sent"], "the provider knows nothing of it"
    pigeon.provider.states = {f"p{key}": "delivered"}
    Visitor(installation).get(f"/x/messaging/in/{pigeon.token}?secret=s3&state=read&id=p{key}")
    work()
    assert states(installation) == ["delivered"], "what it says itself counts"


def test_parameters_keep_their_order(env_as, pigeon, work):
    names = {"zeta": "1", "alpha": "2", "mid": "3"}
    send(env_as, work, template="order", parameters=names)
    assert list(pigeon.provider.taken[0].parameters.items()) == list(names.items())


def test_approved_texts_may_be_repeated_otherwise(env_as, pigeon, work, installation):
    pigeon.provider.repeats_approved = BY_HAND
    pigeon.provider.answers = [Unclear("time-out"), Unclear("time-out")]
    with env_as("sara") as env:
        queue(env, [Draft("pigeon", "+989121234567", "plain"), Draft("pigeon", "+989121234568", "", template="order")])
    work()
    assert states(installation) == ["sending", "unknown"]


def test_accounts_keep_their_secrets(env_as, pigeon, installation):
    with env_as("admin") as env:
        assert "s3" not in str(env.query("messaging.account").select("name", "sender").rows())
    for who in ("admin", "boss", "sara"):
        with env_as(who) as env, pytest.raises(Exception):  # noqa: B017 - whatever it is called: it is not read
            env.query("messaging.account").select("secrets").rows()
        with env_as(who) as env, pytest.raises(Exception):  # noqa: B017
            env.query("messaging.account").where(F.token == pigeon.token).ids()


def test_statements_do_not_grow(env_as, pigeon, work, installation):
    with env_as("sara") as env, query_budget(installation, 40):
        queue(env, [Draft("pigeon", f"+98912{n:07}", f"Hello {n}", batch=None) for n in range(300)])
    work()
    assert len(pigeon.provider.taken) == 300
