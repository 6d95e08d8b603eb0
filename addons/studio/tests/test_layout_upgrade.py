"""An upgrade moves what customising stands by: everything is still there, the move is told, and mended by one click."""

from __future__ import annotations

import contextlib
import re
import uuid

import pytest

from core.addons import lifecycle
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import open_installation, user_id
from tests.core.addons.conftest import make_addon

__all__ = ["make_addon"]
pytestmark = [pytest.mark.addons("studio"), pytest.mark.folders("tests/fixtures/addons")]
PROBLEMS = "/x/studio/layout/problems"
RECORDS = """
from core.api import Record, fields
class Visit(Record):
    record_name = "toy.visit"
    name = fields.Text("Name")
    town = fields.Text("Town")
    phone = fields.Text("Phone")
    note = fields.Text("Note")
"""
FIRST = """
from core.api import Form, Section
LAYOUTS = [Form("toy.visit", Section("main", "name", "town", label="Visit"), Section("reach", "phone", label="Reach"))]
"""
SECOND = """
from core.api import Form, Place, Section
LAYOUTS = [Form("toy.visit", Section("main", "name", label="Visit"), Section("reach", "phone", "town", label="Reach"),
                Section("news", Place("created_at", readonly=True), label="News"))]
"""


@pytest.fixture
def upgrading(installation, make_addon):
    """A running installation with an addon, its name, and what brings the addon's second release."""
    name = f"toy{uuid.uuid4().hex[:8]}"
    folder = make_addon(name, api="1", depends=["base"], files={"records.py": RECORDS.replace("toy", name),
                                                                "layouts.py": FIRST.replace("toy", name)})
    with contextlib.closing(open_installation(installation.settings.database.url, folder / "a", folders=(str(folder.parent),))) as inst:
        lifecycle.enable(inst, [name])

        def upgrade():
            (folder / "layouts.py").write_text(SECOND.replace("toy", name))
            manifest = folder / "addon.toml"
            manifest.write_text(re.sub('version = ".*"', 'version = "2.0"', manifest.read_text()))
            lifecycle.upgrade_addons(inst, [name])
            inst.current()
        yield inst, f"{name}.visit", upgrade


def sections(inst, record):
    """What stands where."""
    layout = inst.current().registry.layout(record, "form").layout
    return {section.id: [node.id for node in section.children] for section in layout.of_kind("section")}


def test_what_an_upgrade_moves_takes_customising_along_and_is_told(upgrading):
    inst, record, upgrade = upgrading
    admin = Visitor(inst, user_id(inst, "admin"))
    path = f"/x/studio/layout/{record}/form"
    tree = {"nodes": [{"id": "main", "kind": "section", "set": {"label": {"en": "My visit"}}, "children": [
        {"id": name, "kind": "field", "set": {}, "children": []} for name in ("name", "town", "note")]},
        {"id": "reach", "kind": "section", "set": {}, "children": [{"id": "phone", "kind": "field", "set": {}, "children": []}]}]}
    version = re.search(r'"version": "(\w+)"', admin.get(path).get_data(as_text=True))[1]
    answer = admin.client.post(path, json={"version": version, "tree": tree}, headers={"X-CSRFToken": admin.csrf()})
    assert answer.status_code == 200
    assert "Everything fits" in admin.get(PROBLEMS).get_data(as_text=True)

    upgrade()

    assert sections(inst, record) == {"main": ["name"], "reach": ["phone", "town", "note"], "news": ["created_at"]}
    assert inst.registry.layout(record, "form").layout.find("main").get("label") == {"en": "My visit"}
    html = admin.get(PROBLEMS).get_data(as_text=True)
    assert "has moved from" in html and "Accept as it stands now" in html
    assert "has moved from" in admin.get("/admin/health").get_data(as_text=True)
    with inst.env(SYSTEM) as env:
        key = env.create(record, {"name": "Visit", "note": "By the well"})
    assert "By the well" in admin.get(f"/r/{record}/{key}").get_data(as_text=True)

    mend = dict(re.findall(r'name="(key|way)" value="([^"]+)"', html.split("Put it back")[0][-900:]))
    assert mend["way"] == "back"
    admin.post(PROBLEMS, mend)
    assert sections(inst, record) == {"main": ["name", "note"], "reach": ["phone", "town"], "news": ["created_at"]}
    assert "Everything fits" in admin.get(PROBLEMS).get_data(as_text=True)
    assert admin.post(PROBLEMS, mend).status_code == 404
