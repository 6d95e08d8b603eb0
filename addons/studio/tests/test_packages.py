"""Packages in the browser: exported, brought to another place, compared, checked, applied and taken back; and attacked."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from core.api import Installation, packages
from core.customise import Piece, apply_pieces, revert
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("studio", "leads"), pytest.mark.database("sqlite")]
BASE = "/x/studio/packages"
CODE = {"type": "text", "labels": {"en": "Code", "fa": "کد"}}
ITEM = "field leads.lead.x_code"


def visitor(inst: Installation, login: str = "admin") -> Visitor:
    return Visitor(inst, user_id(inst, login))


def bring(page: Visitor, content: bytes, name: str = "acme.zip") -> str:
    """Upload a package; the address of its difference."""
    answer = page.post(f"{BASE}/new", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)[-3000:]
    return str(answer.headers["Location"])


def test_a_package_goes_out_comes_in_and_goes_back(installation: Installation) -> None:
    page = visitor(installation)
    actor = installation.load_actor(user_id(installation, "admin"))
    assert "No package was applied here yet" in page.get(BASE).get_data(as_text=True)
    batch = apply_pieces(installation, actor, [Piece("field", "leads.lead.x_code", CODE)])
    assert "Leads · Code" in page.get(f"{BASE}/export").get_data(as_text=True)
    answer = page.post(f"{BASE}/export", {"name": "acme", "version": "1.0", "title": "Acme", "items": [ITEM], "along": "1"})
    assert answer.mimetype == "application/zip" and "acme-1.0.zip" in answer.headers["Content-Disposition"]
    package = packages.from_zip(answer.data)
    assert list(package.items) == [ITEM]
    revert(installation, actor, batch)

    place = bring(page, answer.data)
    shown = page.get(place).get_data(as_text=True)
    assert "New" in shown and "Leads · Code" in shown and "x_code" not in installation.registry.record("leads.lead").fields
    assert "The check found nothing against it." in page.post(place, {"do": "check"}).get_data(as_text=True)
    assert page.post(place, {"do": "apply"}).status_code == 303
    assert "x_code" in installation.registry.record("leads.lead").fields
    listed = page.get(BASE).get_data(as_text=True)
    batch = re.search(r'name="batch" value="(\w+)"', listed)[1]  # type: ignore[index]
    page.post(f"{BASE}/back", {"batch": batch})
    assert "x_code" not in installation.registry.record("leads.lead").fields
    listed = page.get(BASE).get_data(as_text=True)
    assert "Taken back" in listed and 'name="batch"' not in listed, "there is nothing left to take back"


def test_a_clash_is_decided_by_somebody(installation: Installation) -> None:
    page = visitor(installation)
    actor = installation.load_actor(user_id(installation, "admin"))
    apply_pieces(installation, actor, [Piece("field", "leads.lead.x_code", {**CODE, "labels": {"en": "Ours"}})])
    place = bring(page, packages.to_zip(packages.Package("acme", items={ITEM: CODE})))
    assert "Clash" in page.get(place).get_data(as_text=True)
    refused = page.post(place, {"do": "apply"})
    assert refused.status_code == 422 and "say which one holds" in refused.get_data(as_text=True)
    assert page.post(place, {"do": "apply", "take.0": "here"}).status_code == 303
    assert installation.registry.customising.of("field")["leads.lead.x_code"]["labels"] == {"en": "Ours", "fa": "کد"}


def test_what_would_not_fit_is_said_and_nothing_happens(installation: Installation) -> None:
    page = visitor(installation)
    place = bring(page, packages.to_zip(packages.Package("acme", needs={"tickets": "1.0"}, items={ITEM: {"type": "nonsense"}})))
    for do in ("check", "apply"):
        answer = page.post(place, {"do": do})
        assert answer.status_code == 422 and "tickets" in answer.get_data(as_text=True)
    assert "x_code" not in installation.registry.record("leads.lead").fields


def test_hostile_uploads_and_strangers(installation: Installation) -> None:
    page, stranger = visitor(installation), visitor(installation, "sara")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("package.toml", 'format = 1\nname = "acme"\nversion = "1.0"\n')
        archive.writestr("custom/field/a.json", b"\0" * (64 << 20))
    for content in (b"no zip", made.getvalue()):
        answer = page.post(f"{BASE}/new", {"file": (io.BytesIO(content), "../../etc/x.zip")}, content_type="multipart/form-data")
        assert answer.status_code == 422
    script = packages.Package("acme", title="<script>alert(1)</script>", items={ITEM: {"type": "<img src=x onerror=alert(1)>"}})
    place = bring(page, packages.to_zip(script))
    assert "<script>alert" not in page.get(place).get_data(as_text=True)
    for path in (BASE, f"{BASE}/new", f"{BASE}/export", place):
        assert stranger.get(path).status_code in (403, 404)
    for path, data in ((f"{BASE}/export", {"name": "acme"}), (place, {"do": "apply"}), (f"{BASE}/back", {"batch": "0" * 32})):
        assert stranger.post(path, data).status_code in (403, 404)
    boss = visitor(installation, "boss")
    assert boss.get(BASE).status_code == 200 and boss.get(place).status_code == 404
    assert boss.get(bring(boss, packages.to_zip(packages.Package("acme", items={ITEM: CODE})))).status_code == 200
    assert page.get(f"{BASE}/file/999999").status_code == 404
    assert page.post(f"{BASE}/back", {"batch": "nonsense"}).status_code == 303
