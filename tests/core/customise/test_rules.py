"""Rules and choices that hang on others hold at every door."""

from __future__ import annotations

import json
import re

import pytest

from core.customise import Piece, check_pieces
from core.errors import ValidationFailed
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id

from .conftest import LEAD, field

pytestmark = [pytest.mark.addons("leads")]

PLACES = [
    field("x_country", "choice", options=[{"value": "ir", "labels": {"en": "Iran"}}, {"value": "tr", "labels": {"en": "Turkey"}}]),
    field(
        "x_city",
        "choice",
        options=[{"value": "tehran"}, {"value": "shiraz"}, {"value": "izmir"}],
        depends={"field": "x_country", "allowed": {"ir": ["tehran", "shiraz"], "tr": ["izmir"]}},
    ),
]


def rule(key: str, where: str, *fields: str, record: str = LEAD) -> Piece:
    return Piece(
        "rule", f"{record}|{key}", {"where": where, "message": {"en": f"Broken: {key}", "fa": f"نادرست: {key}"}, "fields": list(fields)}
    )


def test_rules_hold_when_records_are_written(installation: Installation, apply, env_as) -> None:
    apply(
        field("x_a", "integer"),
        field("x_b", "integer"),
        field("x_sum", "formula", expression="x_a + x_b"),
        rule("order", "x_a < x_b", "x_b"),
        rule("sum", "x_sum < 100"),
        rule("owner", 'owner.login != "reza" or x_a < 5', "x_a"),
    )
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "Fits", "x_a": 1, "x_b": 2})
        env.create(LEAD, {"last_name": "Cannot be told", "x_a": 1})
        for values, told in (({"x_a": 3, "x_b": 2}, {"x_b": ["Broken: order"]}), ({"x_a": 60, "x_b": 70}, {None: ["Broken: sum"]})):
            with pytest.raises(ValidationFailed) as caught:
                env.create(LEAD, [{"last_name": "Good", "x_a": 1, "x_b": 2}, {"last_name": "Bad", **values}])
            assert caught.value.by_field(1) == told and {e.index for e in caught.value.errors} == {1}
            with pytest.raises(ValidationFailed):
                env.update(LEAD, key, values)
        reza = user_id(installation, "reza")
        with pytest.raises(ValidationFailed) as caught:
            env.create(LEAD, {"last_name": "Linked", "x_a": 7, "x_b": 9, "owner": reza})
        assert caught.value.by_field() == {"x_a": ["Broken: owner"]}
        env.update(LEAD, key, {"last_name": "What is not touched is not judged"})


def test_a_rule_that_cannot_be_is_refused_with_its_place(installation: Installation, apply) -> None:
    with installation.env(SYSTEM, write=False) as env:
        for where in ("nothing > 1", "last_name", "1 +", "", "count(notes) > 1", "owner.password_hash is null"):
            errors = check_pieces(env, [rule("wrong", where)])
            assert errors and errors[0].field == f"{LEAD}|wrong", where
        assert check_pieces(env, [rule("wrong", "true", "nothing")])
        assert check_pieces(env, [rule("wrong", "true", record="no.such")])


def test_dependent_choices_hold_and_are_told_to_forms(installation: Installation, apply, env_as) -> None:
    apply(*PLACES)
    with env_as("boss") as env:
        key = env.create(LEAD, {"last_name": "A", "x_country": "ir", "x_city": "tehran"})
        for values in ({"x_city": "izmir"}, {"x_country": "tr"}, {"x_country": None}):
            with pytest.raises(ValidationFailed) as caught:
                env.update(LEAD, key, values)
            assert set(caught.value.by_field()) == {"x_city"}
        env.update(LEAD, key, {"x_country": "tr", "x_city": "izmir"})
    visitor = Visitor(installation, user_id(installation, "boss"))
    page = visitor.get(f"/r/{LEAD}/new").get_data(as_text=True)
    told = re.search(r'data-field="x_city"[^>]*data-options-if="([^"]+)"', page)
    assert told and json.loads(told[1].replace("&#34;", '"').replace("&quot;", '"'))["allowed"] == {
        "ir": ["shiraz", "tehran"],
        "tr": ["izmir"],
    }
    answer = visitor.post(f"/r/{LEAD}/new", {"last_name": "B", "x_country": "tr", "x_city": "tehran"})
    assert answer.status_code == 422
    with installation.env(SYSTEM, write=False) as env:
        for depends in (
            {"field": "x_nothing", "allowed": {}},
            {"field": "x_city", "allowed": {}},
            {"field": "x_country", "allowed": {"ir": ["x"]}},
            {"field": "x_country", "allowed": ["ir"]},
        ):
            assert check_pieces(env, [Piece("field", f"{LEAD}.x_city", {**PLACES[1].data, "depends": depends})])
