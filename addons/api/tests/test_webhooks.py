"""Webhooks, at a receiver that verifies them with the library of the standard."""

from __future__ import annotations

import contextlib

import pytest

from addons.api import webhook_replay, webhook_rules, webhook_send
from addons.api.tests.receiving import Receiver, deliveries, due_now, reachable, subscribe
from core.api import SYSTEM, NotFound, ValidationFailed
from core.testing.jobs import run_jobs
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("api", "contacts")]
CONTACT = "contacts.contact"


@pytest.fixture
def receiver(installation):
    with Receiver() as made, reachable(installation):
        yield made


def test_a_record_s_life_is_told_in_order_and_verified(installation, env_as, receiver):
    subscribe(installation, receiver, user_id(installation, "sara"))
    with env_as("sara") as env:
        key = env.create(CONTACT, {"last_name": "کریمی", "email": "k@example.com"})
        env.update(CONTACT, key, {"last_name": "رضایی"})
    with env_as("admin") as env:
        env.delete(CONTACT, key)
        env.restore(CONTACT, key)
    run_jobs(installation)
    assert receiver.events() == [f"{CONTACT}.{one}" for one in ("created", "changed", "deleted", "restored")]
    first, second = receiver.got[:2]
    assert first["data"]["id"] == key and first["data"]["fields"]["last_name"] == "رضایی", "it is the record as it is when it is sent"
    assert second["data"]["changed"] and "last_name" in second["data"]["changed"]
    assert len(set(receiver.keys)) == 4


def test_what_is_archived_and_put_back_is_told(installation, env_as, receiver):
    sara = user_id(installation, "sara")
    hook = subscribe(installation, receiver, sara, events=["archived", "unarchived"], condition='last_name == "Yes"')
    with env_as("sara") as env:
        yes, no = env.create(CONTACT, [{"last_name": "Yes"}, {"last_name": "No"}])
        env.archive(CONTACT, [yes, no])
        env.archive(CONTACT, [yes, no])
        env.archive(CONTACT, yes, archived=False)
    run_jobs(installation)
    assert [(g["type"], g["data"]["id"]) for g in receiver.got] == [(f"{CONTACT}.archived", yes), (f"{CONTACT}.unarchived", yes)]
    with env_as("admin") as env:
        env.archive("api.webhook", hook)
    with env_as("sara") as env:
        env.archive(CONTACT, yes)
    run_jobs(installation)
    assert len(deliveries(installation, hook)) == 2, "an archived webhook is told nothing, in any process"


def told(installation, login):
    """The lines about webhooks that a person has at their bell."""
    with installation.env(SYSTEM) as env:
        lines = env.query("base.notification").where('kind == "webhook"').holding("user", [user_id(installation, login)])
        return [(row["text"], row["url"]) for row in lines.order("id").select("text", "url").rows()]


def test_people_are_told_when_it_begins_to_fail_and_when_it_ends(installation, env_as, receiver):
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "boss"), {"extra_sets": ["api.manager"], "language": "fa"})
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    receiver.answers = [503, 503]
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "One"})
    run_jobs(installation)
    first = ("The webhook “Test” does not get through: The answer was 503.", None)
    assert told(installation, "sara") == [first], "and no page that she may not see"
    [(text, url)] = told(installation, "boss")
    assert url == f"/x/api/webhooks/{hook}" and "does not" not in text and "Test" in text
    assert not told(installation, "omid")
    due_now(installation, hook)
    run_jobs(installation)
    assert len(told(installation, "sara")) == 1, "once, not at each attempt"
    receiver.answers = [410]
    due_now(installation, hook)
    run_jobs(installation)
    assert [text for text, _url in told(installation, "sara")][1:] == ["The webhook “Test” was ended by its receiver (410)"]


def test_who_refuses_everything_is_told_of_before_anything_is_parked(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    receiver.answers = [401] * (len(webhook_send.PAUSES) + 1)
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Refused"})
    for _attempt in range(webhook_send.PATIENCE):
        assert not told(installation, "sara")
        run_jobs(installation)
        due_now(installation, hook)
    assert [text for text, _url in told(installation, "sara")] == ["The webhook “Test” does not get through: The answer was 401."]
    for _attempt in range(len(webhook_send.PAUSES)):
        run_jobs(installation)
        due_now(installation, hook)
    assert told(installation, "sara")[1:] == [("The webhook “Test”: 1 event could not be delivered and is parked", None)]
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Taken"})
    run_jobs(installation)
    with installation.env(SYSTEM) as env:
        assert env.get("api.webhook", hook, "health").health == "working"


def test_only_what_its_person_may_see(installation, env_as, receiver):
    omid = user_id(installation, "omid")
    hook = subscribe(installation, receiver, omid)
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Private"})
    run_jobs(installation)
    assert not receiver.tried and not deliveries(installation, hook)
    with env_as("omid") as env:
        key = env.create(CONTACT, {"last_name": "Handed over"})
    with installation.env(SYSTEM) as env:
        env.update(CONTACT, key, {"owner": user_id(installation, "sara")})
    run_jobs(installation)
    assert not receiver.tried, "by the time it was sent, Omid did not see it any more"
    assert [d["state"] for d in deliveries(installation, hook)] == ["skipped"]
    assert deliveries(installation, hook)[0]["request"] is None
    with env_as("omid") as env:
        env.create(CONTACT, {"last_name": "Seen", "email": "seen@example.com"})
    with installation.env(SYSTEM) as env:
        profile = env.get("base.user", omid, "profile").profile.id
        env.update("base.profile", profile, {"field_rights": {CONTACT: {"email": "hidden"}}})
    run_jobs(installation)
    assert receiver.got[0]["data"]["fields"]["last_name"] == "Seen" and "email" not in receiver.got[0]["data"]["fields"]


def test_fields_and_conditions_choose(installation, env_as, receiver):
    sara = user_id(installation, "sara")
    subscribe(installation, receiver, sara, events=["changed"], watched=["email"], condition='last_name == "Yes"', sent=["email"])
    with env_as("sara") as env:
        yes, no = env.create(CONTACT, [{"last_name": "Yes"}, {"last_name": "No"}])
        env.update(CONTACT, [yes, no], {"job_title": "Boss"})
        env.update(CONTACT, [yes, no], {"email": "x@example.com"})
    run_jobs(installation)
    assert [(one["data"]["id"], one["data"]["fields"]) for one in receiver.got] == [(yes, {"email": "x@example.com"})]


def test_a_condition_that_breaks_stops_nobody(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"), condition="1 / (id - id) > 0")
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Works"})
    with installation.env(SYSTEM) as env:
        assert env.query(CONTACT).where('last_name == "Works"').exists()
        assert env.query("api.webhook").with_ids([hook]).exists()
        table = env.registry.record("api.webhook").table
    with installation.engine.begin() as connection:  # as when the field was removed since
        connection.execute(table.update().where(table.c.id == hook).values(condition="gone == 1"))
    with installation.env(SYSTEM) as env:
        env.changed("api.webhooks")
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Works too"})
    [(text, _url)] = told(installation, "sara")
    assert text.startswith("The condition of the webhook “Test” cannot be worked out: ") and "gone" in text


def test_a_roll_back_tells_nothing(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    with contextlib.suppress(ZeroDivisionError), env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Never"})
        raise ZeroDivisionError
    run_jobs(installation)
    assert not receiver.tried and not deliveries(installation, hook)


def test_thousands_of_changes_cost_a_few_statements(installation, env_as, receiver):
    subscribe(installation, receiver, user_id(installation, "sara"))
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "First"})
        with query_budget(installation, 40) as few:
            env.create(CONTACT, [{"last_name": f"A{i}"} for i in range(3)])
        with query_budget(installation, len(few) + 6):
            env.create(CONTACT, [{"last_name": f"B{i}"} for i in range(1500)])
        assert env.query("base.user").exists()
    with installation.env(SYSTEM) as env:
        assert env.query("api.delivery").count(None) == 1504


def test_a_failure_is_tried_again_and_what_follows_waits_for_it(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    receiver.answers = [500, 200, 500]
    with env_as("sara") as env:
        one = env.create(CONTACT, {"last_name": "One"})
        two = env.create(CONTACT, {"last_name": "Two"})
        env.update(CONTACT, one, {"last_name": "One again"})
    with installation.env(SYSTEM) as env:  # one request after the other, so that the answers fall where they should
        env.derive("api.webhook", {hook: {"failures": 1}})
    run_jobs(installation)
    assert [(g["data"]["id"], g["type"].rpartition(".")[2]) for g in receiver.got] == [(two, "created")]
    waiting = [d for d in deliveries(installation, hook) if d["state"] == "waiting"]
    assert [d["attempts"] for d in waiting] == [1, 0] and waiting[0]["status"] == 500 and waiting[0]["answer"] == "No."
    due_now(installation, hook)
    run_jobs(installation)
    due_now(installation, hook)
    run_jobs(installation)
    assert [(g["data"]["id"], g["type"].rpartition(".")[2]) for g in receiver.got[1:]] == [(one, "created"), (one, "changed")]
    assert receiver.tried.count(waiting[0]["key"]) == 3, "the same ID each time"


def test_parked_after_the_last_attempt_and_sent_again(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "sara"), {"language": "tr"})
    receiver.answers = [500] * (len(webhook_send.PAUSES) + 1)
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Stuck"})
    for _attempt in range(len(webhook_send.PAUSES) + 1):
        run_jobs(installation)
        due_now(installation, hook)
    run_jobs(installation)
    [stuck] = deliveries(installation, hook)
    assert stuck["state"] == "parked" and not receiver.got
    assert stuck["problem"] == "Yanıt 500 idi.", "in the language of the webhook's person"
    with env_as("admin") as env:
        assert webhook_replay.parked(env, hook) == 1
    run_jobs(installation)
    assert receiver.keys == [stuck["key"]]
    with env_as("admin") as env:
        assert webhook_replay.since(env, hook, env.now.replace(year=2000)) == 1
    run_jobs(installation)
    assert receiver.keys == [stuck["key"]] * 2
    with env_as("sara") as env, pytest.raises(NotFound):
        webhook_replay.parked(env, hook)


def test_gone_ends_it_and_busy_is_heeded(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    receiver.answers, receiver.headers = [429], {"Retry-After": "7200"}
    with installation.env(SYSTEM) as env:
        env.derive("api.webhook", {hook: {"failures": 1}})
    with env_as("sara") as env:
        env.create(CONTACT, [{"last_name": "Busy"}, {"last_name": "Next"}])
    run_jobs(installation)
    assert len(receiver.tried) == 1, "nothing more is tried at a receiver that is busy"
    with installation.env(SYSTEM) as env:
        row = env.get("api.webhook", hook, "health", "rest_until")
        assert row.health == "failing" and (row.rest_until - env.now).total_seconds() > 7000
    receiver.answers, receiver.headers = [410], {}
    due_now(installation, hook)
    run_jobs(installation)
    with env_as("sara") as env:
        env.create(CONTACT, {"last_name": "Later"})
    run_jobs(installation)
    with installation.env(SYSTEM) as env:
        assert env.get("api.webhook", hook, "health").health == "ended"
        assert len(deliveries(installation, hook)) == 2
        env.update("api.webhook", hook, {"active": False})
        env.update("api.webhook", hook, {"active": True})
        assert env.get("api.webhook", hook, "health").health == "working"


def test_nothing_goes_to_our_own_network(installation, env_as):
    with Receiver() as receiver:
        with reachable(installation):
            hook = subscribe(installation, receiver, user_id(installation, "sara"))
        with env_as("sara") as env:
            env.create(CONTACT, {"last_name": "Inside"})
        run_jobs(installation)
        assert not receiver.tried
        assert "public internet" in deliveries(installation, hook)[0]["problem"]
    for url in ("http://example.com/hook", "https://127.0.0.1/hook", "https://[::1]/hook", "https://user:pw@example.com/", "ftp://x.example"):
        with env_as("admin") as env, pytest.raises(ValidationFailed) as failed:
            env.update("api.webhook", hook, {"url": url})
        assert "url" in failed.value.by_field()


def test_nobody_gives_the_rights_of_others(installation, env_as, receiver):
    boss, admin = user_id(installation, "boss"), user_id(installation, "admin")
    with installation.env(SYSTEM) as env:
        env.update("base.user", boss, {"extra_sets": ["api.manager"]})
    values = {"name": "X", "url": "https://example.com/hook", "record_type": CONTACT, "events": ["created"]}
    with env_as("boss") as env, pytest.raises(ValidationFailed):
        env.create("api.webhook", {**values, "user": admin})
    hook = subscribe(installation, receiver, admin)
    with env_as("boss") as env, pytest.raises(ValidationFailed):
        env.update("api.webhook", hook, {"url": "https://evil.example/"})
    with env_as("boss") as env:
        env.create("api.webhook", {**values, "user": boss})
        assert not env.can("read", "api.webhook", "secret") and not env.can("read", "api.delivery", "request")
    with env_as("sara") as env:
        assert not env.can("read", "api.webhook")


@pytest.mark.parametrize("values", [{"record_type": "no.such"}, {"record_type": "api.webhook"}, {"watched": ["no_such"]},
                                    {"condition": "no_such == 1"}, {"sent": ["no_such"]}, {"actions": ["no_such"]}])
@pytest.mark.database("sqlite")
def test_what_makes_no_sense_is_refused(installation, receiver, values):
    with pytest.raises(ValidationFailed) as failed:
        subscribe(installation, receiver, user_id(installation, "sara"), **values)
    assert set(failed.value.by_field()) == set(values)


@pytest.mark.database("sqlite")
def test_two_secrets_while_they_are_changed(installation, env_as, receiver):
    hook = subscribe(installation, receiver, user_id(installation, "sara"))
    old = receiver.secret
    with env_as("admin") as env:
        new = webhook_rules.renew(env, hook)
    for secret in (old, new):
        receiver.secret = secret
        with env_as("sara") as env:
            env.create(CONTACT, {"last_name": "Signed"})
        run_jobs(installation)
    assert len(receiver.got) == 2 and old != new
