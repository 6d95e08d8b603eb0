"""Keys that nobody may read: made at the first start, kept in the data folder, never in the repository or the
database."""

from __future__ import annotations

import json
import os
import secrets as random_source
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from core.errors import SettingsError
from core.i18n.messages import _


@dataclass(frozen=True, slots=True)
class Secrets:
    """`session_key` signs cookies and links; `encryption_key` (32 bytes, URL-safe base64) protects stored passwords."""

    session_key: str
    encryption_key: str

    def __repr__(self) -> str:
        """Nothing of the keys: a settings object may end in a log."""
        return "Secrets(…)"


def load_secrets(path: Path) -> Secrets:
    """Read the keys, making them when there are none yet. Raises `SettingsError` when the file is damaged."""
    if not path.exists():
        _make(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = Secrets(**{field.name: content[field.name] for field in fields(Secrets)})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(_("{path} cannot be read as the file of keys. Restore it from a backup; without it "
                              "sessions and stored passwords are lost."), path=str(path)) from error
    if len(found.session_key) < 32 or len(found.encryption_key) < 32:
        raise SettingsError(_("The keys in {path} are too short to be safe."), path=str(path))
    return found


def _make(path: Path) -> None:
    """Write new keys. Of two processes starting together one wins and both read the same file afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Secrets(random_source.token_urlsafe(48), random_source.token_urlsafe(32))
    draft = path.with_name(f".{path.name}.{os.getpid()}.{random_source.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(made), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when the other process was first; a rename would replace its keys
    except FileExistsError:
        pass
    finally:
        draft.unlink()
