"""The pages of the documentation: every block of Python compiles, every link leads somewhere, public names exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from core import api, web_api
from core.api import Installation
from core.testing.plugin import user_id
from tests.docs import snippets
from tests.docs.packages import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PUBLIC = {"core.api": api.__all__, "core.web_api": web_api.__all__}


def name(page: Path) -> str:
    """A page as tests call it."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_python_compiles_and_imports_what_there_is(page: Path) -> None:
    for block in snippets.blocks(page.read_text("utf-8")):
        if block.kind != "python" or block.added:
            continue
        for node in ast.walk(ast.parse(block.text)):
            if isinstance(node, ast.ImportFrom) and node.module in PUBLIC:
                unknown = {alias.name for alias in node.names} - set(PUBLIC[node.module])
                assert not unknown, f"{node.module} has no {', '.join(unknown)}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pages_are_of_this_program_only(page: Path) -> None:
    """No path of a machine it was written on."""
    text = page.read_text("utf-8")
    assert not re.search(r"/work/|/root/|/tmp/", text)


# README and gateways build addons step by step, client talks to a server; tests of their own follow them.
RUN = [pytest.param(block.text, id=f"{page.stem}-{number}") for page in PAGES if page.parent.name in ("developer", "consultant")
       and page.stem not in ("README", "gateways", "client") for number, block in enumerate(snippets.blocks(page.read_text("utf-8")))
       if block.kind == "python" and "from . import" not in block.text]


@pytest.mark.addons("leads", "shop")
@pytest.mark.folders("tests/fixtures/addons")
@pytest.mark.database("sqlite")
@pytest.mark.parametrize("text", RUN)
def test_python_runs(installation: Installation, text: str) -> None:
    """Each block by itself, in an installation with leads, an order type and somebody who may do everything."""
    with installation.env(installation.load_actor(user_id(installation, "admin"))) as env:
        keys = [env.create("leads.lead", [{"last_name": f"Lead {n}"} for n in range(7)])[0]]
        exec(compile(text, "<docs>", "exec"), {"__name__": "docs", "env": env, "keys": keys})
