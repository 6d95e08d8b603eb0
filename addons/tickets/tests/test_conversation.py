"""Conversations: what customers send finds its ticket, notes stay inside, merges and splits have a way back, one rating."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any

import pytest

from addons.base import webguard
from addons.tickets import conversation, merging, rating, receiving, webform
from addons.tickets.tests.test_ticket_access import make
from core.api import SYSTEM, AccessDenied, NotFound, SarnakhError, ValidationFailed
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("tickets")]
TICKET, MESSAGE = "tickets.ticket", "tickets.message"
SECRET = "He never pays"  # noqa: S105 - what no customer may read


def receive(env: Any, sender: str = "nima@pars.example", subject: str = "It smokes", body: str = "The printer smokes.", **more: Any) -> Any:
    return receiving.receive(env, sender, subject, body, **more)


def test_the_requester_is_found_and_the_message_taken_in_once(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("admin") as env:
        first = receive(env, message_id="<1@pars.example>")
        again = receive(env, message_id="<1@pars.example>")
        assert (first.ticket, first.message, first.new) == (again.ticket, again.message, True)
        ticket = env.get(TICKET, first.ticket, "requester", "account", "owner", "channel", "last_from")
        assert (ticket.requester.id, ticket.account.id, ticket.owner, ticket.channel, ticket.last_from) == (
            desk["contact"], desk["account"], None, "email", "in")
        stranger = receive(env, "who@else.example")
        assert env.get(TICKET, stranger.ticket, "requester", "requester_email").requester_email == "who@else.example"


def test_a_number_alone_opens_a_ticket_only_to_those_who_take_part(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("admin") as env:
        first = receive(env)
        number = env.get(TICKET, first.ticket, "number").number
        assert receive(env, subject=f"Re: [{number}] It smokes").ticket == first.ticket
        assert receive(env, "thief@else.example", f"Re: [{number}] It smokes").ticket != first.ticket
        with env.elevated("test") as sudo:
            key = receiving.reply_key(sudo.get(TICKET, first.ticket, "token"))
        assert receive(env, "colleague@else.example", "Re: It smokes", references=[f"support+{key}@us.example"]).ticket == first.ticket
        forged = key[:-1] + ("A" if key[-1] != "A" else "B")
        assert receive(env, "thief@else.example", "x", references=[forged]).ticket != first.ticket


def test_a_reply_opens_again_within_the_window_and_later_makes_a_linked_one(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("admin") as env:
        first = receive(env)
        number = env.get(TICKET, first.ticket, "number").number
        closed = env.query("tickets.status").where('category == "closed"').ids()[0]
        env.update(TICKET, first.ticket, {"status": closed})
        assert receive(env, subject=number).ticket == first.ticket
        assert env.get(TICKET, first.ticket, "state").state == "open"
        env.update(TICKET, first.ticket, {"status": closed})
        with env.elevated("test") as sudo:
            sudo.update(TICKET, first.ticket, {"closed_at": env.now - dt.timedelta(days=15)})
        later = receive(env, subject=number)
        assert later.new and later.ticket != first.ticket
        assert env.get(TICKET, later.ticket, "continues").continues.id == first.ticket


def test_what_customers_read_holds_no_note(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk, requester=desk["contact"])
        env.create(MESSAGE, {"ticket": key, "kind": "internal", "body": f"<p>{SECRET}</p>"})
        reply = conversation.say(env, key, "public", "Dear Nima,\n\nsee https://us.example/help.")
        note = conversation.say(env, key, "internal", SECRET)
        seen = conversation.for_customer(env, key)
        assert [m["id"] for m in seen] == [reply]
        assert SECRET not in str(seen) and 'href="https://us.example/help"' in seen[0]["body"]
        assert conversation.public_message(env, reply).body
        with pytest.raises(NotFound):
            conversation.public_message(env, note)
        with pytest.raises(ValidationFailed):
            conversation.say(env, key, "both", "x")


def test_who_may_not_change_a_ticket_says_nothing_in_it(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk, owner=desk["sara"])
    with env_as("omid") as env, pytest.raises((NotFound, SarnakhError)):
        conversation.say(env, key, "public", "Free for you")


def test_merge_split_and_their_ways_back(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("mina") as env:
        one, two = make(env, desk), make(env, desk)
        conversation.say(env, one, "public", "first")
        second = conversation.say(env, two, "public", "second")
        merging.merge(env, one, [two])
        assert second in [m["id"] for m in conversation.thread(env, one)[0]]
        merged = env.get(TICKET, two, "state", "merged_into")
        assert (merged.state, merged.merged_into.id) == ("closed", one)
        number = env.get(TICKET, two, "number").number
        assert receive(env, "a@b.example", number).ticket == one
        with pytest.raises(SarnakhError):
            merging.merge(env, two, [one])
        merging.unmerge(env, two)
        assert second in [m["id"] for m in conversation.thread(env, two)[0]]
        assert env.get(TICKET, two, "state", "merged_into").merged_into is None
        third = merging.split(env, two, [second], "Something else")
        assert [m["id"] for m in conversation.thread(env, third)[0]][0] == second
        assert env.get(TICKET, third, "subject", "split_from").split_from.id == two


def test_merging_needs_the_right_to_all_of_them(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        hers = make(env, desk, owner=desk["sara"])
    with env_as("reza") as env:
        mine = make(env, desk, owner=desk["reza"])
        with pytest.raises(SarnakhError):
            merging.merge(env, mine, [hers])
    with env_as("sara") as env:
        assert env.get(TICKET, hers, "merged_into").merged_into is None


def test_the_customer_rates_once_by_a_link_of_their_own(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk, language="fa")
        conversation.say(env, key, "internal", SECRET)
        text = rating.link(env, key).rpartition("/")[2]
    stranger = Visitor(installation, None)
    page = stranger.get(f"/x/tickets/rate/{text}")
    assert page.status_code == 200 and SECRET not in page.text and 'lang="fa"' in page.text
    assert stranger.post(f"/x/tickets/rate/{text}", {"score": "9"}).status_code == 200
    assert "data-thanks" in stranger.post(f"/x/tickets/rate/{text}", {"score": "5", "comment": "Quick"}).text
    stranger.post(f"/x/tickets/rate/{text}", {"score": "1", "comment": "Changed my mind"})
    assert stranger.get("/x/tickets/rate/nonsense").status_code == 404
    with env_as("sara") as env:
        found = env.get(TICKET, key, "satisfaction", "satisfaction_comment")
        assert (found.satisfaction, found.satisfaction_comment) == (5, "Quick")


def test_a_web_form_makes_a_ticket_of_its_own(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("mina") as env:
        form = env.create("tickets.web_form", {"name": "Help", "queue": desk["billing"]})
        token = env.get("tickets.web_form", form, "token").token
    with installation.env(SYSTEM) as env:
        row = webguard.find(env, webform.FORM, token)
        stamp = webguard.make_stamp(env, row)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=10)
    values = {"requester_name": "Nima", "requester_email": "nima@pars.example", "subject": "T-00001 broken", "description": "Help!"}
    with installation.env(SYSTEM, now=later) as env:
        answer = webguard.submit(env, webform.Tickets(), row, {**values, "stamp": stamp}, "10.0.0.1", nullcontext)
        assert answer.state == "thanks" and answer.made
        ticket = env.get(TICKET, answer.made, "queue", "channel", "requester", "last_from")
        assert (ticket.queue.id, ticket.channel, ticket.requester.id, ticket.last_from) == (desk["billing"], "web", desk["contact"], "in")
        trapped = webguard.submit(env, webform.Tickets(), row, {**values, "stamp": webguard.make_stamp(env, row), "homepage_url": "x"},
                                  "10.0.0.1", nullcontext)
        assert trapped.state == "thanks" and trapped.made is None
    assert Visitor(installation, None).get(f"/x/tickets/form/{token}").status_code == 200


def test_desk_pages(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk, owner=desk["sara"], requester=desk["contact"])
        hidden = env.create("tickets.canned", {"name": "Hello", "body": "Dear {{requester.first_name}}, about {{number}}: {{ 7*7 }}"})
        with pytest.raises(ValidationFailed):
            env.create("tickets.canned", {"name": "Token", "body": "{{token}}"})
    with pytest.raises(AccessDenied), env_as("sara") as env:
        env.create("tickets.canned", {"name": "For all", "body": "Hello", "user": None})
    sara = Visitor(installation, user_id(installation, "sara"))
    page = sara.get(f"/x/tickets/desk?t={key}")
    assert page.status_code == 200 and "composer-public" in page.text and "composer-internal" in page.text
    assert sara.get(f"/x/tickets/desk/{key}/canned/{hidden}").json == {"text": "Dear Nima, about T-00001: {{ 7*7 }}"}
    sara.post(f"/x/tickets/desk/{key}/say", {"kind": "internal", "body": SECRET})
    sara.post(f"/x/tickets/desk/{key}/say", {"kind": "public", "body": "Hello"})
    with env_as("sara") as env:
        kinds = [(m["kind"], m["direction"]) for m in conversation.thread(env, key)[0]]
        assert kinds == [("internal", None), ("public", "out")]
    other = Visitor(installation, user_id(installation, "omid"))
    assert other.get(f"/x/tickets/desk?t={key}").status_code == 404
    assert other.post(f"/x/tickets/desk/{key}/say", {"kind": "public", "body": "Hello"}).status_code == 404
    assert other.get(f"/x/tickets/desk/{key}/canned/{hidden}").status_code == 404
    sara.post("/x/tickets/mass", {"ids": str(key), "kind": "internal", "body": "About {{number}}", "go": "1"})
    with env_as("sara") as env:
        assert "About T-00001" in conversation.thread(env, key)[0][-1]["body"]


def test_whoever_watches_a_ticket_is_told_what_is_said(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("admin") as env:
        key = make(env, desk, queue=desk["billing"])
    mina = Visitor(installation, desk["mina"])
    place = f"/x/tickets/desk?v=live&t={key}"
    assert ">Watch<" in mina.get(place).text
    assert mina.post(f"/r/{TICKET}/{key}/follow", {"next": place}).headers["Location"].endswith(place)
    assert "Stop watching" in mina.get(place).text
    with env_as("sara") as env:
        conversation.say(env, key, "internal", "She called")
    with env_as("mina") as env:
        assert [n["kind"] for n in env.query("base.notification").select("kind").rows()] == ["ticket.message"]


def test_the_desk_costs_the_same_for_ten_tickets_and_for_a_hundred(installation: Any, env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk, owner=desk["sara"], requester=desk["contact"])
    sara = Visitor(installation, user_id(installation, "sara"))
    for path in ("/x/tickets/desk", f"/x/tickets/desk?t={key}"):
        sara.get(path)
    used = [_statements(installation, sara, key)]
    with env_as("sara") as env:
        more = env.create(TICKET, [{"subject": f"No {i}", "requester": desk["contact"], "owner": desk["sara"]} for i in range(100)])
        env.create(MESSAGE, [{"ticket": t, "kind": "internal", "body": "<p>x</p>"} for t in (key, *more)])
        conversation.say_to_all(env, [key] * 1 + more[:20], "public", "Hello")
    used.append(_statements(installation, sara, key))
    assert used[1][0] <= used[0][0] + 1 and used[1][1] <= used[0][1] + 4  # files and mentions of messages are read once there are any
    assert used[1][1] <= 40


def _statements(installation: Any, who: Visitor, key: int) -> list[int]:
    found = []
    for path in ("/x/tickets/desk", f"/x/tickets/desk?t={key}"):
        with query_budget(installation, 60) as counted:
            assert who.get(path).status_code == 200
        found.append(len(counted))
    return found
