"""A gallery of every template: rendered to plain HTML, served on loopback, photographed and checked by axe.

`python -m tests.web_theme.gallery DIR [--lang fa --theme dark ...]` writes the pages and screenshots into DIR, which
must lie outside the repository.
"""

from __future__ import annotations

import argparse
import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from core.i18n.messages import Message
from core.web import viewmodels as vm
from core.web.headers import POLICY
from core.web.quick_rows import quick_rows
from tests.web_theme import fakes_calendar as days
from tests.web_theme import fakes_figures as figures
from tests.web_theme import fakes_more as more
from tests.web_theme.fakes import Fakes
from tests.web_theme.texts import FA

ROOT = Path(__file__).resolve().parents[2]
THEME = ROOT / "themes" / "default"
VENDOR = ROOT / "core" / "static" / "vendor"


def environment(lang: str) -> jinja2.Environment:
    """The theme's templates with `_` and `n_` as the web layer gives them."""
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(THEME / "templates"), autoescape=True,
                             undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    words = FA if lang == "fa" else {}

    def translate(text: str, **values: Any) -> str:
        return Message(words.get(text, text), values).english()

    def plural(one: str, many: str, count: int, **values: Any) -> str:
        text = Message(words.get(one, one), {"count": count, **values}, None if one in words else many, count)
        return text.english()

    env.globals.update(_=translate, n_=plural, quick_rows=quick_rows,
                       constant=lambda name: Markup(env.get_template(name).render()))
    return env


def pages(k: Fakes) -> dict[str, tuple[str, vm.Shell, Any]]:
    """Name of the page -> template, shell, view model."""
    s = k.s
    new = vm.Action(s("سرنخ تازه", "New lead"), "form.html", "plus-lg", shortcut="c")
    leads = [vm.Crumb(s("سرنخ‌ها", "Leads"), "list.html")]
    listed = k.shell(s("سرنخ‌ها", "Leads"), primary=new)
    admin = k.shell(s("مدیریت", "Administration"), "admin")
    out = k.shell("")
    out.user, out.nav = None, []
    return {
        "home": ("home.html", k.shell("", "home"), more.home(k)),
        "home_arranged": ("home.html", k.shell("", "home"), more.arranged(k)),
        "list": ("list.html", listed, k.list_page()),
        "grouped": ("list.html", listed, k.grouped()),
        "empty": ("list.html", listed, k.empty_list()),
        "record": ("record.html", k.shell("", crumbs=[*leads, vm.Crumb(s("مریم احمدی", "Maryam Ahmadi"))]), k.record_page()),
        "form": ("form.html", k.shell("", crumbs=leads), k.form_page()),
        "errors": ("form.html", k.shell("", crumbs=leads), k.form_page(True)),
        "admin": ("admin/page.html", admin, more.addons(k)),
        "users": ("admin/page.html", admin, more.users(k)),
        "profile": ("admin/page.html", admin, more.profile(k)),
        **{f"wizard{i}": ("wizard.html", k.shell("", crumbs=leads), more.wizard(k, i)) for i in range(4)},
        "login": ("auth/login.html", out, more.login(k)),
        "setup": ("auth/setup.html", out, more.setup(k)),
        "totp": ("auth/totp.html", out, more.login(k)),
        "recovery": ("auth/recovery.html", out, vm.AuthPage("Codes", vm.FormPage("", "#"), codes=["ab12-cd34", "ef56-gh78"])),
        "forgot": ("auth/forgot.html", out, more.login(k)),
        "reset": ("auth/reset.html", out, more.login(k)),
        "search": ("search.html", k.shell(""), more.search(k)),
        "merge": ("merge.html", k.shell("", crumbs=leads), more.merge(k)),
        "error": ("error.html", k.shell(""), more.error(k)),
        "error_out": ("error.html", out, more.error(k)),
        "dialog": ("dialog.html", k.shell(""), more.dialog(k)),
        "ask": ("ask.html", k.shell(""), k.form_page()),
        "print": ("print.html", k.shell(""), k.record_page()),
        "public_form": ("public_form.html", out, k.form_page()),
        "notifications": ("notifications.html", k.shell(""), more.notices(k)),
        "board": ("board.html", listed, figures.board(k)),
        "calendar": ("calendar.html", listed, days.calendar(k)),
        "calendar_week": ("calendar.html", listed, days.calendar(k, "week")),
        "calendar_people": ("calendar.html", listed, days.calendar(k, "week", people=True)),
        "calendar_agenda": ("calendar.html", listed, days.calendar(k, "agenda")),
        "calendar_empty": ("calendar.html", listed, days.calendar(k, "agenda", people=True)),
        "report": ("report.html", k.shell(s("پیش‌بینی فروش", "Forecast")), figures.report(k)),
    }


def fragments(k: Fakes) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name of the fragment -> template and context."""
    shell = k.shell("")
    status = k.fields()[1].fields[0]
    wizard = more.wizard(k, 3)
    figure = {"label": "Rate", "value": "7 %", "help": "", "url": ""}
    return {
        "dialog": ("fragments/dialog.html", {"shell": shell, "page": more.dialog(k)}),
        "form": ("fragments/form.html", {"shell": shell, "page": k.form_page()}),
        "card": ("fragments/card.html", {"shell": shell, "page": more.card(k)}),
        "cell": ("fragments/cell.html", {"cell": k.rows(1)[0].cells[2]}),
        "editor": ("fragments/editor.html", {"field": status}),
        "conflict": ("fragments/conflict.html", {"page": k.form_page(True).conflict}),
        "count": ("fragments/count.html", {"shell": shell, "page": k.list_page()}),
        "figures": ("fragments/figures.html", {"shell": shell, "page": [figure]}),
        "calendar": ("fragments/calendar.html", {"shell": shell, "page": days.calendar(k)}),
        "board_card": ("fragments/board_card.html", {"shell": shell, "page": figures.cards(k, 1)[0]}),
        "board_cards": ("fragments/board_cards.html", {"shell": shell, "page": figures.board(k).board.columns[0]}),
        "progress": ("fragments/progress.html", {"shell": shell, "page": wizard.progress}),
        "lines": ("fragments/lines.html", {"shell": shell, "field": vm.FieldView("phones", ""), "page": vm.LineFields([], "1,2")}),
        "panel": ("fragments/panel.html", {"shell": shell, "page": figures.report(k).panels[:2]}),
        "related": ("fragments/related.html", {"shell": shell, "page": k.related()}),
        "timeline": ("fragments/timeline.html", {"shell": shell, "page": k.timeline()}),
        "notifications": ("fragments/notifications.html", {"shell": shell, "page": more.notices(k)}),
    }


def render(k: Fakes, name: str) -> str:
    """One page as HTML."""
    template, shell, page = pages(k)[name]
    return environment(k.lang).get_template(template).render(shell=shell, page=page)


def render_fragment(k: Fakes, name: str) -> str:
    """One fragment as HTML."""
    template, context = fragments(k)[name]
    return environment(k.lang).get_template(template).render(context)


SARA = {"id": 1, "label": "سارا محمدی", "detail": "فروش"}
HIT = {"label": "مریم احمدی", "detail": "آرمان صنعت پارس", "icon": "person-plus", "url": "#"}
JSON_ANSWERS: dict[str, object] = {
    "lookup.json": {"items": [SARA, {"id": 2, "label": "رضا کریمی"}], "create_url": None},
    "palette.json": {"groups": [{"label": "سرنخ‌ها", "items": [HIT]}]},
    "check.json": {"message": "شاید تکراری است", "level": "warning"},
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
PAGE = "text/html; charset=utf-8"


class Handler(http.server.BaseHTTPRequestHandler):
    """Pages by name, with language, theme and density in the path: /fa/light/comfortable/list.html."""

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def answer(self, body: bytes, kind: str, status: int = 200) -> None:
        """Send with the policy the web layer sends."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY.format(ancestors="'none'"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fragment(self, name: str) -> None:
        """A fragment in the language of the page that asks."""
        lang = "en" if "/en/" in self.headers.get("Referer", "") else "fa"
        self.answer(render_fragment(Fakes(lang), name).encode(), PAGE)

    def do_GET(self) -> None:
        """Static files, JSON answers of lookups, fragments, pages."""
        parts = self.path.split("?")[0].strip("/").split("/")
        if parts[0] == "static":
            file = (VENDOR if parts[1] == "vendor" else THEME / "static").joinpath(*parts[3:])
            there = file.is_file()
            self.answer(file.read_bytes() if there else b"", KINDS.get(file.suffix, "text/plain"), 200 if there else 404)
        elif parts[-1] in JSON_ANSWERS:
            self.answer(json.dumps(JSON_ANSWERS[parts[-1]]).encode(), "application/json")
        elif parts[-1] == "changeable":
            asked = urllib.parse.parse_qs(self.path.partition("?")[2])
            self.answer(json.dumps({"ids": [int(k) for k in asked["ids"]], "open": {}}).encode(), "application/json")
        elif parts[0] in ("editor", "card") or "field" in parts:
            self.fragment("editor" if "field" in parts else parts[0])
        elif len(parts) == 4:
            self.answer(render(Fakes(*parts[:3]), parts[3].removesuffix(".html")).encode(), PAGE)
        else:
            self.answer(b"", "text/plain", 404)

    def do_POST(self) -> None:
        """Saving a cell gives a cell, a bulk action its dialog."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = "cell" if "/field/" in self.path else {"editor": "cell", "bulk": "dialog"}.get(self.path.strip("/"))
        if name:
            self.fragment(name)
        else:
            self.answer(b"", "text/plain", 204)


@contextmanager
def served() -> Iterator[str]:
    """The gallery on a free port of the loopback; gives the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def shoot(folder: Path, names: list[str], looks: list[tuple[str, str, int]], axe: bool) -> int:
    """Photograph pages in each (language, theme, width); prints what axe and the console say, returns their number."""
    from playwright.sync_api import sync_playwright  # optional package
    folder.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    with served() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_ARGS)
        def listen(page: Any) -> None:
            page.on("console", lambda m: found.append(f"console: {m.text}") if m.type == "error" else None)
            page.on("pageerror", lambda e: found.append(f"script: {e}"))

        for lang, theme, width in looks:
            context = browser.new_context(viewport={"width": width, "height": 900 if width > 600 else 844})
            page = context.new_page()
            listen(page)
            for name in names:
                page.goto(f"{address}/{lang}/{theme}/comfortable/{name}.html", wait_until="load")
                page.screenshot(path=str(folder / f"{name}-{lang}-{theme}-{width}.png"))
                found += [f"{name} {lang} {theme} {width}: {text}" for text in (violations(page) if axe else [])]
            context.close()
        browser.close()
    print(*found, sep="\n")
    return len(found)


def violations(page: Any) -> list[str]:
    """What axe finds on a page, one line for each rule."""
    from axe_playwright_python.sync_playwright import Axe  # optional package
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{v['id']} {[n['html'][:160] for n in v['nodes']][:3]}" for v in found]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", default="")
    parser.add_argument("--lang", default="fa,en")
    parser.add_argument("--theme", default="light,dark")
    parser.add_argument("--width", default="1440,390")
    parser.add_argument("--axe", action="store_true")
    given = parser.parse_args()
    names = given.pages.split(",") if given.pages else list(pages(Fakes()))
    looks = [(lang, theme, int(width)) for lang in given.lang.split(",") for theme in given.theme.split(",")
             for width in given.width.split(",")]
    shoot(given.folder, names, looks, given.axe)


if __name__ == "__main__":
    main()
