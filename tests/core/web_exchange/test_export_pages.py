"""Exports over HTTP: dialog, downloads, rights, history, the large one in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.exchange.detect import open_table
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from tests.core.web.conftest import Visit
from tests.core.web_exchange.conftest import Work

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]


@pytest.fixture
def sara(visit: Visit, installation: Installation) -> Visitor:
    with installation.env(SYSTEM) as env:
        mine, reza = user_id(installation, "sara"), user_id(installation, "reza")
        env.create("shop.order", [{"name": f"Order {i}", "amount": i, "margin": "12.5", "owner": mine} for i in range(3)])
        env.create("shop.order", {"name": "=HYPERLINK(1)", "owner": mine})
        env.create("shop.order", {"name": "Of Reza", "owner": reza})
    return visit("sara")


def exports(installation: Installation) -> list[Any]:
    with installation.env(SYSTEM, write=False) as env:
        audit = env.registry.system.audit
        return list(env.execute(select(audit.c.actor_id, audit.c.record, audit.c.changes).where(audit.c.action == "export")))


def test_dialog_and_csv(sara: Visitor, installation: Installation) -> None:
    page = sara.get("/r/shop.order/export?s=1&q=order&columns=name,amount&format=csv").text
    assert "Format" in page and 'value="name,amount"' in page
    answer = sara.post("/r/shop.order/export", {
        "s": "1", "q": "order", "columns": "name,amount", "order": "name", "format": "csv"})
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    assert answer.get_data().decode("utf-8-sig").splitlines() == ["Name,Amount", "Order 0,0", "Order 1,1", "Order 2,2"]
    (actor, record, changes), = exports(installation)
    assert (actor, record) == (user_id(installation, "sara"), "shop.order")
    assert changes == {"rows": 3, "fields": ["name", "amount"], "form": "csv"}


def test_everything_one_may_see_as_a_workbook(sara: Visitor, tmp_path: Path) -> None:
    answer = sara.post("/r/shop.order/export", {"which": "all", "format": "xlsx"})
    (tmp_path / "x.xlsx").write_bytes(answer.get_data())
    with open_table(tmp_path / "x.xlsx") as table:
        assert len(table.sample()) == 4 and "Margin" not in table.headers and "Secret" in table.headers
        assert "=HYPERLINK(1)" in [row[table.headers.index("Name")] for row in table.sample()]
    text = sara.post("/r/shop.order/export", {"columns": "name,margin", "s": "1", "format": "csv"}).get_data().decode("utf-8-sig")
    assert "Of Reza" not in text and "Margin" not in text and "'=HYPERLINK(1)" in text


def test_rights(sara: Visitor, visit: Visit, installation: Installation) -> None:
    assert visit("nobody").get("/r/shop.order/export").status_code in (403, 404)
    with installation.env(SYSTEM) as env:
        profile = env.query("base.user").where('login == "sara"').select("profile").rows()[0]["profile"].id
        env.update("base.profile", profile, {"record_rights": {"shop.order": {"export": False}}})
    assert sara.get("/r/shop.order/export").status_code == 403
    assert sara.post("/r/shop.order/export", {"format": "csv"}).status_code == 403
    assert not exports(installation)
    assert sara.client.post("/r/shop.order/export", data={"format": "csv"}).status_code == 400


def test_a_large_workbook_is_made_in_the_background(sara: Visitor, visit: Visit, work: Work, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.exporting.IN_BACKGROUND", 2)
    answer = sara.post("/r/shop.order/export", {"columns": "name", "s": "1", "format": "xlsx"})
    place = answer.headers["Location"]
    assert place.startswith("/exports/") and "hx-get" in sara.get(place).text
    assert sara.get(place + "/file").status_code == 404
    assert work() == 1
    assert place + "/file" in sara.get(place + "/progress").text
    for path in ("", "/progress", "/file"):
        assert visit("reza").get(place + path).status_code == 404
    (tmp_path / "x.xlsx").write_bytes(sara.get(place + "/file").get_data())
    with open_table(tmp_path / "x.xlsx") as table:
        assert len(table.sample()) == 4
