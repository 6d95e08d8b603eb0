"""The path on a record's page."""

from pathlib import Path

import pytest

from core.security.actor import SYSTEM
from core.testing.plugin import user_id
from core.web.statuspath import steps

pytestmark = [pytest.mark.addons("gates"), pytest.mark.folders(str(Path("tests/fixtures/addons")))]


def test_names_that_people_gave_their_stages_are_not_translated(installation):
    with installation.env(SYSTEM) as env:
        pipeline = env.create("gates.pipeline", {"name": "One"})
        first, _second = env.create("gates.stage", [{"name": n, "pipeline": pipeline, "position": i}
                                                    for i, n in enumerate(("Open", "Cancel"))])
        deal = env.create("gates.deal", {"name": "D", "pipeline": pipeline, "stage": first,
                                         "owner": user_id(installation, "sara")})
    with installation.env(installation.load_actor(user_id(installation, "admin")), lang="fa") as env:
        assert env.t("Cancel") != "Cancel", "the program has a word of its own for this"
        row = env.query("gates.deal").with_ids([deal]).select("pipeline", "stage").rows()[0]
        found = steps(env, env.registry.record("gates.deal"), row, f"/r/gates.deal/{deal}", {"stage"})
    assert [s.label for s in found] == ["Open", "Cancel"]
