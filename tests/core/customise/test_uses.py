"""Where a field or record type is used: whole words only, in customising, in records of the configuration, and over lists."""

from __future__ import annotations

import json

import pytest

from core.customise import Piece, check_pieces, packages, uses_of
from core.customise.words import Word, speaks_of_own
from core.installation import Installation

from .conftest import LEAD, VISIT, field

pytestmark = [pytest.mark.addons("leads"), pytest.mark.database("sqlite")]


def test_a_longer_name_is_no_use_of_a_shorter_one(installation: Installation, apply, env_as) -> None:
    apply(field("x_a", "text"), field("x_ab", "text"), field("x_loud", "formula", expression="upper(x_ab)"),
          field("x_mate", "link", target=LEAD), field("x_far", "formula", expression="x_mate.x_ab"),
          Piece("rule", f"{LEAD}|ab", {"where": "length(x_ab) < 9", "message": {"en": "Not\nx_ab"}}))
    with env_as("boss") as env:
        env.create("base.view", {"name": "Of ab", "record_type": LEAD, "settings": {"columns": ["x_ab"]}})
    with env_as("admin") as env:
        assert uses_of(env, "field", f"{LEAD}.x_a") == [] and check_pieces(env, [Piece("field", f"{LEAD}.x_a", None)]) == []
        said = " ".join(env.t(one) for one in uses_of(env, "field", f"{LEAD}.x_ab"))
        assert all(word in said for word in ("x_loud", "x_far", "|ab", "Of ab")) and "x_mate" not in said
        env.create("base.view", {"name": "Of a", "record_type": LEAD, "settings": {
            "criteria": json.dumps({"op": "==", "left": {"field": ["x_a"]}, "right": {"text": "k"}})}})
        assert [env.t(one) for one in uses_of(env, "field", f"{LEAD}.x_a")] == ["View: Of a"]


def test_roll_ups_use_fields_of_the_children_and_types_of_them(installation: Installation, apply, env_as) -> None:
    apply(*VISIT, field("x_fee", "integer", "x.visit"), field("x_fee_max", "integer", "x.visit"),
          field("x_total", "rollup", children="x_visits", operation="sum", expression="x_fee"))
    with env_as("admin") as env:
        said = " ".join(env.t(one) for one in uses_of(env, "field", "x.visit.x_fee"))
        assert "x_total" in said and check_pieces(env, [Piece("field", "x.visit.x_fee", None)])
        assert uses_of(env, "field", "x.visit.x_fee_max") == []
        assert "x_visits" in " ".join(env.t(one) for one in uses_of(env, "record", "x.visit"))
        known = {part.item: part.data for part in packages.parts(env)}
        needed = packages.needed_along(env, known, [f"field {LEAD}.x_total"])
        assert {f"field {LEAD}.x_visits", "field x.visit.x_fee", "record x.visit", "field x.visit.x_lead"} <= needed
        assert "field x.visit.x_fee_max" not in needed


@pytest.mark.parametrize(("data", "found"), [
    ({"columns": ["max_discount"]}, False), ({"columns": ["x_a"]}, True), ({"right": "leads.lead.x_a"}, True),
    ({"record": "x.visit"}, True), ("x.", False), ({"x_": 1}, False), ({"tax_1": "box.a"}, False)])
def test_own_names_are_told_from_others(data, found) -> None:
    assert speaks_of_own(data) is found


def test_words_have_borders() -> None:
    word = Word("field", "leads.lead.x_a")
    assert word.meant_by("leads.lead|rule", {"where": "x_a"}) and not word.meant_by("leads.lead|rule", {"where": "x_ab y.xx_a"})
    assert word.meant_by("x.visit.x_f", {"expression": "x_lead.x_a"}) and not word.meant_by("x.visit.x_f", {"expression": "x_a"})
    assert word.meant_by("x.visit|form|installation", {"visible": {"field": ["x_lead", "x_a"]}})
    assert not Word("record", "x.vis").meant_by("x.visit.x_f", {"target": "x.visit"})
