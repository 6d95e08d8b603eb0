"""Dates, keys, looks, the second factor; a phone; no scripts at all; and what axe says about pages."""

from __future__ import annotations

import re
import time
import uuid

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core.security.accounts import set_password
from core.security.actor import SYSTEM
from core.testing.plugin import PASSWORD
from tests.browser import steps
from tests.browser.conftest import PHONE, PageAs
from tests.browser.site import Site
from tests.web_theme.gallery import violations

LANGUAGES = pytest.mark.parametrize("lang", ["fa", "en"])
LEAD = "leads.lead"


@pytest.mark.parametrize("lang,typed,shown,iso", [
    ("fa", "۱۴۰۵/۹/۲", "۱۴۰۵/۰۹/۰۲", "2026-11-23"), ("fa", "1405/09/02", "۱۴۰۵/۰۹/۰۲", "2026-11-23"),
    ("en", "2026-11-23", "2026-11-23", "2026-11-23")])
def test_dates(site: Site, page_as: PageAs, lang: str, typed: str, shown: str, iso: str) -> None:
    """Typed in either digits, or chosen by keyboard, in one's own calendar; kept as one day; shown in the list."""
    name = f"Fair {uuid.uuid4().hex[:8]}"
    page = page_as("mina", lang)
    page.goto("/r/leads.source/new")
    page.wait_for_load_state("networkidle")
    page.locator("#f-name").fill(name)
    page.locator("#f-starts").fill(typed)
    page.locator("#f-ends").fill(typed)
    page.locator("#f-ends").press("ArrowDown")
    page.locator(".datepicker .dp-day[tabindex='0']").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = page.locator("#f-ends").input_value()
    assert chosen == ("۱۴۰۵/۰۹/۰۹" if lang == "fa" else "2026-11-30")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/r/leads\.source/\d+$"))
    key = int(page.url.rsplit("/", 1)[1])
    assert [str(site.value("leads.source", key, n)) for n in ("starts", "ends")] == [iso, "2026-11-30"]
    page.goto(f"/r/leads.source?s=1&q={name}&columns=name,starts,ends")
    text = steps.row(page, name).inner_text()
    assert "1405" in steps.latin(text) or "2026" in text
    page.goto(f"/r/leads.source/{key}/edit")
    assert page.locator("#f-starts").input_value() == shown


@LANGUAGES
def test_keys(site: Site, page_as: PageAs, lang: str) -> None:
    """The palette finds and opens; letters go home, walk the rows, tick, edit, and show the help."""
    company = f"Key {uuid.uuid4().hex[:8]}"
    site.create("sara", LEAD, [{"last_name": f"K{i}{company[4:]}", "company": company} for i in range(3)])
    page = page_as("sara", lang)
    page.goto(f"{steps.LEADS}?s=1&order=name&filter.company={company}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr.here .title-link")).to_contain_text("K1")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("tr.selected .title-link")).to_contain_text("K0")
    page.keyboard.press("e")
    page.locator("td.editing").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator(".keys-list").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(re.compile(r"/$"))
    page.keyboard.press("Control+k")
    page.locator(".palette input").fill(f"K2{company[4:]}")
    page.locator(".palette [role=option]", has_text=f"K2{company[4:]}").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/r/{LEAD}/\d+"))
    expect(page.locator("h1")).to_contain_text("K2")


def test_looks_change_at_once(site: Site, page_as: PageAs) -> None:
    """Language, calendar and theme of one's own, from the settings and from the menu."""
    page = page_as("omid", "en")
    page.goto("/me")
    page.locator("#f-language").select_option("fa")
    page.locator("#f-calendar").select_option("jalali")
    page.locator("#f-digits").select_option("arabext")
    page.locator("form.form-page .btn-primary, form[action='/me'] .btn-primary").first.click()
    site.forget_looks("omid")
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    expect(page.locator("html")).to_have_attribute("data-calendar", "jalali")
    page.locator(".toptools details.menu summary").last.click()
    page.locator('[data-set="theme"][data-value="dark"]').click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@LANGUAGES
def test_second_factor(site: Site, page_as: PageAs, lang: str) -> None:
    """Switched on with a code, asked for at the next sign-in, wrong ones refused."""
    login = f"totp{uuid.uuid4().hex[:6]}"
    with site.installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        key = env.create("base.user", {"login": login, "name": login, "email": f"{login}@example.com", "profile": profile})
        set_password(env, key, PASSWORD)
    page = page_as("", lang)
    sign_in(page, login)
    page.goto("/me/two-factor")
    page.locator('form[action="/me/two-factor/start"] button').click()
    secret = page.locator("[data-raw]").first.get_attribute("data-raw") or ""
    page.locator('input[name="code"]').fill(pyotp.TOTP(secret).now())
    page.locator('form[action="/me/two-factor/confirm"] .btn-primary').click()
    recovery = page.locator("main code, main li").first
    recovery.wait_for()
    other = page_as("", lang)
    sign_in(other, login)
    other.wait_for_url("**/login/code")
    other.locator('input[name="code"]').fill("000000")
    other.locator("form .btn-primary").click()
    expect(other.locator("[data-errors]")).to_be_visible()
    other.locator('input[name="code"]').fill(pyotp.TOTP(secret).at(_next_step()))
    other.locator("form .btn-primary").click()
    expect(other.locator(".appbar")).to_be_attached()


def _next_step() -> int:
    """A moment in the next half minute, since a code that was used once is refused."""
    return int(time.time()) + 30


def sign_in(page: Page, login: str) -> None:
    """Name and password, as typed."""
    page.goto("/login")
    page.locator('input[name="login"]').fill(login)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("form .btn-primary").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


@LANGUAGES
def test_phone(site: Site, page_as: PageAs, lang: str) -> None:
    """At 390 pixels: the bar below, rows as cards, a record, a new one; nothing sticks out sideways."""
    company = f"Phone {uuid.uuid4().hex[:8]}"
    key = site.create("sara", LEAD, {"last_name": "کاظمی", "company": company})
    page = page_as("sara", lang, width=PHONE)
    for path in ("/", f"{steps.LEADS}?s=1&filter.company={company}", f"/r/{LEAD}/{key}", f"/r/{LEAD}/new", f"/r/{LEAD}/import"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto("/")
    page.locator(f'.bottombar a[href="/r/{LEAD}"]').click()
    page.goto(f"{steps.LEADS}?s=1&filter.company={company}")
    page.locator(".title-link").click()
    expect(page.locator("h1")).to_contain_text("کاظمی")
    page.locator(".bottombar details summary").click()
    expect(page.locator(".bottombar .menu-body")).to_be_visible()
    page.goto(f"/r/{LEAD}/new")
    page.locator("#f-last_name").fill("نوری")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/\d+$"))
    expect(page.locator("h1")).to_contain_text("نوری")


@LANGUAGES
def test_without_scripts(site: Site, page_as: PageAs, lang: str) -> None:
    """Signing in, reading, making and changing need no JavaScript."""
    with site.installation.env(SYSTEM) as env:
        set_password(env, site.user("reza"), PASSWORD)
    site.likes("reza", lang)
    page = page_as("", lang, scripts=False)
    sign_in(page, "reza")
    page.goto(f"/r/{LEAD}")
    page.locator(f'main a[href^="/r/{LEAD}/new"]').first.click()
    unique = uuid.uuid4().hex[:8]
    page.locator("#f-last_name").fill(f"Plain{unique}")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/\d+$"))
    page.locator('.record-actions a[href$="/edit"]').click()
    page.locator("#f-city").fill("رشت")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/\d+$"))
    page.goto(f"{steps.LEADS}?s=1&q=Plain{unique}")
    expect(page.locator(steps.ROWS)).to_have_count(1)
    page.locator('tbody .title-link').click()
    expect(page.locator("h1")).to_contain_text(f"Plain{unique}")


@pytest.mark.parametrize("lang,theme", [("fa", "light"), ("en", "dark")])
def test_axe_finds_nothing(site: Site, page_as: PageAs, lang: str, theme: str) -> None:
    """WCAG 2.2 A and AA on the pages people live in, as far as axe can tell."""
    key = site.create("sara", LEAD, {"last_name": "Axe", "company": "Axe", "email": "axe@example.com"})
    found = {}
    for login, paths in (("sara", ("/", f"/r/{LEAD}", f"/r/{LEAD}/{key}", f"/r/{LEAD}/{key}/edit", f"/r/{LEAD}/import",
                                   "/search?q=axe", "/me", f"/x/leads/{key}/convert")),
                         ("admin", ("/admin", "/admin/addons", "/admin/users", "/admin/health"))):
        page = page_as(login, lang, theme=theme)
        for path in paths:
            page.goto(path)
            wrong = violations(page)
            if wrong:
                found[path] = wrong
    assert found == {}
