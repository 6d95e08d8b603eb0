"""The planner's statistics are made by a job."""

import pytest
from sqlalchemy import text

from core.jobs.hosting import OneInstallation
from core.jobs.worker import Worker
from core.security.actor import SYSTEM
from core.upkeep import TOPIC, analyze


@pytest.mark.addons("base")
def test_statistics_are_made(installation):
    with installation.env(SYSTEM) as env:
        env.enqueue(TOPIC, {}, dedupe=TOPIC)
    assert Worker(OneInstallation(installation), installation.jobs).run_pending(installation, seconds=10) == 1
    if installation.settings.is_sqlite:
        with installation.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'")).scalar_one()
    assert TOPIC in {s.topic for s in installation.registry.schedules.values()}


@pytest.mark.addons("contacts")
@pytest.mark.database("sqlite")
def test_connections_that_are_open_learn_of_it_and_small_tables_are_looked_up(installation):
    """A table that was small when statistics were made is not read as a whole for each row once it has grown."""
    def plan(connection):
        question = "EXPLAIN QUERY PLAN SELECT c.name, a.name FROM contacts_contact c LEFT JOIN contacts_account a ON a.id = c.id"
        return str(connection.exec_driver_sql(question).all())

    with installation.engine.connect() as other, installation.env(SYSTEM) as env:
        owner = env.query("base.user").ids(1)[0]
        env.create("contacts.contact", [{"last_name": f"C{i}", "owner": owner} for i in range(1500)])
        env.create("contacts.account", {"name": "Only one", "owner": owner})
        env.commit()
        analyze(env, None)
        assert "SCAN a" not in plan(env.connection)
        env.commit()
        assert "SCAN a" not in plan(other)
        known = "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'contacts_contact'"
        assert other.exec_driver_sql(known).scalar_one() >= 1000
