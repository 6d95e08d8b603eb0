"""What was stored is seen by the next request, also while another thread still compiles it."""

from __future__ import annotations

import threading

import pytest

from core.addons.lifecycle import change_customising
from core.security.actor import SYSTEM

OPTIONS = [{"value": "red", "labels": {"en": "Ruby"}, "colour": "red", "active": True}]


@pytest.mark.addons("base")
@pytest.mark.database("sqlite")
def test_nobody_gets_the_old_definitions_while_the_new_ones_are_made(installation, monkeypatch):
    with installation.env(SYSTEM) as env:
        change_customising(env, "choice", "base.tag.colour", OPTIONS)
    begun, go, compiled = threading.Event(), threading.Event(), installation.compile_working

    def slowly(*args, **options):
        begun.set()
        go.wait(20)
        return compiled(*args, **options)

    monkeypatch.setattr(installation, "compile_working", slowly)
    seen: list[object] = []

    def ask():
        seen.append(installation.current().registry.customising.of("choice").get("base.tag.colour"))

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    assert begun.wait(20)
    second.start()
    second.join(0.3)
    assert second.is_alive(), "it waits for the compilation that is under way"
    go.set()
    for thread in (first, second):
        thread.join(30)
    assert seen == [OPTIONS, OPTIONS]
