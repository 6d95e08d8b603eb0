"""Pieces that several tests make, and a second installation beside the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.customise import Piece, apply_pieces
from core.installation import Installation
from core.testing.plugin import Templates, shipped_addons, user_id

LEAD = "leads.lead"


def field(name: str, type_: str, record: str = LEAD, **data: Any) -> Piece:
    """A piece for a field."""
    return Piece("field", f"{record}.{name}", {"type": type_, "labels": {"en": name.removeprefix("x_").capitalize()}, **data})


VISIT = [
    Piece("record", "x_visit", {"labels": {"en": "Visit", "fa": "بازدید", "tr": "Ziyaret"}, "plurals": {"en": "Visits"}, "icon": "geo-alt",
                                "traits": ["owned", "noted"], "status": "x_state", "dates": {"start": "x_day", "end": ""},
                                "match": [["x_phone"]], "number": "V-{year}-{number:04}"}),
    field("x_state", "choice", "x.visit", options=[{"value": "open", "labels": {"en": "Open", "fa": "باز"}, "colour": "blue"},
                                                   {"value": "done", "labels": {"en": "Done"}, "colour": "green"}],
          default={"constant": "open"}),
    field("x_day", "date", "x.visit"), field("x_phone", "phone", "x.visit", search=True),
    field("x_lead", "link", "x.visit", target=LEAD),
    field("x_visits", "children", target="x.visit", by="x_lead"),
    field("x_visit_count", "rollup", children="x_visits", operation="count"),
]


@pytest.fixture
def apply(installation: Installation) -> Callable[..., str]:
    """Applies pieces as the super-administrator, or as somebody else."""
    def run(*pieces: Piece, as_: str = "admin", note: str = "") -> str:
        actor = installation.load_actor(user_id(installation, as_))
        return apply_pieces(installation, actor, list(pieces), note=note)
    return run


@pytest.fixture
def other(database: str, templates: Templates, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """Another installation with the same addons and people."""
    mark = request.node.get_closest_marker("addons")
    loan = templates.lend(database, tuple(mark.args) if mark else shipped_addons())
    yield loan.inst
    templates.take_back(loan)
