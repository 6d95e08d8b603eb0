"""Who reaches which ticket: nobody's tickets are for the people of their queue, held ones for whoever holds them."""

from __future__ import annotations

from typing import Any

import pytest

from core.api import AccessDenied, NotFound

pytestmark = [pytest.mark.addons("tickets")]
TICKET = "tickets.ticket"


def make(env: Any, desk: dict[str, Any], **values: Any) -> int:
    return env.create(TICKET, {"subject": "It does not print", "requester_email": "a@b.example", **values})  # type: ignore[no-any-return]


@pytest.mark.parametrize(("queue", "sees"), [("billing", {"sara", "mina"}), ("support", {"sara", "reza", "omid", "mina"}),
                                             (None, {"sara", "reza", "omid", "mina"})])
def test_nobodys_ticket_is_for_the_people_of_its_queue(installation: Any, env_as: Any, desk: dict[str, Any], queue: str | None,
                                                       sees: set[str]) -> None:
    with env_as("admin") as env:
        key = make(env, desk, queue=queue and desk[queue])
        assert env.get(TICKET, key, "owner").owner is None
    for name in ("sara", "reza", "omid", "mina", "nobody"):
        with env_as(name) as env:
            assert env.query(TICKET).exists() is (name in sees), name
            assert (env.allowed_ids("update", TICKET, [key]) == {key}) is (name in sees), name


def test_a_taken_ticket_leaves_the_others(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("reza") as env:
        key = make(env, desk, queue=desk["support"])
        env.run_action(TICKET, "take", [key])
        assert env.get(TICKET, key, "owner").owner.id == desk["reza"]
    with env_as("omid") as env:
        with pytest.raises(NotFound):
            env.get(TICKET, key, "subject")
        with pytest.raises(NotFound):
            env.update(TICKET, [key], {"owner": desk["omid"]})
    with env_as("reza") as env:
        env.run_action(TICKET, "give_back", [key])
    with env_as("omid") as env:
        assert env.get(TICKET, key, "owner").owner is None


def test_other_types_still_need_an_owner(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("admin") as env, pytest.raises(Exception, match=r"."):
        env.create("contacts.account", {"name": "X", "owner": None})


def test_a_note_never_becomes_a_reply(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk)
        note = env.create("tickets.message", {"ticket": key, "kind": "internal", "body": "<p>He is difficult</p>"})
        with pytest.raises(AccessDenied):
            env.update("tickets.message", [note], {"kind": "public"})
    with env_as("admin") as env:
        with pytest.raises(AccessDenied):
            env.update("tickets.message", [note], {"kind": "public"})
        with env.elevated("test") as sudo, pytest.raises(AccessDenied):
            sudo.update("tickets.message", [note], {"kind": "public"})


def test_status_moves_the_state(env_as: Any, desk: dict[str, Any]) -> None:
    with env_as("sara") as env:
        key = make(env, desk, requester=desk["contact"])
        made = env.get(TICKET, key, "state", "account", "number", "resolved_at")
        assert (made.state, made.account.id, made.number) == ("open", desk["account"], "T-00001")
        done = env.query("tickets.status").where('category == "resolved"').ids()[0]
        env.update(TICKET, [key], {"status": done})
        assert env.get(TICKET, key, "state", "resolved_at").resolved_at is not None
        with env.elevated("the customer writes") as sudo:
            sudo.create("tickets.message", {"ticket": key, "kind": "public", "direction": "in", "body": "<p>Not solved</p>"})
        again = env.get(TICKET, key, "state", "resolved_at", "reopened", "last_from")
        assert (again.state, again.resolved_at, again.reopened, again.last_from) == ("open", None, 1, "in")
