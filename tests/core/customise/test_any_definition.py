"""Whatever a definition says: it is refused with a message, or it compiles, migrates, keeps a value, and comes back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.customise import Piece, apply_pieces, check_pieces, revert
from core.errors import ValidationFailed
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.factories import make

from .conftest import LEAD

words = st.dictionaries(st.sampled_from(["en", "fa", "tr"]), st.text(max_size=20), max_size=3)
flags = st.booleans()
options = st.lists(
    st.fixed_dictionaries({"value": st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True)}, optional={"labels": words, "active": flags}),
    min_size=1,
    max_size=4,
)
VALUES = {
    "text": "سلام",
    "longtext": "a\nb",
    "richtext": "<p>a</p>",
    "integer": 7,
    "flag": True,
    "date": dt.date(2026, 3, 21),
    "email": "a@b.example",
    "url": "https://a.example",
    "phone": "+989121234567",
    "duration": dt.timedelta(hours=2),
}
definitions = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            [*VALUES, "choice", "multichoice", "decimal", "money", "percent", "datetime", "link", "many", "tags", "formula"]
        )
    },
    optional={
        "labels": words,
        "help": words,
        "required": flags,
        "unique": flags,
        "index": flags,
        "search": flags,
        "tracked": flags,
        "copyable": flags,
        "sensitive": flags,
        "size": st.integers(-5, 5000),
        "digits": st.integers(-2, 9),
        "options": options,
        "minimum": st.integers(-10, 10),
        "maximum": st.integers(-10, 10),
        "target": st.sampled_from([LEAD, "base.user", "no.such"]),
        "expression": st.sampled_from(["last_name", "1 + 2", "today()", "nothing", "created_at", "owner", "owner.name"]),
        "default": st.sampled_from([{"constant": "a"}, {"constant": 7}, {"expression": "today()"}, {"expression": '"a"'}, {}, None]),
    },
)


def _usable(data: dict) -> dict:
    """Without the keys that the type does not have: half of the time, so that many definitions get through."""
    from core.registry.own.fields import MAKERS

    return {key: value for key, value in data.items() if key in MAKERS[data["type"]][1] and value is not None}


@pytest.mark.addons("leads")
@pytest.mark.database("sqlite")
def test_any_definition(installation: Installation) -> None:
    number = 0

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(definitions, flags)
    def holds(given_data: dict, tidy: bool) -> None:
        nonlocal number
        number += 1
        data = _usable(given_data) if tidy else given_data
        target = f"{LEAD}.x_f{number}"
        piece = Piece("field", target, data)
        with installation.env(SYSTEM, write=False) as env:
            errors = check_pieces(env, [piece])
            assert all(env.t(error.message) for error in errors)
            before = dict(env.registry.customising.rows)
        if errors:
            return
        batch = apply_pieces(installation, SYSTEM, [piece])
        name = target.rpartition(".")[2]
        value = VALUES.get(data["type"])
        with installation.env(SYSTEM) as env:
            try:
                key = make(env, LEAD, "Any")
            except ValidationFailed:
                assert data.get("required"), "what a new lead may do without"
                key = None
            if key is None:
                value = None
            elif value is not None and "size" not in data and "minimum" not in data and "maximum" not in data:
                env.update(LEAD, key, {name: value})
                assert env.get(LEAD, key, name)[name] == value
            else:
                value = env.query(LEAD).with_ids([key]).select(name).rows()[0][name]
        off = apply_pieces(installation, SYSTEM, [Piece("field", target, {**data, "active": False})])
        assert name not in installation.registry.records[LEAD].fields
        revert(installation, SYSTEM, off)
        with installation.env(SYSTEM) as env:
            if key is not None:
                assert env.query(LEAD).with_ids([key]).select(name).rows()[0][name] == value
                env.purge(LEAD, [key]) if env.delete(LEAD, key) else None
        revert(installation, SYSTEM, batch)
        assert installation.registry.customising.rows == before

    holds()
