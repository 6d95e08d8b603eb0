"""What is unique together is refused in words that help, at every door and when two write at the same moment."""

import threading

import pytest
from sqlalchemy import inspect, text

from core.errors import ValidationFailed
from core.registry.tables import table_name
from core.security.actor import SYSTEM
from core.testing.plugin import query_budget
from tests.core.records.doors import imported, set_everywhere

pytestmark = [pytest.mark.addons("pairs"), pytest.mark.folders("tests/fixtures/addons")]
GROUP, UNIT = "pairs.unit_group", "pairs.unit"
SAID = "Another record already has the same “Group” + “Name”. Change one of these values, or change that record."


@pytest.fixture
def world(env_as):
    with env_as("sara") as env:
        weight, length = env.create(GROUP, [{"name": "Weight"}, {"name": "Length"}])
        return {"weight": weight, "length": length, "units": env.create(UNIT, [
            {"group": weight, "name": "kg"}, {"group": weight, "name": "g"}, {"group": length, "name": "m"}])}


def reasons(env, call, *args):
    with pytest.raises(ValidationFailed) as caught:
        call(*args)
    return {(e.index, e.field, env.t(e.message)) for e in caught.value.errors}


def test_api_names_the_fields_and_the_records(env_as, world):
    with env_as("sara") as env:
        new = {"group": world["weight"], "name": "kg"}
        assert reasons(env, env.create, UNIT, [{"group": world["length"], "name": "kg"}, new]) == {(1, "name", SAID)}
        twice = [{"group": world["length"], "name": "cm"}] * 2
        assert reasons(env, env.create, UNIT, twice) == {
            (1, "name", "These “Group” + “Name” occur twice. Leave one, or change one of the values.")}
        assert reasons(env, env.update, UNIT, world["units"][1], {"name": "kg"}) == {(0, "name", SAID)}
        assert reasons(env, env.update, UNIT, world["units"][:2], {"name": "t"}) == {
            (1, "name", "These “Group” + “Name” occur twice. Leave one, or change one of the values.")}
        env.create(UNIT, [{"name": "kg"}, {"name": "kg"}])  # what is empty is not unique
        env.update(UNIT, world["units"][0], {"name": "kg"})
        assert reasons(env, env.create, GROUP, {"name": "Weight"}) == {
            (0, "name", "“Name”: another record already has this value.")}


def test_every_door_says_it(installation, env_as, world):
    said = set_everywhere(installation, env_as, "sara", UNIT, world["units"][1], "name", "kg")
    wanted = "Another record already has the same"
    assert {door for door, answer in said.items() if wanted in answer} == {"api", "form", "in place", "mass edit", "import"}
    with env_as("sara") as env:
        done, why = imported(env, UNIT, ("group", "name"), ("Weight", "kg"), ("Weight", "mg"), duplicates="create")
        assert why == [SAID] and done.counts["created"] == 1


def test_what_comes_back_finds_its_place_taken(env_as, world):
    with env_as("sara") as env:
        env.delete(UNIT, [world["units"][0]])
        env.create(UNIT, {"group": world["weight"], "name": "kg"})
        assert reasons(env, env.restore, UNIT, [world["units"][0]]) == {(0, "name", SAID)}


def test_a_batch_asks_once(installation, env_as, world):
    with env_as("sara") as env:
        env.create(UNIT, [{"group": world["weight"], "name": f"a{i}"} for i in range(3)])
        with query_budget(installation, 12) as seen:
            env.create(UNIT, [{"group": world["weight"], "name": f"b{i}"} for i in range(3000)])
        asked = [s for s in seen if "pairs_unit.group_id" in s and "pairs_unit.name" in s and s.startswith("SELECT")]
        assert len(asked) == 1


def test_two_at_the_same_moment(installation, env_as, world):
    """The second one waits for the first, and then is told by the database (or, on SQLite, finds it when it begins)."""
    found, ready = [], threading.Event()

    def second():
        with env_as("reza") as env:
            ready.set()
            try:
                env.create(UNIT, {"group": world["weight"], "name": "t"})
            except ValidationFailed as error:
                found.extend(env.t(e.message) for e in error.errors)
                env.connection.rollback()

    other = threading.Thread(target=second)
    with env_as("sara") as env:
        env.create(UNIT, {"group": world["weight"], "name": "t"})
        other.start()
        ready.wait(0.5)
        other.join(0.5)
    other.join(20)
    assert found == [SAID]
    with env_as("sara") as env:
        assert env.query(UNIT).where('name == "t"').count() == 1


def test_the_database_s_own_refusal_is_told_in_our_words(installation, env_as, world):
    table = installation.registry.record(UNIT).table
    with env_as("sara") as env, pytest.raises(ValidationFailed) as caught:
        env.execute(table.update().where(table.c.id == world["units"][1]).values(name="kg"))
    assert caught.value.errors[0].message.english() == SAID


def test_indexes_of_one_name_stand_side_by_side(installation):
    with installation.env(SYSTEM, write=False) as env:
        names = {i["name"] for t in (GROUP, UNIT) for i in inspect(env.connection).get_indexes(table_name(t)) if i["unique"]}
    assert len(names) == 2 and all(n.startswith("uq_pairs_unit_group_name_") for n in names)


def test_a_database_with_the_old_names_is_brought_up_to_date(installation):
    """An index made before its name was shared is made again under its own; nothing else is touched."""
    from core.schema.apply import apply
    from core.schema.plan import plan
    registry = installation.registry
    table = registry.record(GROUP).table
    unique = next(i for i in table.indexes if i.unique)
    new, old = str(unique.name), "uq_pairs_unit_group_name"
    with installation.engine.begin() as connection:
        assert plan(connection, registry.metadata).empty
        connection.execute(text(f"DROP INDEX {new}"))
        connection.execute(text(f"CREATE UNIQUE INDEX {old} ON pairs_unit_group (name) WHERE deleted_at IS NULL"))
        connection.execute(text("UPDATE sys_schema_object SET name = :old WHERE name = :new"), {"old": old, "new": new})
        steps = apply(connection, plan(connection, registry.metadata))
        assert {(s.kind, s.name) for s in steps} == {("add_index", new), ("drop_index", old)}
        assert plan(connection, registry.metadata).empty
