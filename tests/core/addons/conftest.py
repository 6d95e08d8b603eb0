"""Tiny addons written into a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

MakeAddon = Callable[..., Path]


@pytest.fixture
def make_addon(tmp_path: Path) -> MakeAddon:
    """Write an addon: `make_addon("toy", depends=["base"], files={"records.py": "..."})` gives its folder."""

    def make(name: str, *, folder: str = "addons", files: dict[str, str] | None = None, toml: str | None = None,
             version: str = "1.0", **keys: object) -> Path:
        path = tmp_path / folder / name
        path.mkdir(parents=True)
        lines = [f'name = "{name}"', f'version = "{version}"', f'title = "{name.title()}"']
        lines += [f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
                  for key, value in keys.items()]
        (path / "addon.toml").write_text(toml if toml is not None else "\n".join(lines), "utf-8")
        for file, text in (files or {}).items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_text(text, "utf-8")
        return path

    return make
