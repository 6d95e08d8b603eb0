"""What is worked out of records tells nobody about types and fields they may not read, neither its readers nor its maker."""

from __future__ import annotations

from typing import Any

import pytest

from core.customise import Piece, apply_pieces, check_pieces, preview
from core.errors import SarnakhError, ValidationFailed
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id

from .conftest import LEAD, VISIT, field

pytestmark = pytest.mark.addons("leads")
MADE = [*VISIT, field("x_fee", "integer", "x.visit"), field("x_total", "rollup", children="x_visits", operation="sum", expression="x_fee"),
        field("x_twice", "formula", expression="x_visit_count * 2"), field("x_counted", "formula", expression="count(x_visits)"),
        field("x_summed", "formula", expression="sum(x_visits, x_fee) + 0"),
        field("x_whose", "formula", "x.visit", expression="x_lead.last_name")]


def give(installation: Installation, who: str, **profile: Any) -> None:
    """Give somebody a profile of their own."""
    with installation.env(SYSTEM) as env:
        made = env.create("base.profile", {"name": f"Of {who}", "sets": ["base.user", "leads.user"], **profile})
        env.update("base.user", user_id(installation, who), {"profile": made})
        installation.bump(env, "access")


def test_readers_see_no_sums_over_what_they_may_not_read(installation: Installation, apply, env_as) -> None:
    apply(*MADE)
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
        env.create("x.visit", [{"name": "One", "x_lead": lead, "x_fee": 4711}])
        row = env.query(LEAD).with_ids([lead]).select("x_visit_count", "x_total", "x_twice", "x_counted", "x_summed").rows()[0]
        assert list(row.values())[1:] == [1, 4711, 2, 1, 4711]
    give(installation, "sara", field_rights={"x.visit": {"x_fee": "hidden"}})
    with env_as("sara") as env:
        assert env.query(LEAD).with_ids([lead]).select("x_visit_count", "x_twice", "x_counted").rows()[0]["x_twice"] == 2
        _sees_nothing(env, "x_total", "x_summed")
    assert "4711" not in Visitor(installation, user_id(installation, "sara")).get(f"/r/{LEAD}/{lead}").get_data(as_text=True)
    give(installation, "reza", record_rights={"x.visit": {"read": False}})
    with env_as("reza") as env:
        _sees_nothing(env, "x_visit_count", "x_total", "x_twice", "x_counted", "x_summed")
    give(installation, "mina", record_rights={"x.visit": {"read": False}}, field_rights={LEAD: {"x_total": "edit"}})
    with env_as("mina") as env:  # who opens the sum does not open what it is made of
        _sees_nothing(env, "x_total")


def _sees_nothing(env: Any, *names: str) -> None:
    for name in names:
        assert not env.can("read", LEAD, name), name
        for ask in (lambda q, n: q.select(n).rows(), lambda q, n: q.where(f"{n} > 0").ids(), lambda q, n: q.order(n).ids(),
                    lambda q, n: q.aggregate([n]), lambda q, n: q.aggregate([], sums=[n])):
            with pytest.raises(SarnakhError):
                ask(env.query(LEAD), name)


def test_a_formula_reaches_only_records_that_its_reader_reaches(installation: Installation, apply, env_as) -> None:
    apply(*MADE)
    with env_as("boss") as env:
        secret = env.create(LEAD, {"last_name": "Zarrinkelk"})
    with env_as("sara") as env:
        mine = env.create(LEAD, {"last_name": "Karimi"})
        keys = env.create("x.visit", [{"name": "One", "x_lead": mine}, {"name": "Two"}])
    with installation.env(SYSTEM) as env:
        env.update("x.visit", keys[1], {"x_lead": secret})
        env.create("x.visit", {"name": "Three", "x_lead": mine, "x_fee": 5, "owner": user_id(installation, "boss")})
    with env_as("sara") as env:
        assert [row["x_whose"] for row in env.query("x.visit").order("id").select("x_whose").rows()] == ["Karimi", None]
        assert env.query("x.visit").where('x_whose == "Zarrinkelk"').ids() == []
        assert [g["x_whose"] for g in env.query("x.visit").aggregate(["x_whose"]) if g["x_whose"]] == ["Karimi"]
        assert env.query(LEAD).with_ids([mine]).select("x_counted").rows()[0]["x_counted"] == 1  # of two
        assert env.query("x.visit").where("x_lead.x_counted == 1").ids() == [keys[0]]
    with env_as("boss") as env:
        assert [row["x_whose"] for row in env.query("x.visit").order("id").select("x_whose").rows()] == ["Karimi", "Zarrinkelk", "Karimi"]


def test_nobody_builds_what_they_may_not_read(installation: Installation, apply, env_as) -> None:
    apply(*MADE)
    give(installation, "omid", areas=["layouts"], record_rights={"x.visit": {"read": False}})
    wrong = [field("x_new", "rollup", children="x_visits", operation="count"),
             field("x_new", "rollup", children="x_visits", operation="sum", expression="x_fee"),
             field("x_new", "formula", expression="count(x_visits)"), field("x_new", "formula", expression="x_total + 1"),
             field("x_new", "formula", expression="if(any(x_visits, x_fee > 100), 1, 2)"),
             Piece("rule", f"{LEAD}|new", {"where": "x_total < 10", "message": {"en": "No"}}),
             Piece("rule", f"{LEAD}|new", {"where": "x_twice < 10", "message": {"en": "No"}})]
    with env_as("omid", write=False) as env:
        for piece in wrong:
            assert check_pieces(env, [piece]), piece
            if piece.kind == "field":
                with pytest.raises(SarnakhError):
                    preview(env, LEAD, piece.data)
        assert not check_pieces(env, [field("x_new", "formula", expression="upper(last_name)")])
        hidden = [field("x_step", "formula", expression="x_visit_count + 1"), field("x_new", "formula", expression="x_step + 1")]
        assert len(check_pieces(env, hidden)) == 2  # nor in two steps at once
    with pytest.raises(ValidationFailed):
        apply_pieces(installation, installation.load_actor(user_id(installation, "omid")), wrong[:1])
    give(installation, "reza", areas=["layouts"])
    with env_as("reza", write=False) as env:
        assert not check_pieces(env, wrong[:1])
        assert not check_pieces(env, [Piece("record", "x.new", {}), field("x_lead", "link", "x.new", target=LEAD),
                                      field("x_news", "children", target="x.new", by="x_lead"),
                                      field("x_count", "rollup", children="x_news", operation="count")])
