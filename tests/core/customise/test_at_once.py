"""Several people, and several processes, change customising at once: nothing is lost, and everybody notices."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import inspect

from core.addons import lifecycle
from core.customise import Piece, apply_pieces, applying, history, revert
from core.errors import Conflict, SarnakhError
from core.installation import Installation
from core.security.actor import SYSTEM

from .conftest import LEAD, VISIT, field

pytestmark = pytest.mark.addons("leads")
CODE = f"{LEAD}.x_code"
HOME = {"shape": "one", "columns": [[]]}


@pytest.fixture
def second(installation: Installation) -> Iterator[Installation]:
    """Another process with the same database."""
    made = Installation.open(installation.settings, "second")
    yield made
    made.close()


def once_before(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, act: Callable[[], object], after: bool = False) -> None:
    """Do something just before (or after) a function is called for the first time."""
    real, left = getattr(place, name), [act]

    def called(*args: Any, **options: Any) -> Any:
        if left and not after:
            left.pop()()
        answer = real(*args, **options)
        if left:
            left.pop()()
        return answer

    monkeypatch.setattr(place, name, called)


def test_what_others_change_before_one_has_switched_over_is_noticed(installation, second, monkeypatch) -> None:
    once_before(monkeypatch, installation, "adopt", lambda: apply_pieces(second, SYSTEM, [field("x_theirs", "text")]))
    apply_pieces(installation, SYSTEM, [field("x_mine", "text")])
    for process in (installation, second):
        assert {"x_mine", "x_theirs"} <= set(process.current().registry.records[LEAD].fields)
    generation = installation.generation
    assert installation.current().generation == generation  # and what is one's own is not made twice


def test_others_that_come_first_are_built_upon(installation, second, monkeypatch) -> None:
    once_before(monkeypatch, applying, "prepare", lambda: apply_pieces(second, SYSTEM, [field("x_theirs", "text")]))
    apply_pieces(installation, SYSTEM, [field("x_mine", "text"), field("x_sum", "formula", expression="upper(x_mine)")])
    assert {"x_mine", "x_sum", "x_theirs"} <= set(installation.registry.records[LEAD].fields)
    assert {"x_mine", "x_theirs"} <= {c["name"] for c in inspect(installation.engine).get_columns("leads_lead")}


def test_who_saw_another_state_is_refused(installation, second) -> None:
    apply_pieces(installation, SYSTEM, [field("x_code", "text")])
    seen = {("field", CODE): installation.registry.customising.rows["field", CODE]}
    apply_pieces(second, SYSTEM, [field("x_code", "text", size=40)])
    with pytest.raises(Conflict):
        apply_pieces(installation, SYSTEM, [field("x_code", "text", search=True)], expected=seen)
    with pytest.raises(Conflict):
        apply_pieces(installation, SYSTEM, [field("x_code", "text")], expected={("field", CODE): None})
    assert installation.current().registry.records[LEAD].fields["x_code"].size == 40


def test_the_way_back_is_refused_when_somebody_was_quicker(installation, second, monkeypatch) -> None:
    apply_pieces(installation, SYSTEM, [field("x_code", "text")])
    batch = apply_pieces(installation, SYSTEM, [field("x_code", "text", size=40)])
    quicker = [field("x_code", "text", size=50)]
    once_before(monkeypatch, sys.modules["core.customise.history"], "run", lambda: apply_pieces(second, SYSTEM, quicker))
    with pytest.raises(Conflict):
        revert(installation, SYSTEM, batch)
    assert installation.current().registry.records[LEAD].fields["x_code"].size == 50


def test_enabling_an_addon_does_not_undo_what_came_meanwhile(installation, second, monkeypatch) -> None:
    lifecycle.disable(installation, "leads")
    mine = field("x_code", "text", "contacts.contact", index=True)
    once_before(monkeypatch, installation, "compile", lambda: apply_pieces(second, SYSTEM, [mine]), after=True)
    assert lifecycle.enable(installation, ["leads"]) == ["leads"]
    for process in (installation, second):
        assert "x_code" in process.current().registry.records["contacts.contact"].fields and LEAD in process.registry.records
    assert "ix_contacts_contact_x_code" in {i["name"] for i in inspect(installation.engine).get_indexes("contacts_contact")}
    once_before(monkeypatch, installation, "compile", lambda: lifecycle.disable(second, "leads"), after=True)
    with pytest.raises(SarnakhError):
        lifecycle.disable(installation, "leads")
    assert LEAD not in installation.current().registry.records


@pytest.mark.database("postgresql")
def test_two_who_arrange_the_same_take_turns(installation: Installation) -> None:
    said: list[str] = []

    def other() -> None:
        try:
            with installation.env(SYSTEM) as env:
                lifecycle.change_customising(env, "home", "installation", {"shape": "two", "columns": [[], []]}, expected=None)
            said.append("stored")
        except Conflict:
            said.append("refused")

    thread = threading.Thread(target=other)
    with installation.env(SYSTEM) as env:
        lifecycle.change_customising(env, "home", "installation", HOME, expected=None)
        thread.start()
        thread.join(0.5)
        assert not said
    thread.join(20)
    assert said == ["refused"] and installation.current().registry.customising.of("home")["installation"] == HOME


def test_history_has_one_row_for_each_piece(installation: Installation) -> None:
    batch = apply_pieces(installation, SYSTEM, [*VISIT, field("x_a", "text"), field("x_a", "text", size=9)])
    with installation.env(SYSTEM, write=False) as env:
        rows = history(env, batch=batch)
        assert sorted((r.kind, r.target) for r in rows) == sorted({p.key for p in VISIT} | {("field", f"{LEAD}.x_a")})
        assert all(r.before is None and r.after for r in rows)
    again = apply_pieces(installation, SYSTEM, [*VISIT, Piece("field", f"{LEAD}.x_a", None)])
    with installation.env(SYSTEM, write=False) as env:
        assert [(r.target, r.after) for r in history(env, batch=again)] == [(f"{LEAD}.x_a", None)]
