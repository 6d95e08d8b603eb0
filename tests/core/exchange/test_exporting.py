"""Exporting through the engine: rights, filters, languages, and that what goes out comes in again as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.env import Env
from core.errors import AccessDenied, ExpressionError
from core.exchange import exporting, importing
from core.exchange.detect import open_table
from core.exchange.exporting import Wanted
from core.exchange.plan import Options
from core.exchange.running import run
from core.expressions import F

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
ORDER = "shop.order"
FIELDS = ("name", "shop", "status", "colours", "amount", "weight", "pieces", "urgent", "due", "sent_at", "effort", "email",
          "phone", "site", "story", "memo", "secret", "helpers", "tags")


def text_of(env: Env, wanted: Wanted) -> str:
    return b"".join(exporting.pieces(env, wanted)).decode("utf-8-sig")


def test_filters_columns_order_and_language(env_as: Any) -> None:
    with env_as("sara") as env:
        shop = env.create("shop.shop", {"name": "Bazaar", "town": "Tabriz"})
        env.create(ORDER, [{"name": "b", "amount": "1.50", "shop": shop}, {"name": "a", "status": "sent", "urgent": True},
                           {"name": "c"}])
        query = env.query(ORDER).where(F.name != "c").order("name")
        lines = text_of(env, Wanted.of(query, ["name", "status", "amount", "shop", "shop.town", "urgent"])).splitlines()
        assert lines == ["Name,Status,Amount,Shop,Shop / Town,Urgent", "a,Sent,,,,yes", "b,New,1.5,Bazaar,Tabriz,no"]
        again = Wanted(**Wanted.of(query, ["name"]).data())
        assert text_of(env, again).splitlines() == ["Name", "a", "b"]


def test_only_what_one_may_see_and_export(env_as: Any) -> None:
    with env_as("reza") as env:
        env.create(ORDER, {"name": "private"})
    with env_as("sara") as env:
        env.create(ORDER, {"name": "=cmd()", "memo": "+a"})
        assert text_of(env, Wanted.of(env.query(ORDER), ["name", "memo"])).splitlines() == ["Name,Memo", "'=cmd(),'+a"]
        for path in ("margin", "lines", "owner.password_hash", "owner.is_super", "nothing", "name.x"):
            with pytest.raises(ExpressionError):
                text_of(env, Wanted(ORDER, [path]))
    with env_as("nobody") as env, pytest.raises(AccessDenied):
        text_of(env, Wanted(ORDER, ["name"]))


def test_a_workbook_and_the_persons_calendar(env_as: Any, tmp_path: Path) -> None:
    with env_as("sara") as env:
        env.create(ORDER, {"name": "one", "due": "2026-11-23", "amount": "12345678901234.5678"})
        assert exporting.to_file(env, Wanted(ORDER, ["name", "due", "amount"], "xlsx"), tmp_path / "x.xlsx") == 1
        with open_table(tmp_path / "x.xlsx") as table:
            assert table.sample() == [["one", dt.datetime(2026, 11, 23), "12345678901234.5678"]] or \
                table.sample() == [["one", dt.date(2026, 11, 23), "12345678901234.5678"]]
        object.__setattr__(env.actor, "calendar", "jalali")
        assert "1405/09/02" in text_of(env, Wanted(ORDER, ["due"]))
        assert "2026-11-23" in text_of(env, Wanted(ORDER, ["due"], dates="iso"))


def cleaned(**options: Any) -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30, **options)


def amounts(places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(-10**9 if places > 4 else 0, 10**9, places=places, allow_nan=False, allow_infinity=False)


VALUES = st.fixed_dictionaries({"name": cleaned()}, optional={
    "status": st.sampled_from(["new", "sent", "paid"]), "colours": st.lists(st.sampled_from(["red", "blue"]), unique=True),
    "amount": amounts(4), "weight": amounts(6), "pieces": st.integers(-2**62, 2**62), "urgent": st.booleans(),
    "due": st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1)),
    "sent_at": st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=dt.UTC)),
    "effort": st.integers(0, 10**6).map(lambda s: dt.timedelta(seconds=s)),
    "email": st.from_regex(r"[a-z][a-z0-9]{0,8}@[a-z]{2,6}\.com", fullmatch=True),
    "phone": st.from_regex(r"\+98912[1-9][0-9]{6}", fullmatch=True),
    "site": st.from_regex(r"https://[a-z]{2,8}\.com/[a-z0-9]{0,5}", fullmatch=True),
    "memo": st.text(st.characters(exclude_categories=["Cs"]), max_size=60), "secret": cleaned(),
    "story": cleaned(),
    "tags": st.lists(st.text("abc ;,\"|'=#؛", min_size=1, max_size=6), max_size=3),
    "shop": st.text("xyz -'=", min_size=1, max_size=5).map(lambda text: text + "x")})


def prepared(env: Env, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows with their links created, one record a name."""
    for record, name in (("shop.shop", "shop"), ("base.tag", "tags")):
        for row in rows:
            texts = [row[name]] if isinstance(row.get(name), str) else row.get(name, [])
            keys = []
            for text in texts:
                plain = text.strip().lstrip("#") if name == "tags" else text.strip()
                if not plain.strip():
                    continue
                found = env.query(record).where(F.name == plain.strip()).ids()
                keys.append(found[0] if found else env.create(record, {"name": plain}))
            row[name] = (keys[0] if keys else None) if name == "shop" else list(dict.fromkeys(keys))
    yield from rows


def content(env: Env) -> list[tuple[Any, ...]]:
    found = env.query(ORDER).order("id").select(*FIELDS).rows()
    return [tuple(row[name] for name in FIELDS) for row in found]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_as_it_was(env_as: Any, installation: Any, tmp_path: Path, form: str) -> None:
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
              phases=[Phase.generate])
    @given(st.lists(VALUES, min_size=1, max_size=5), st.sampled_from(["iso", "own"]))
    def round_trip(rows: list[dict[str, Any]], dates: str) -> None:
        with env_as("admin") as env:
            env.purge(ORDER, _binned(env))
            try:
                env.create(ORDER, list(prepared(env, rows)))
            except Exception:  # noqa: BLE001 - texts of which nothing is left are no examples
                env.connection.rollback()
                return
            before = content(env)
            path = tmp_path / f"x.{form}"
            count = exporting.to_file(env, Wanted.of(env.query(ORDER).order("id"), FIELDS, form, dates), path)
            assert count == len(before)
            env.purge(ORDER, _binned(env))
            with path.open("rb") as stream:
                key = importing.receive(env, ORDER, path.name, importing.file_chunks(stream))
            importing.set_mapping(env, key, dict(enumerate(FIELDS)))
            importing.set_options(env, key, Options("create", date_order="YMD"))
            importing.start(env, key, background=False)
            done = run(env, key, lambda _plan: env.commit())
            assert done.counts["rejected"] == 0, [(r.cells, r.reasons) for r in _aside(env, key)]
            different = [(name, old, new) for one, two in zip(before, content(env), strict=True)
                         for name, old, new in zip(FIELDS, one, two, strict=True) if old != new]
            assert not different, different
    round_trip()


def _binned(env: Env) -> list[int]:
    ids = env.query(ORDER).archived(None).ids()
    env.delete(ORDER, ids)
    return env.query(ORDER).archived(None).deleted().ids()


def _aside(env: Env, key: int) -> Any:
    from core.exchange import plan  # noqa: PLC0415
    return plan.rows_aside(env, key)
