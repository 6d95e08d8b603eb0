"""What a text knows while it is put together for one record, and how far it may go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from core.api import SarnakhError, _

from .templating_fields import Scope
from .templating_values import Row, Speaker

MOST_OUT = 200_000
MOST_STEPS = 100_000


class Missing:
    """Stands for a value that is not there, or not for the sender's eyes; nothing can be made of it."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __bool__(self) -> bool:
        return False


NOTHING = Missing("")


class TooMuch(SarnakhError):
    """A text that would become too long, or takes too long to make."""

    def __init__(self) -> None:
        super().__init__(_("The text becomes too long."))


class State:
    """One text being made. `mark`: what to call something that is missing, in the text itself, for previews."""

    __slots__ = ("is_html", "loops", "mark", "missing", "out", "row", "size", "speaker", "steps", "extras")

    def __init__(self, speaker: Speaker, root: Scope, row: Row, extras: Mapping[str, Any], is_html: bool,
                 mark: Callable[[str], str] | None = None) -> None:
        self.speaker, self.is_html, self.mark = speaker, is_html, mark
        self.row: dict[Scope, Row] = {root: row}
        self.loops: dict[Scope, dict[str, Any]] = {}
        self.extras = extras
        self.missing: dict[str, None] = {}
        self.out: list[str] = []
        self.size = self.steps = 0

    def step(self) -> None:
        """One more thing was done."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuch

    def write(self, text: str) -> None:
        """Text as it is."""
        self.size += len(text)
        if self.size > MOST_OUT:
            raise TooMuch
        self.out.append(text)

    def put(self, value: Any) -> None:
        """A value, escaped where the text is HTML; one that is missing is noted."""
        if isinstance(value, Missing):
            if value.path:
                self.lack(value.path)
            return
        text = self.speaker.text(value)
        self.write(escape(text).replace("\r\n", "\n").replace("\n", "<br>") if self.is_html else text)

    def lack(self, path: str) -> None:
        """A value is missing."""
        self.missing[path] = None
        if self.mark is not None:
            name = self.mark(path)
            self.write(f'<mark style="background:#ffe08a;color:#3d2f00">{escape(name)}</mark>' if self.is_html else f"[{name}]")

    def text(self) -> str:
        """What was made."""
        return "".join(self.out)
