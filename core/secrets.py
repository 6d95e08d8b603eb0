"""Keys that nobody may read: made at the first start, kept in the data folder, never in the repository or the
database."""

from __future__ import annotations

import base64
import json
import os
import secrets as random_source
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import SettingsError
from core.i18n.messages import _


@dataclass(frozen=True, slots=True)
class Secrets:
    """`session_key` signs cookies and links; `encryption_key` (32 bytes, URL-safe base64) seals stored secrets, and
    `old_encryption_keys` open what was sealed before the key was changed (:mod:`core.sealing`)."""

    session_key: str
    encryption_key: str
    old_encryption_keys: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Nothing of the keys: a settings object may end in a log."""
        return "Secrets(…)"


def load_secrets(path: Path) -> Secrets:
    """Read the keys, making them when there are none yet. Raises `SettingsError` when the file is damaged."""
    if not path.exists():
        _make(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = Secrets(content["session_key"], content["encryption_key"], tuple(content.get("old_encryption_keys", ())))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(_("{path} cannot be read as the file of keys. Restore it from a backup; without it "
                              "sessions and stored passwords are lost."), path=str(path)) from error
    if len(str(found.session_key)) < 32 or any(not _is_key(key) for key in (found.encryption_key, *found.old_encryption_keys)):
        raise SettingsError(_("The keys in {path} are too short to be safe."), path=str(path))
    return found


def change_encryption_key(path: Path) -> Secrets:
    """Put a new key for stored secrets into the file; the present one stays for reading."""
    found = load_secrets(path)
    made = Secrets(found.session_key, random_source.token_urlsafe(32), (found.encryption_key, *found.old_encryption_keys))
    _draft(path, made).replace(path)
    return made


def drop_old_keys(path: Path) -> Secrets:
    """Forget the keys for reading; only when nothing is sealed with them any more."""
    found = load_secrets(path)
    made = Secrets(found.session_key, found.encryption_key)
    _draft(path, made).replace(path)
    return made


def _is_key(text: object) -> bool:
    """Whether it is 32 bytes in URL-safe base64."""
    try:
        return isinstance(text, str) and len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) == 32
    except ValueError:
        return False


def _make(path: Path) -> None:
    """Write new keys. Of two processes starting together one wins and both read the same file afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, Secrets(random_source.token_urlsafe(48), random_source.token_urlsafe(32)))
    try:
        os.link(draft, path)  # fails when the other process was first; a rename would replace its keys
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, made: Secrets) -> Path:
    """The keys in a file beside the one meant, complete and on the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{random_source.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(made), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    return draft
