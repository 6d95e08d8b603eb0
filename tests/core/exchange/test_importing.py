"""Importing through the engine, on both databases: policies, permissions, links, errors, resuming, undoing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Sequence
from typing import Any

import pytest

from core.env import Env
from core.errors import AccessDenied, NotFound, SarnakhError, ValidationFailed
from core.exchange import background, importing, plan, rejected
from core.exchange.plan import Options
from core.exchange.running import run
from core.exchange.undoing import run_undo

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
ORDER = "shop.order"


def table(headers: Sequence[str], *rows: Sequence[Any]) -> list[bytes]:
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return [text.getvalue().encode()]


def received(env: Env, headers: Sequence[str], *rows: Sequence[Any], record: str = ORDER, **options: Any) -> int:
    key = importing.receive(env, record, "x.csv", table(headers, *rows))
    importing.set_mapping(env, key, dict(enumerate(headers)))
    if options:
        importing.set_options(env, key, Options(**options))
    return key


def imported(env: Env, *rows: Sequence[Any], record: str = ORDER, **options: Any) -> plan.Import:
    key = received(env, rows[0], *rows[1:], record=record, **options)
    importing.start(env, key, background=False)
    return run(env, key, lambda _plan: env.commit())


def reasons(env: Env, key: int, kind: str = "error") -> dict[int, list[str]]:
    return {row.number: [env.t(r.message) for r in row.reasons] for row in plan.rows_aside(env, key, kind)}


def test_a_file_goes_in_and_bad_rows_stay_out(env_as: Any) -> None:
    with env_as("sara") as env:
        env.create("shop.shop", {"name": "Bazaar"})
        done = imported(
            env, ("name", "shop", "status", "amount", "due", "email", "phone", "colours", "urgent", "tags"),
            ("one", "bazaar", "Sent", "۱۲٬۵۰۰", "1405/06/01", "A@B.com", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "red; Blue", "yes", "vip, new"),
            ("two", "", "", "", "", "", "", "", "", ""),
            ("three", "nowhere", "lost", "abc", "1405/13/45", "x", "12", "pink", "maybe", ""),
            ("four", "", "", "-5", "", "", "", "", "", ""),
            ("", "", "", "7", "", "", "", "", "", ""))
        assert done.state == "done"
        assert done.counts == {"created": 2, "updated": 0, "skipped": 0, "rejected": 3}
        found = reasons(env, done.id)
        assert len(found[4]) == 7 and found[5] == ["Amount cannot be negative."] and "required" in found[6][0]
        rows = env.query(ORDER).order("id").select("name", "shop", "status", "amount", "email", "phone", "tags", "owner").rows()
        assert [r["name"] for r in rows] == ["one", "two"]
        assert rows[0]["shop"].label == "Bazaar" and rows[0]["status"] == "sent" and rows[0]["amount"] == 12500
        assert rows[0]["phone"] == "+989121234567" and rows[1]["status"] == "new"
        assert rows[0]["owner"].label == "Sara Seller"


def test_missing_links_are_created_only_when_asked(env_as: Any) -> None:
    with env_as("sara") as env:
        done = imported(env, ("name", "shop"), ("a", "New shop"), ("b", "new SHOP"), duplicates="create")
        assert done.counts["rejected"] == 2 and "no Shop" in reasons(env, done.id)[2][0]
        done = imported(env, ("name", "shop"), ("a", "New shop"), ("b", "new SHOP"), duplicates="create",
                        create_links=["shop.shop"])
        assert done.counts["created"] == 2 and env.query("shop.shop").count() == 1


def test_unknown_texts_and_names_can_be_given_a_meaning(env_as: Any) -> None:
    rows = [("name", "status", "shop"), ("a", "فرستاده", "X"), ("b", "?!", "Y"), ("c", "sent", ""), ("d", "other", "")]
    with env_as("sara") as env:
        key = received(env, *rows)
        assert importing.unknown_choices(env, plan.load(env, key)) == {"status": {"فرستاده": 1, "?!": 1, "other": 1}}
        with pytest.raises(ValidationFailed, match="cannot stand"):
            importing.set_options(env, key, Options("create", choices={"status": {"x": "nothing"}}))
        done = imported(env, *rows, duplicates="create", choices={"status": {"فرستاده": "sent", "?!": ""}}, empty_links=["shop"])
        assert done.counts["created"] == 3 and set(reasons(env, done.id)) == {5}
        assert {r["name"]: r["status"] for r in env.query(ORDER).select("name", "status").rows()} == {
            "a": "sent", "b": "new", "c": "sent"}


def test_what_is_all_but_an_option_is_proposed_and_frequent_reasons_are_counted(env_as: Any) -> None:
    with env_as("sara") as env:
        rows = [(f"n{i}", "Sennt", "Nowhere" if i < 3 else "") for i in range(5)]
        done = imported(env, ("name", "status", "shop"), *rows, ("x", "odd", ""))
        assert done.options.choices == {"status": {"Sennt": "sent"}}
        assert done.counts["created"] == 2 and done.counts["rejected"] == 4
        assert rejected.commonest(env, done) == [(3, "shop", "There is no Shop “Nowhere”.")]


def test_duplicates_in_the_file_and_in_the_database(env_as: Any) -> None:
    rows = [("name", "email", "pieces"), ("a", "a@x.com", "2"), ("b", "b@x.com", "2"), ("a again", "A+tag@x.com", "3")]
    with env_as("sara") as env:
        env.create(ORDER, {"name": "old b", "email": "b@x.com", "memo": "keep"})
        done = imported(env, *rows)
        assert done.counts == {"created": 1, "updated": 0, "skipped": 2, "rejected": 0}
        assert set(reasons(env, done.id, "duplicate")) == {3, 4}
        done = imported(env, *rows, duplicates="update", keys=[["email"]])
        assert done.counts == {"created": 0, "updated": 3, "skipped": 0, "rejected": 0}
        assert {r["email"]: (r["name"], r["memo"]) for r in env.query(ORDER).select("name", "email", "memo").rows()} == {
            "a@x.com": ("a again", None), "b@x.com": ("b", "keep")}
        done = imported(env, ("name", "email", "memo"), ("z", "a@x.com", "filled"), ("z", "b@x.com", "not"),
                        duplicates="fill", keys=[["email"]])
        assert sorted(r["memo"] for r in env.query(ORDER).select("memo").rows()) == ["filled", "keep"]
        done = imported(env, *rows, duplicates="create")
        assert done.counts["created"] == 3


def test_others_private_records_are_neither_found_nor_changed(env_as: Any) -> None:
    with env_as("reza") as env:
        private = env.create(ORDER, {"name": "private", "email": "p@x.com"})
        env.create("shop.shop", {"name": "Hidden"})
    with env_as("sara") as env:
        done = imported(env, ("name", "email", "shop"), ("mine", "p@x.com", ""), ("linked", "q@x.com", "Hidden"),
                        duplicates="update", keys=[["email"]])
        assert done.counts == {"created": 1, "updated": 0, "skipped": 0, "rejected": 1}
        assert "There is no" in reasons(env, done.id)[3][0]
        done = imported(env, ("id", "name"), (private, "stolen"), duplicates="update", keys=[["id"]])
        assert done.counts["created"] == 1
    with env_as("reza") as env:
        assert env.get(ORDER, private).name == "private"


def test_rights(env_as: Any, installation: Any) -> None:
    with env_as("nobody") as env, pytest.raises(AccessDenied):
        importing.receive(env, ORDER, "x.csv", table(("name",), ("a",)))
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed, match="no field"):
            received(env, ("name", "margin"), ("a", "5"))
        with pytest.raises(ValidationFailed, match="no field"):
            received(env, ("name", "created_by"), ("a", "5"))
        key = received(env, ("name",), ("a",), duplicates="create", defaults={"memo": "m"})
        with pytest.raises(ValidationFailed, match="no field"):
            importing.set_options(env, key, Options("create", defaults={"margin": "5"}))
    with env_as("reza") as env, pytest.raises(NotFound):
        importing.start(env, key)


def test_a_check_writes_nothing_and_a_preview_shows_reasons(env_as: Any) -> None:
    with env_as("sara") as env:
        key = received(env, ("name", "email", "amount"), ("a", "a@x.com", "1"), ("b", "A@x.com", "2"),
                       ("c", "", "-1"), ("", "", "x"),
                       duplicates="skip", keys=[["email"]])
        shown = importing.preview(env, key)
        assert [(p.number, p.state) for p in shown] == [(2, "new"), (3, "skip"), (4, "error"), (5, "error")]
        importing.start(env, key, check=True, background=False)
        done = run(env, key, lambda _plan: env.commit())
        assert done.state == "ready" and done.checked == {"created": 1, "updated": 0, "skipped": 1, "rejected": 2}
        assert not env.query(ORDER).exists() and set(reasons(env, key)) == {4, 5}
        importing.start(env, key, background=False)
        done = run(env, key, lambda _plan: env.commit())
        assert done.state == "done" and done.counts == done.checked and env.query(ORDER).count() == 1


def test_settings_are_remembered_and_further_values_go_to_the_description(env_as: Any) -> None:
    with env_as("sara") as env:
        key = importing.receive(env, ORDER, "x.csv", table(("Foo", "Bar"), ("a", "0912 345 6789 / 0935 111 2233")))
        importing.set_mapping(env, key, {0: "name", 1: "phone"})
        importing.start(env, key, background=False)
        run(env, key, lambda _plan: env.commit())
        row = env.query(ORDER).select("phone", "memo").rows()[0]
        assert (row["phone"], row["memo"]) == ("+989123456789", "Phone: +989351112233")
        again = importing.receive(env, ORDER, "y.csv", table(("foo", "BAR"), ("b", "x")))
        assert [t.field for t in plan.load(env, again).mapping] == ["name", "phone"]
    with env_as("reza") as env:
        other = importing.receive(env, ORDER, "y.csv", table(("foo", "bar"), ("b", "x")))
        assert plan.load(env, other).mapping == []


def test_options_are_remembered_as_far_as_they_still_hold(env_as: Any) -> None:
    headers, rows = ("name", "email", "status", "amount"), [("a", "a@x.com", "begun", "1")]
    with env_as("sara") as env:
        received(env, headers, *rows, duplicates="update", keys=[["email"]], clear=True, choices={"status": {"begun": "sent"}},
                 defaults={"urgent": "yes"}, create_links=["shop.shop"], deleted="skip")
        again = importing.receive(env, ORDER, "y.csv", table(headers, *rows))
        found = plan.load(env, again).options
        assert (found.duplicates, found.keys, found.clear, found.deleted) == ("update", [["email"]], True, "skip")
        assert found.choices == {"status": {"begun": "sent"}} and found.defaults == {"urgent": "yes"}
        # Without the columns that they are about, options have nothing to say.
        other = plan.load(env, importing.receive(env, ORDER, "z.csv", table(("name", "urgent"), ("a", "no")))).options
        assert (other.duplicates, other.keys, other.choices, other.defaults) == ("create", [], {}, {})
    with env_as("reza") as env:
        assert plan.load(env, importing.receive(env, ORDER, "y.csv", table(headers, *rows))).options.duplicates == "skip"


def test_the_rows_left_out_can_be_tried_again_and_another_file_like_it(env_as: Any) -> None:
    rows = [("title", "when", "shop", "note"), ("one", "03/04/2026", "", "-"), ("two", "04/13/2026", "Later", "-"),
            ("three", "05/06/2026", "Later", "-")]
    with env_as("sara") as env:
        key = importing.receive(env, ORDER, "x.csv", table(*rows))
        importing.set_mapping(env, key, {0: "name", 1: "due", 2: "shop"})
        importing.set_options(env, key, Options("create"))
        importing.start(env, key, background=False)
        done = run(env, key, lambda _plan: env.commit())
        assert done.counts == {"created": 1, "updated": 0, "skipped": 0, "rejected": 2}
        env.create("shop.shop", {"name": "Later"})
        rest = importing.again(env, key)
        importing.start(env, rest, background=False)
        assert run(env, rest, lambda _plan: env.commit()).counts["created"] == 2
        # “05/06” alone says nothing: the whole first file has shown that the month stands first.
        days = {row["name"]: row["due"] for row in env.query(ORDER).select("name", "due").rows()}
        assert days == {"one": dt.date(2026, 3, 4), "two": dt.date(2026, 4, 13), "three": dt.date(2026, 5, 6)}
        like = plan.load(env, importing.receive(env, ORDER, "y.csv", table(rows[0], ("four", "", "", "")), like=key))
        assert {t.column: t.field for t in like.mapping} == {0: "name", 1: "due", 2: "shop"}
        assert like.options.duplicates == "create"
        with pytest.raises(SarnakhError, match="no rows left"):
            importing.again(env, rest)
    with env_as("reza") as env, pytest.raises(NotFound):
        importing.receive(env, ORDER, "y.csv", table(*rows), like=key)
    with env_as("reza") as env, pytest.raises(NotFound):
        importing.again(env, key)


@pytest.mark.parametrize(("deleted", "policy", "counts", "left"), [
    ("create", "skip", {"created": 1, "updated": 0, "skipped": 0}, ["new"]),
    ("skip", "update", {"created": 0, "updated": 0, "skipped": 1}, []),
    ("restore", "skip", {"created": 0, "updated": 1, "skipped": 0}, ["old"]),
    ("restore", "update", {"created": 0, "updated": 1, "skipped": 0}, ["new"]),
])
def test_the_recycle_bin_counts_when_it_is_asked(env_as: Any, deleted: str, policy: str, counts: dict[str, int],
                                                 left: list[str]) -> None:
    with env_as("boss") as env:
        old = env.create(ORDER, {"name": "old", "email": "e@x.com"})
        env.delete(ORDER, old)
        done = imported(env, ("name", "email"), ("new", "E@x.com"), duplicates=policy, keys=[["email"]], deleted=deleted)
        assert {name: done.counts[name] for name in counts} == counts and not done.counts["rejected"]
        assert [row["name"] for row in env.query(ORDER).select("name").rows()] == left
    with env_as("boss") as env:
        if counts["skipped"]:
            return
        importing.undo(env, done.id, background=False)
        assert run_undo(env, done.id, lambda _plan: env.commit()).counts["left"] == 0
        assert not env.query(ORDER).exists()
        assert env.query(ORDER).deleted().with_ids([old]).select("name").rows()[0]["name"] == "old"


def test_old_files_are_cleared_away(env_as: Any, installation: Any) -> None:
    with env_as("sara") as env:
        old = imported(env, ("name",), ("a",), ("",)).id
        draft = received(env, ("name",), ("a",))
    (installation.settings.data / "imports" / "new-left").mkdir()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    os.utime(installation.settings.data / "imports" / "new-left", (0, 0))
    with installation.env(now=later) as env:
        assert background.purge(env, None) == 2  # type: ignore[arg-type]
        assert not list((installation.settings.data / "imports").iterdir())
        assert plan.load(env, old).state == "done" and not plan.rows_aside(env, old)
        with pytest.raises(NotFound):
            plan.load(env, draft)


class Killed(Exception):
    pass


def test_an_interrupted_import_goes_on_exactly(env_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.exchange.running.BATCH", 100)
    rows = [(f"n{i}", f"e{i % 230}@x.com", "-1" if i % 50 == 7 else "1") for i in range(450)]
    with env_as("sara") as env:
        key = received(env, ("name", "email", "amount"), *rows, duplicates="skip", keys=[["email"]])
        importing.start(env, key, background=False)
    for stop in (1, 2, 9):
        calls = []

        def killed_later(_plan: Any, stop: int = stop, calls: list[int] = calls) -> None:
            env.commit()
            calls.append(1)
            if len(calls) == stop:
                raise Killed

        try:
            with env_as("sara") as env:
                run(env, key, killed_later)
        except Killed:
            pass
    with env_as("sara") as env:
        done = plan.load(env, key)
        assert done.state == "done" and done.position == 450
        emails = [r["email"] for r in env.query(ORDER).select("email").rows()]
        good = {f"e{i % 230}@x.com" for i in range(450) if i % 50 != 7}
        assert sorted(emails) == sorted(good) and done.counts["created"] == len(good)


def test_two_runs_of_one_import_write_each_row_once(env_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.exchange.running.BATCH", 100)
    with env_as("sara") as env:
        key = received(env, ("name",), *((f"n{i}",) for i in range(350)), duplicates="create")
        importing.start(env, key, background=False)
    with env_as("sara") as env:
        def meanwhile(_plan: Any) -> None:
            env.commit()
            with env_as("sara") as other:
                run(other, key, lambda _p: other.commit())

        run(env, key, meanwhile)
    with env_as("sara") as env:
        assert env.query(ORDER).count() == 350 and plan.load(env, key).state == "done"


def test_undo_takes_back_what_nobody_touched(env_as: Any) -> None:
    with env_as("boss") as env:
        old = env.create(ORDER, {"name": "old", "email": "old@x.com", "pieces": 7})
        done = imported(env, ("name", "email", "pieces", "shop"), ("a", "a@x.com", "1", "S"), ("b", "b@x.com", "1", ""),
                        ("old!", "old@x.com", "9", ""),
                        duplicates="update", keys=[["email"]], create_links=["shop.shop"])
        assert done.counts == {"created": 2, "updated": 1, "skipped": 0, "rejected": 0}
    with env_as("boss") as env:
        touched = env.query(ORDER).where('name == "b"').ids()[0]
        env.update(ORDER, touched, {"memo": "called"})
    with env_as("boss") as env:
        importing.undo(env, done.id, background=False)
        gone = run_undo(env, done.id, lambda _plan: env.commit())
        assert gone.state == "undone" and (gone.counts["undone"], gone.counts["left"]) == (3, 1)
        assert sorted(r["name"] for r in env.query(ORDER).select("name").rows()) == ["b", "old"]
        assert env.get(ORDER, old).pieces == 7 and not env.query("shop.shop").exists()
