"""The pictures of the documentation, taken from a demo company in a browser: `python3 run.py screenshots`.

A server of its own is started in a temporary folder and stopped at the end, so nothing of the machine's installation is
shown and every run begins alike.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, PHONE = (1360, 850), (390, 844)


class Look(NamedTuple):
    """One person at one screen; `scheme` is light or dark."""

    language: str
    calendar: str
    zone: str
    scheme: str
    size: tuple[int, int] = WIDE


class Picture(NamedTuple):
    """One page; `open_first` goes from the list to its first record."""

    name: str
    path: str
    open_first: bool = False


LOOKS = {
    "fa": Look("fa", "jalali", "Asia/Tehran", "light"),
    "en": Look("en", "gregorian", "Europe/London", "light"),
    "en-dark": Look("en", "gregorian", "Europe/London", "dark"),
    "fa-phone": Look("fa", "jalali", "Asia/Tehran", "light", PHONE),
}
PICTURES = (
    Picture("home", "/"), Picture("leads", "/r/leads.lead"), Picture("lead", "/r/leads.lead", open_first=True),
    Picture("addons", "/admin/addons"),
)


@contextmanager
def server(password: str) -> Iterator[str]:
    """A running server with the demo company and one administrator for each language; gives its address."""
    with tempfile.TemporaryDirectory(prefix="sarnakh-pictures-") as folder:
        command = [sys.executable, str(ROOT / "run.py"), "--data", folder]
        surroundings = {**os.environ, "SARNAKH_LOCALE_DEFAULT_LANGUAGE": "fa"}
        for look in {look.language: look for look in LOOKS.values()}.values():
            subprocess.run([*command, "user", "add", f"picture-{look.language}", "--super", "--password-stdin", "--name",
                            {"fa": "سارا احمدی"}.get(look.language, "Sara Miller"), "--language", look.language,
                            "--calendar", look.calendar, "--time-zone", look.zone],
                           input=password, text=True, check=True, stdout=subprocess.DEVNULL, env=surroundings)
        running = subprocess.Popen([*command, "serve", "--demo", "--port", "0", "--no-browser"], text=True,
                                   stdout=subprocess.PIPE, env=surroundings)
        try:
            address = next((found[0] for line in running.stdout or () if (found := re.search(r"http://\S+", line))), None)
            if address is None:
                raise SystemExit("The server did not start.")
            yield address
        finally:
            running.terminate()
            running.wait(30)


def sign_in(browser: Browser, address: str, look: Look, password: str) -> Page:
    """A page of a signed-in person."""
    width, height = look.size
    context = browser.new_context(viewport={"width": width, "height": height},
                                  color_scheme="dark" if look.scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("[name=login]", f"picture-{look.language}")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def take(folder: Path) -> list[Path]:
    """Take all pictures into the folder; returns their paths."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        raise SystemExit("There is no Chromium here. On Debian and Ubuntu: sudo apt install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    password, made = secrets.token_urlsafe(16), []
    with server(password) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for name, look in LOOKS.items():
            page = sign_in(browser, address, look, password)
            for picture in PICTURES:
                page.goto(address + picture.path)
                if picture.open_first:
                    page.goto(address + first_record(page, picture.path))
                page.wait_for_load_state("networkidle")
                made.append(folder / f"{picture.name}-{name}.png")
                page.screenshot(path=made[-1])
            page.context.close()
        browser.close()
    return made


def first_record(page: Page, path: str) -> str:
    """The address of the first record in the list that is open."""
    links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next((link for link in links if re.fullmatch(re.escape(path) + r"/\d+(\?.*)?", link)), path)


def main() -> int:
    """Take them and say where they are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "images")
    for path in take(parser.parse_args().folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
