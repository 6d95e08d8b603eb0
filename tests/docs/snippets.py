"""Code in the documentation, found so that tests can run it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"^(?:`(?P<file>[\w./-]+?)(?P<more> \+)?`\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_STEP = re.compile(r"^## (Step \d+): .*$", re.MULTILINE)


class Block(NamedTuple):
    """One fenced block; `file` is the path written over it, `added` whether it goes to the end of that file."""

    kind: str
    text: str
    file: str = ""
    added: bool = False


def blocks(page: str) -> list[Block]:
    """All fenced blocks of a page."""
    return [Block(m["kind"], m["text"], m["file"] or "", bool(m["more"])) for m in _BLOCK.finditer(page)]


def steps(page: str) -> dict[str, list[Block]]:
    """The blocks with files of each "## Step N: ..." of a page."""
    parts = _STEP.split(page)
    return {name: [b for b in blocks(text.partition("\n## ")[0]) if b.file] for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def write(found: list[Block], folder: Path) -> None:
    """Write the files of one step over those of the steps before it."""
    for block in found:
        file = folder / block.file
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text("utf-8") + "\n" if block.added else ""
        file.write_text(before + block.text, "utf-8")
