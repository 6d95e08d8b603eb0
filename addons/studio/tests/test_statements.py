"""The pages of the studio ask the database the same few things, however much there is to show."""

from __future__ import annotations

from typing import Any

import pytest

from core.api import Installation, Piece, apply_pieces, change_customising, packages
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("studio", "leads"), pytest.mark.database("sqlite")]
LEAD = "leads.lead"
FORM = f"/x/studio/layout/{LEAD}/form"
PATHS = ("/x/studio/packages", "/x/studio/packages/export", "/x/studio/layout", FORM, "/x/studio/layout/problems", "/x/studio/home",
         "/x/studio/menus", "/x/studio/types", f"/x/studio/types/{LEAD}", "/x/studio/history", "/x/studio/theme")


def counted(installation: Installation, visitor: Visitor) -> dict[str, int]:
    found = {}
    for path in PATHS:
        assert visitor.get(path).status_code == 200, path
        with query_budget(installation, 500) as seen:
            visitor.get(path)
        found[path] = len(seen)
    return found


def some_more(installation: Installation, number: int) -> None:
    """Profiles, layers for each of them that no longer fit, fields, and applied packages."""
    boss: Any = installation.load_actor(user_id(installation, "boss"))
    with installation.env(SYSTEM) as env:
        made = env.create("base.profile", [{"name": f"P{number}-{i}", "sets": [], "areas": []} for i in range(5)])
        for profile in made:
            change_customising(env, "layout", f"{LEAD}|form|profile:{profile}", {"format": 1, "record": LEAD, "kind": "form", "changes": [
                {"do": "hide", "target": "gone"}, {"do": "insert", "target": "b", "node": {
                    "id": "b", "kind": "block", "props": {"widget": "view", "options": {"record": "no.such"}}}}]})
    apply_pieces(installation, boss, [Piece("field", f"{LEAD}.x_f{number}", {"type": "text", "labels": {"en": f"F{number}"}})])
    with installation.env(boss) as env:
        package = packages.export(env, {f"field {LEAD}.x_f{number}"}, f"acme_{number}", version="1.0", title="P")
    apply = packages.apply(installation, boss, package, {})
    assert apply is not None


def test_no_page_asks_once_for_each_thing_that_it_shows(installation: Installation) -> None:
    boss = Visitor(installation, user_id(installation, "boss"))
    some_more(installation, 1)
    before = counted(installation, boss)
    for number in (2, 3):
        some_more(installation, number)
    after = counted(installation, boss)
    assert after == before
    assert max(after.values()) < 25, after


def test_a_block_that_no_longer_fits_is_told_and_mended(installation: Installation) -> None:
    boss = Visitor(installation, user_id(installation, "boss"))
    some_more(installation, 1)
    page = boss.get("/x/studio/layout/problems").get_data(as_text=True)
    assert "no.such" in page and page.count("List of records\u2069”: There is no") == 5
