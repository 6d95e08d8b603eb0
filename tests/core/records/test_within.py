"""A link that must fit what stands beside it: every door refuses the other pipeline's stage, pickers offer the fitting ones."""

import pytest

from core.errors import DefinitionError, ValidationFailed
from core.records import fields_api as fields
from core.records.base import Extension
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id
from tests.core.records.doors import imported, set_everywhere

pytestmark = [pytest.mark.addons("gates"), pytest.mark.folders("tests/fixtures/addons")]


@pytest.fixture
def world(env_as):
    """Two pipelines with stages of the same names, and a deal in the first one's."""
    with env_as("sara") as env:
        one, two = env.create("gates.pipeline", [{"name": "One"}, {"name": "Two"}])
        a, b, x, y = env.create("gates.stage", [{"name": n, "pipeline": p, "position": i} for i, (n, p) in enumerate(
            (("New", one), ("Offer", one), ("New", two), ("Offer", two)))])
        deal = env.create("gates.deal", {"name": "Mill", "pipeline": one, "stage": a})
    return {"one": one, "two": two, "a": a, "b": b, "x": x, "y": y, "deal": deal}


def refused(env, *args, door="update"):
    with pytest.raises(ValidationFailed) as caught:
        getattr(env, door)(*args)
    assert [e.field for e in caught.value.errors] == ["stage"]
    assert "Pipeline" in env.t(caught.value.errors[0].message)


def test_the_api_refuses_a_stage_of_another_pipeline(env_as, world):
    with env_as("sara") as env:
        refused(env, "gates.deal", world["deal"], {"stage": world["x"]})
        refused(env, "gates.deal", world["deal"], {"pipeline": world["two"]})
        refused(env, "gates.deal", world["deal"], {"pipeline": None})
        refused(env, "gates.deal", {"name": "New", "pipeline": world["one"], "stage": world["y"]}, door="create")
        refused(env, "gates.deal", {"name": "New", "stage": world["y"]}, door="create")
        env.update("gates.deal", world["deal"], {"pipeline": world["two"], "stage": world["y"]})
        env.update("gates.deal", world["deal"], {"pipeline": None, "stage": None})
        with env.elevated("a program") as sudo:
            refused(sudo, "gates.deal", world["deal"], {"stage": world["x"]})


def test_a_batch_is_checked_by_one_statement_and_says_which(env_as, installation, world):
    with env_as("sara") as env:
        rows = [{"name": f"D{i}", "pipeline": world["one"], "stage": world["x"] if i == 700 else world["a"]} for i in range(1000)]
        with pytest.raises(ValidationFailed) as caught:
            env.create("gates.deal", rows)
        assert [(e.index, e.field) for e in caught.value.errors] == [(700, "stage")]
        with query_budget(installation, 20):
            env.create("gates.deal", [r for i, r in enumerate(rows) if i != 700])


def test_what_does_not_change_is_left_alone(env_as, world):
    """A stage that moved to another pipeline leaves old deals as they are, until somebody moves them."""
    with env_as("sara") as env:
        env.update("gates.stage", world["a"], {"pipeline": world["two"]})
        env.update("gates.deal", world["deal"], {"name": "Mill 2"})
        refused(env, "gates.deal", world["deal"], {"pipeline": None})


def test_undo_puts_both_back(env_as, world):
    with env_as("sara") as env:
        env.update("gates.deal", world["deal"], {"pipeline": world["two"], "stage": world["y"]})
        batch = env.batch
    with env_as("sara") as env:
        assert env.undo(batch).undone == 1
        assert env.get("gates.deal", world["deal"]).stage.id == world["a"]


def test_pages_refuse_it_at_the_field(installation, world):
    sara = Visitor(installation, user_id(installation, "sara"))
    page = f"/r/gates.deal/{world['deal']}"
    answer = sara.post(f"{page}/edit", {"stage": str(world["x"]), "version": "1"})
    assert answer.status_code == 422 and "belongs to what stands in" in answer.text
    answer = sara.post(f"{page}/field/stage", {"stage": str(world["x"]), "version": "1"}, headers={"X-Fragment": "cell"})
    assert answer.status_code == 422 and "belongs to what stands in" in answer.text
    answer = sara.post("/r/gates.deal/new", {"name": "New", "pipeline": str(world["one"]), "stage": str(world["x"])})
    assert answer.status_code == 422
    # Without scripts the stage is typed; of two of one name the one of the chosen pipeline is meant.
    answer = sara.post("/r/gates.deal/new", {"name": "Typed", "pipeline": str(world["two"]), "stage": "", "stage__label": "Offer"})
    assert answer.status_code == 303


def test_a_reason_may_lead_to_where_it_is_mended(installation, world):
    sara = Visitor(installation, user_id(installation, "sara"))
    page = f"/r/gates.deal/{world['deal']}"
    for answer in (sara.post(f"{page}/edit", {"reason": "luck", "version": "1"}),
                   sara.post(f"{page}/field/reason", {"reason": "luck"}, headers={"X-Fragment": "cell"})):
        assert answer.status_code == 422 and 'href="/r/gates.stage/new" target="_blank">Add a stage</a>' in answer.text


def test_every_door_refuses_it_with_the_reason(installation, env_as, world):
    said = set_everywhere(installation, env_as, "sara", "gates.deal", world["deal"], "stage", world["x"])
    assert {door for door, text in said.items() if "belongs to what stands in" in text} == {
        "api", "form", "in place", "mass edit", "import"}
    with env_as("sara") as env:
        assert env.get("gates.deal", world["deal"]).stage.id == world["a"]
        _done, reasons = imported(env, "gates.deal", ("name", "pipeline", "stage"), ("I", "One", f"#{world['x']}"),
                                  duplicates="create")
        assert len(reasons) == 1 and "belongs to what stands in" in reasons[0]


def test_an_import_means_the_stage_of_the_rows_own_pipeline(env_as, world):
    with env_as("sara") as env:
        rows = [("stage", "name", "pipeline"), ("Offer", "A", "One"), ("Offer", "B", "Two"), ("Offer", "C", "")]
        done, reasons = imported(env, "gates.deal", *rows, duplicates="create")
        assert done.counts["created"] == 2 and "several" in reasons[0]
        found = {r["name"]: r["stage"].id for r in env.query("gates.deal").select("name", "stage").rows()}
        assert (found["A"], found["B"]) == (world["b"], world["y"])


def test_pickers_narrow(installation, env_as, world):
    sara = Visitor(installation, user_id(installation, "sara"))

    def offered(query):
        return [i["id"] for i in sara.get(f"/lookup/gates.stage?for=gates.deal.stage{query}").json["items"]]

    assert set(offered("")) == {world["a"], world["b"], world["x"], world["y"]}
    assert set(offered(f"&within.pipeline={world['two']}")) == {world["x"], world["y"]}
    assert offered(f"&within.pipeline={world['two']}&q=Off") == [world["y"]]
    assert set(offered(f"&within.name={world['two']}&within.pipeline=x'")) == {world["a"], world["b"], world["x"], world["y"]}
    answer = sara.get("/lookup/gates.stage?for=gates.deal.stage&within.pipeline=").json
    assert answer["items"] == [] and "Pipeline" in answer["hint"]
    page = sara.get(f"/r/gates.deal/{world['deal']}/field/stage").text
    assert f"within.pipeline={world['one']}" in page and 'data-within="pipeline"' in page


def test_what_cannot_be_compared_is_no_definition(installation):
    from core.registry.compose import compose

    class Wrong(Extension):
        extends = "gates.deal"
        other = fields.Link("gates.stage", within={"name": "pipeline"})
    module = type("records", (), {"Wrong": Wrong})
    Wrong.__module__ = module.__name__
    modules = [(name, m) for name, a in installation.registry.addons.items() for m in a.named("records")]
    with pytest.raises(DefinitionError, match="within compares"):
        compose([*modules, ("gates", module)])
