"""The pages of colours, logos and the letterhead."""

from __future__ import annotations

import io
import re

import pytest

from addons.studio.tests.test_home_pages import held, text
from core.api import Installation, history
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from tests.core.web_blocks.test_brand import PNG

pytestmark = [pytest.mark.addons("studio"), pytest.mark.database("sqlite")]
BASE = "/x/studio/theme"


def test_colours_and_logo(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    page = text(boss.get(BASE))
    answer = boss.post(BASE, {"accent": "#ffd000", "seen": held(page, "seen"), "do": "save", "logo": (io.BytesIO(PNG), "logo.png")})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    home = text(sara.get("/"))
    assert "brand.css" in home and "logo.png" in home
    page = text(boss.get(BASE))
    text(boss.post(BASE, {"accent": "#ffd000", "seen": held(page, "seen"), "do": "save"}), 303)
    assert "logo.png" in text(sara.get("/")), "a logo stays until it is taken away"
    page = text(boss.get(BASE))
    text(boss.post(BASE, {"accent": "#ffd000", "seen": held(page, "seen"), "do": "save", "logo__remove": "1"}), 303)
    assert "logo.png" not in text(sara.get("/"))
    text(boss.post(BASE, {"seen": held(text(boss.get(BASE)), "seen"), "do": "reset"}), 303)
    assert "brand.css" not in text(sara.get("/")) and not installation.registry.customising.of("theme")


def test_a_logo_alone(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    page = text(boss.get(BASE))
    shown = re.search(r'type="color"[^>]*value="(#[0-9a-f]{6})"|value="(#[0-9a-f]{6})"[^>]*type="color"', page)
    accent = next(filter(None, shown.groups())) if shown else "#0d766e"
    text(boss.post(BASE, {"accent": accent, "accent_dark": accent, "seen": held(page, "seen"), "do": "save",
                          "logo": (io.BytesIO(PNG), "logo.png")}), 303)
    assert set(installation.current().registry.customising.of("theme")["installation"]) == {"logo"}, "the colours stay the shipped ones"
    assert "logo.png" in text(sara.get("/")) and "brand.css" not in text(sara.get("/"))


def test_what_a_colour_becomes(boss: Visitor) -> None:
    shown = text(boss.get(f"{BASE}/colours?accent=%23ffd000", headers={"X-Fragment": "look"}))
    assert shown.count("WCAG AA") == 2 and 'fill="#8e7200"' in shown and "style=" not in shown
    assert boss.get(f"{BASE}/colours?accent=red").status_code == 422


def test_who_may_not_and_what_is_none(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    seen = held(text(boss.get(BASE)), "seen")
    assert sara.get(BASE).status_code == 403 == sara.post(BASE, {"accent": "#ffd000", "seen": seen}).status_code
    assert sara.post("/x/studio/picture", {"file": (io.BytesIO(PNG), "a.png")}).status_code == 403
    for data in ({"accent": "url(x)"}, {"accent": "#ffd000", "logo": (io.BytesIO(b"<svg onload='x'/>"), "a.png")}):
        assert boss.post(BASE, {"seen": seen, "do": "save", **data}).status_code == 422
    assert boss.post(BASE, {"accent": "#ffd000", "seen": "old", "do": "save"}).status_code == 409
    assert not installation.registry.customising.of("theme")


def test_pictures_of_texts(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    made = boss.post("/x/studio/picture", {"file": (io.BytesIO(PNG), "a.png")})
    assert made.status_code == 200 and made.json is not None
    assert sara.get(made.json["url"]).get_data() == PNG
    assert boss.post("/x/studio/picture", {"file": (io.BytesIO(PNG), "b.png")}).json == made.json
    assert boss.post("/x/studio/picture", {"file": (io.BytesIO(b"<html>"), "b.png")}).status_code == 422
    with installation.env(installation.load_actor(user_id(installation, "boss")), write=False) as env:
        rows = history(env, "picture")
    assert [(row.target, row.before, row.after["name"]) for row in rows] == [(made.json["url"].rpartition("/")[2], None, "a.png")]


def test_letterhead(boss: Visitor, sara: Visitor, installation: Installation) -> None:
    url = "/x/studio/letterhead"
    with installation.env(SYSTEM) as env:
        key = (env.query("base.company").ids() or [env.create("base.company", {"name": "Arman"})])[0]
    page = text(boss.get(url))
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    text(boss.post(f"{url}?company={key}", {"name": "Arman", "legal_name": "Arman Ltd", "version": version[1], "address": "Yazd"}), 303)
    assert boss.post(f"{url}?company={key}", {"name": "", "version": version[1]}).status_code in (409, 422)
    assert boss.get(f"{url}/{key}.pdf?lang=fa").get_data().startswith(b"%PDF")
    assert sara.get(url).status_code == 403 == sara.get(f"{url}/{key}.pdf").status_code
    assert boss.get(f"{url}?company=99999").status_code == 404 == boss.get(f"{url}/99999.pdf").status_code
    with installation.env(SYSTEM) as env:
        assert env.get("base.company", key, "legal_name").legal_name == "Arman Ltd"
