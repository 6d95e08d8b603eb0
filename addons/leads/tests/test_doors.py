"""The allowed moves hold at every door: form, in place, path, mass edit, import, program; edited ones hold at once."""

from __future__ import annotations

import pytest

from addons.leads import transitions
from core.api import ValidationFailed
from core.exchange import importing, plan
from core.exchange.plan import Options
from core.exchange.running import run

pytestmark = [pytest.mark.addons("leads"), pytest.mark.usefixtures("manager")]
LEAD = "leads.lead"


@pytest.fixture
def doors(browser, env_as):
    """Ways to give a lead of Mina's another status; each says whether it went through."""
    mina = browser("mina")

    def ids(key):
        return f"/r/{LEAD}/{key}"

    def typed(key, status):
        with env_as("mina") as env:
            version = env.get(LEAD, key, "version").version
        mina.post(f"{ids(key)}/edit", {"status": status, "version": version})

    def in_place(key, status):
        mina.post(f"{ids(key)}/field/status", {"status": status})

    def path(key, status):
        mina.post(f"{ids(key)}/step", {"value": status})

    def mass(key, status):
        mina.post(f"/r/{LEAD}/bulk/edit", {"ids": str(key), "field": "status", "step": "save", "status": status})

    def imported(key, status):
        with env_as("mina") as env:
            email = env.get(LEAD, key, "email").email
            made = importing.receive(env, LEAD, "x.csv", [f"email,status\n{email},{status}\n".encode()])
            importing.set_mapping(env, made, {0: "email", 1: "status"})
            importing.set_options(env, made, Options(duplicates="update", keys=[["email"]]))
            importing.start(env, made, background=False)
            run(env, made, lambda _plan: env.commit())
            assert plan.load(env, made).state == "done"

    def program(key, status):
        with env_as("mina") as env:
            try:
                env.update(LEAD, key, {"status": status})
            except ValidationFailed:
                env.connection.rollback()
    return {"form": typed, "in place": in_place, "path": path, "mass edit": mass, "import": imported, "program": program}


def status(env_as, key):
    with env_as("mina") as env:
        return env.get(LEAD, key, "status").status


@pytest.mark.parametrize("door", ["form", "in place", "path", "mass edit", "import", "program"])
def test_moves_hold_at_every_door(doors, env_as, lead, door):
    key = lead("mina")
    for refused in ("ready", "converted", "sal"):
        doors[door](key, refused)
        assert status(env_as, key) == "new", f"{door} let {refused} through"
    doors[door](key, "contacted")
    assert status(env_as, key) == "contacted", f"{door} lets nothing through"
    with env_as("mina") as env:
        allowed = {(start, end) for start, ends in transitions.moves(env).items() for end in ends}
        transitions.replace(env, allowed - {("contacted", "mql")} | {("contacted", "raw")})
    doors[door](key, "mql")
    assert status(env_as, key) == "contacted"
    doors[door](key, "raw")
    assert status(env_as, key) == "raw"
