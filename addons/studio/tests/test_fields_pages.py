"""The pages of fields and record types, over HTTP: what a consultant does, and what nobody else can."""

from __future__ import annotations

import pytest

from core.installation import Installation
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("studio", "leads")]
LEAD = "/x/studio/types/leads.lead"


def made(visitor: Visitor, path: str, data: dict[str, str]) -> str:
    """Send a form, look at the plan, apply it; returns where that leads."""
    asked = visitor.post(path, data)
    assert asked.status_code == 200, asked.get_data(as_text=True)
    applied = visitor.post(path, {**data, "do": "apply"})
    assert applied.status_code == 303, applied.get_data(as_text=True)
    return applied.headers["Location"]


def test_pages(installation: Installation) -> None:
    admin = Visitor(installation, user_id(installation, "admin"))
    for path in ("/x/studio/types", "/x/studio/types?q=lead&layer=leads", LEAD, f"{LEAD}/fields/new", f"{LEAD}/fields/last_name", f"{LEAD}/rules", f"{LEAD}/rules/new",
                 "/x/studio/types/new", "/x/studio/history"):
        answer = admin.get(path)
        assert answer.status_code == 200, path
    from addons.studio.fields_kinds import KINDS
    for kind in KINDS:
        answer = admin.get(f"{LEAD}/fields/new/{kind}")
        assert answer.status_code == 200, kind
    where = made(admin, f"{LEAD}/fields/new/text", {"label_en": "National ID", "name": "", "unique": "1", "tracked": "1", "copyable": "1", "after": "last_name", "listed": "1"})
    assert where.endswith("?new=x_national_id"), where
    assert admin.get(where).status_code == 200
    assert admin.get(f"{LEAD}/fields/x_national_id").status_code == 200
    assert "x_national_id" in admin.get("/r/leads.lead/new").get_data(as_text=True)
    print(admin.get("/x/studio/history").get_data(as_text=True).count("<tr"))
