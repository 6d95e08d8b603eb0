"""Logins of the command line, in a file that only its owner reads."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import SarnakhError


@dataclass(frozen=True)
class Login:
    """An installation and the token for it."""

    address: str
    token: str
    allow_http: bool = False

    def __repr__(self) -> str:
        return f"<Login {self.address}>"


def place() -> Path:
    """The file: `$SARNAKH_CLIENT_FILE`, else in the user's folder for settings."""
    named = os.environ.get("SARNAKH_CLIENT_FILE")
    if named:
        return Path(named)
    base = os.environ.get("APPDATA") if os.name == "nt" else os.environ.get("XDG_CONFIG_HOME")
    return Path(base or Path.home() / ".config") / "sarnakh-client" / "logins.json"


def load() -> dict[str, Login]:
    """All logins by name. A file that others may read is refused, as ssh does."""
    file = place()
    if not file.exists():
        return {}
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise SarnakhError(f"Others may read {file}, and tokens are in it: chmod 600 it, and make new tokens if you are not alone.")
    try:
        return {name: Login(**one) for name, one in json.loads(file.read_text("utf-8")).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise SarnakhError(f"{file} is damaged: {error}") from error


def store(logins: dict[str, Login]) -> None:
    """Write all logins; the old file stands until the new one is complete, and none of them is ever readable by others."""
    file = place()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, made = tempfile.mkstemp(dir=file.parent, prefix=".logins-")  # 0600 from the start
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump({name: asdict(one) for name, one in logins.items()}, out, indent=2)
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def chosen(name: str) -> Login:
    """The login of that name; `SARNAKH_URL` and `SARNAKH_TOKEN` go before the file."""
    address, token = os.environ.get("SARNAKH_URL"), os.environ.get("SARNAKH_TOKEN")
    if address and token:
        return Login(address, token, bool(os.environ.get("SARNAKH_ALLOW_HTTP")))
    found = load().get(name)
    if found is None:
        raise SarnakhError("Log in first: sarnakh-client login https://crm.example.com" + ("" if name == "default" else f" --name {name}"))
    return found
