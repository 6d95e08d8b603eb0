"""The guide does what it says, one example after the other against a live server; every public name is in it."""

from __future__ import annotations

import pytest

import sarnakh_client
from addons.api.tests.calling import token_for
from sarnakh_client.around import Around
from sarnakh_client.records import Records
from tests.docs import snippets
from tests.docs.packages import ROOT

GUIDE = (ROOT / "docs" / "developer" / "client.md").read_text("utf-8")


@pytest.mark.addons("api", "leads")
@pytest.mark.database("sqlite")
def test_the_examples_run(installation, address, capsys):
    blocks = [block.text for block in snippets.blocks(GUIDE) if block.kind == "python"]
    assert len(blocks) >= 9
    names: dict[str, object] = {}
    for text in blocks:
        text = text.replace("https://crm.example.com", address).replace("snk_…", token_for(installation, "boss"))
        exec(compile(text, "client.md", "exec"), names)
    assert "Rezaei" in capsys.readouterr().out


def test_everything_public_is_in_the_guide():
    for name in (*sarnakh_client.__all__, *vars(Records), *vars(Around)):
        if not name.startswith("_") and name not in ("Auth", "Listing", "Record", "Records", "Group", "Result", "Results", "Token"):
            assert name in GUIDE, name
