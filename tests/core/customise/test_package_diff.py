"""Three states compared: nothing that people changed is overwritten silently, and what the package says arrives."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.customise.package_diff import ABSENT, base_of, compare, differing, nodes

LEAF = st.integers(0, 3) | st.sampled_from(["a", "b", None, True]) | st.lists(st.integers(0, 2), max_size=2)
DATA = st.recursive(LEAF, lambda inner: st.dictionaries(st.sampled_from("pqr"), inner, max_size=3), max_leaves=6)
ITEMS = st.dictionaries(st.sampled_from(["field a.b.x_1", "field a.b.x_2", "layout a.b|form|installation"]), DATA, max_size=3)


def results(changes: list[Any], here: dict[str, Any]) -> dict[str, Any]:
    """What is here after all changes."""
    made = {**here, **{c.item: c.result for c in changes}}
    return {item: data for item, data in made.items() if data is not ABSENT}


@given(DATA, DATA)
def test_what_differs_is_found_and_nothing_else(one: Any, two: Any) -> None:
    assert not list(differing(one, one))
    assert all(dict(nodes(one)).get(path, ABSENT) == a and dict(nodes(two)).get(path, ABSENT) == b
               for path, a, b in differing(one, two))
    assert list(differing(one, two)) or one == two


@given(ITEMS, ITEMS)
def test_taking_the_package_leaves_nothing_to_do(ours: dict, here: dict) -> None:
    after = results(compare(ours, here, {}, "package"), here)
    assert all({path: v for path, v, now in differing(data, after[item]) if v is not ABSENT} == {} for item, data in ours.items())
    assert not [c for c in compare(ours, after, base_of(ours)) if c.writes or c.open]


@given(ITEMS, ITEMS)
def test_an_untouched_target_follows_every_version_without_clashes(first: dict, second: dict) -> None:
    changes = compare(second, first, base_of(first))
    assert not [c for c in changes if c.clash]
    assert results(changes, first) == second


@given(ITEMS, ITEMS)
def test_the_same_package_again_never_undoes_what_people_changed(ours: dict, here: dict) -> None:
    assert results(compare(ours, here, base_of(ours)), here) == here


@given(ITEMS, ITEMS, ITEMS)
def test_undecided_clashes_leave_the_value_here(before: dict, ours: dict, here: dict) -> None:
    for change in compare(ours, here, base_of(before)):
        for value in change.values:
            if value.state in ("clash", "keep"):
                assert (dict(nodes(change.result)).get(value.path, ABSENT) if change.result is not ABSENT else ABSENT) == value.here


def test_both_changed_the_same_value() -> None:
    base = base_of({"field a.b.x_1": {"labels": {"en": "Code", "fa": "کد"}, "required": False}})
    ours = {"field a.b.x_1": {"labels": {"en": "Number", "fa": "کد"}, "required": True}}
    here = {"field a.b.x_1": {"labels": {"en": "Customer code", "fa": "شماره"}, "required": False}}
    [change] = compare(ours, here, base)
    assert change.open and {v.path: v.state for v in change.values} == {
        ("labels", "en"): "clash", ("labels", "fa"): "keep", ("required",): "take"}
    assert change.result == {"labels": {"en": "Customer code", "fa": "شماره"}, "required": True}
    [change] = compare(ours, here, base, {"field a.b.x_1": "package"})
    assert not change.open and change.result == {"labels": {"en": "Number", "fa": "شماره"}, "required": True}
