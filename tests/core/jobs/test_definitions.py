"""Definitions: marking registers nothing, gathering takes only a module's own, clashes name both parties."""

from __future__ import annotations

from types import ModuleType

import pytest

from core.errors import DefinitionError
from core.jobs.definitions import Handler, Schedule, Subscription, collect, compile_jobs, job, on_event
from tests.core.jobs import standin


def test_a_module_gives_its_own_definitions_in_order():
    module = ModuleType("sarnakh_example.jobs")
    source = """
@job("example.one", retries=2, concurrency=1, timeout=5, as_actor="system")
def one(env, job): ...
@on_event("a.happened")
@on_event("b.happened")
def both(env, job): ...
NIGHTLY = Schedule("nightly", "0 2 * * *", "example.one")
"""
    exec(source, vars(module) | {"job": job, "on_event": on_event, "Schedule": Schedule}, vars(module))
    module.borrowed = standin.take_note
    for fn in (module.one, module.both):
        fn.__module__ = module.__name__
    one, b, a, nightly = collect(module)
    assert one == Handler("example.one", module.one, 2, 1, 5, "system")
    assert (a, b) == (Subscription("a.happened", module.both), Subscription("b.happened", module.both))
    assert nightly is module.NIGHTLY
    compiled = compile_jobs([one, a, b, nightly])
    assert compiled.subscriptions["a.happened"] == ("a.happened>sarnakh_example.jobs.both",)
    assert compiled.job_handlers["b.happened>sarnakh_example.jobs.both"].fn is module.both


def test_the_marked_function_is_still_itself():
    assert collect(standin)[0].fn is standin.take_note
    assert standin.take_note.__name__ == "take_note"


@pytest.mark.parametrize(("definitions", "clash"), [
    ([Handler("x", standin.slow), Handler("x", standin.later)], r"x: tests.*\.slow and tests.*\.later"),
    ([Handler("x", standin.slow), Subscription("x", standin.later)], "x is both an event"),
    ([Handler("", standin.slow)], "1 to 200 letters"),
    ([Handler("x", standin.slow, retries=-1)], "0 or more"),
    ([Handler("x", standin.slow, concurrency=0)], "1 or more"),
    ([Handler("x", standin.slow), Schedule("s", "* * * * *", "x"), Schedule("s", "0 * * * *", "x")], "Two schedules"),
])
def test_a_clash_is_refused_and_explained(definitions, clash):
    with pytest.raises(DefinitionError) as refused:
        compile_jobs(definitions)
    assert refused.match(clash)
