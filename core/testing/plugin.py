"""Fixtures for tests of the core and of addons: real installations on SQLite and PostgreSQL, with people in them.

    def test_private(installation, env_as):
        with env_as("sara") as env:
            key = env.create("leads.lead", {"last_name": "Karimi"})
        with env_as("reza") as env, pytest.raises(NotFound):
            env.get("leads.lead", key)

`installation` runs a test on both databases. A template is made once per worker and set of addons; after each test its
installation is put back to that state (core/testing/pool.py). Choose addons with `@pytest.mark.addons("leads")`
(dependencies come along; default: every addon that ships), and one database with `@pytest.mark.database("sqlite")`.
People: admin (super-administrator), boss (Director, everything below), mina (Sales manager), sara and reza (Sellers
under mina), omid (a seller elsewhere), nobody (no rights but base).
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from core.env import Env
from core.installation import BUILT_IN, Installation
from core.security.actor import SYSTEM
from core.settings import load
from core.testing.pool import Loan

POSTGRES = os.environ.get("SARNAKH_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
PASSWORD = "correct horse 42"
KEPT_READY = 6
"""How many installations wait for a test that could use them."""
PEOPLE = (
    ("admin", "Admin Amini", None, None, True), ("boss", "Bahram Director", "Administrator", "Director", False),
    ("mina", "Mina Manager", "Standard", "Sales manager", False), ("sara", "Sara Seller", "Standard", "Seller", False),
    ("reza", "Reza Seller", "Standard", "Seller", False), ("omid", "Omid Other", "Standard", "Other seller", False),
    ("nobody", "Nobody Newcomer", "Bare", None, False),
)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    gc.set_threshold(50_000, 10, 100)  # half of the time of tests that open many installations went into looking for garbage
    config.addinivalue_line("markers", "addons(*names): addons of the installation (default: all that ship)")
    config.addinivalue_line("markers", "folders(*paths): further addon folders, relative to the test's root")
    config.addinivalue_line("markers", "database(*names): only these databases (sqlite, postgresql)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that asks for `database` (or `installation`) runs on both, unless it is marked."""
    if "database" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("database")
        names = mark.args if mark else ("sqlite", "postgresql")
        metafunc.parametrize("database", names, indirect=True)


class Templates:
    """Databases prepared once, copied for every test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[tuple[str, tuple[str, ...], tuple[str, ...]], str] = {}
        self._refused: str | None = None
        self._waiting: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Loan]] = {}
        self.cache = folder / "cache"
        self.cache.mkdir()

    def lend(self, database: str, addons: tuple[str, ...], folders: tuple[str, ...] = ()) -> Loan:
        """An installation in the template's state, one that an earlier test had or a new one."""
        waiting = self._waiting.get((database, addons, folders))
        if waiting:
            return waiting.pop()
        url = self.url(database, addons, folders)
        data = self.folder / f"data-{uuid.uuid4().hex}"
        data.mkdir()
        (data / "cache").symlink_to(self.cache)
        loan = Loan.of(open_installation(url, data, folders=folders), url, self._made[database, addons, folders])
        loan.parts["key"] = (database, addons, folders)
        return loan

    def take_back(self, loan: Loan) -> None:
        """Put an installation back to its template's state for the next test, or throw it away; the longest unused one goes."""
        key = loan.parts["key"]
        waiting = self._waiting.pop(key, [])
        if len(waiting) < 2 and loan.put_back():
            waiting.append(loan)
        else:
            self._discard(loan)
        self._waiting[key] = waiting
        while sum(map(len, self._waiting.values())) > KEPT_READY:
            for each in self._waiting.pop(next(iter(self._waiting))):
                self._discard(each)

    def _discard(self, loan: Loan) -> None:
        loan.inst.close()
        loan.parts.clear()
        if loan.url.startswith("sqlite"):
            Path(loan.url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        else:
            drop_postgres(loan.url)

    def url(self, database: str, addons: tuple[str, ...], folders: tuple[str, ...] = ()) -> str:
        """A fresh database with these addons and the people of this module."""
        key = (database, addons, folders)
        if database == "postgresql":
            self._need_postgres()
        if key not in self._made:
            made = f"sqlite:///{self.folder / uuid.uuid4().hex}.sqlite3" if database == "sqlite" else new_postgres()
            self._made[key] = made
            inst = open_installation(made, self.folder / "data", addons, folders)
            create_people(inst)
            inst.close()
            if database == "sqlite":
                with closing(sa.create_engine(made).raw_connection()) as raw:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._copy(self._made[key])

    def _copy(self, template: str) -> str:
        if template.startswith("sqlite"):
            target = self.folder / f"{uuid.uuid4().hex}.sqlite3"
            shutil.copyfile(template.removeprefix("sqlite:///"), target)
            return f"sqlite:///{target}"
        return new_postgres(template.rsplit("/", 1)[1])

    def _need_postgres(self) -> None:
        if self._refused is None:
            self._refused = postgres_problem() or ""
        if self._refused:
            if os.environ.get("CI"):
                pytest.fail(f"PostgreSQL is required in CI: {self._refused}")
            pytest.skip(f"PostgreSQL is not reachable: {self._refused}")

    def close(self) -> None:
        """Close what is left, and drop it in PostgreSQL."""
        for loan in [loan for waiting in self._waiting.values() for loan in waiting]:
            self._discard(loan)
        for (database, *_rest), url in self._made.items():
            if database == "postgresql":
                drop_postgres(url)


def postgres_problem() -> str | None:
    """Why PostgreSQL cannot be used, or None."""
    try:
        engine = sa.create_engine(POSTGRES, connect_args={"connect_timeout": 3})
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        engine.dispose()
    except Exception as error:  # noqa: BLE001 - whatever keeps us from it is the reason shown
        return str(error).splitlines()[0]
    return None


def new_postgres(template: str = "") -> str:
    """A new database on the test server; returns its address."""
    name = f"sarnakh_test_{uuid.uuid4().hex[:12]}"
    _postgres(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    _postgres(f'ALTER DATABASE "{name}" SET synchronous_commit = off')  # nothing here has to survive a power cut
    return POSTGRES.rsplit("/", 1)[0] + "/" + name


def drop_postgres(url: str) -> None:
    """Drop a database made by :func:`new_postgres`."""
    _postgres(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')


def _postgres(statement: str) -> None:
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def shipped_addons() -> tuple[str, ...]:
    """Names of all addons in the built-in folder."""
    return tuple(sorted(p.parent.name for p in BUILT_IN.glob("*/addon.toml")))


def open_installation(url: str, data: Path, addons: tuple[str, ...] = (), folders: tuple[str, ...] = ()) -> Installation:
    """An installation over a database address, with these addons enabled if it is new."""
    settings = load((), {}, {"database.url": url, "storage.data": str(data), "addons.folders": list(folders),
                             "addons.enabled_at_start": list(addons), "jobs.engine": "sqlite",
                             "database.pool_size": 4})
    made = Installation.open(settings)
    if next(_opened) % 4 == 0:
        gc.unfreeze()
        gc.collect()
    gc.freeze()  # a registry is a million objects, which every full collection would walk through
    return made


_opened = itertools.count()
"""Each fourth time, those that were closed meanwhile are cleared away."""


def create_people(inst: Installation) -> None:
    """The people named in this module's text."""
    with inst.env(SYSTEM) as env:
        profiles = {r["name"]: r["id"] for r in env.query("base.profile").select("name").rows()}
        profiles["Bare"] = env.create("base.profile", {"name": "Bare", "sets": [], "areas": []})
        director = env.query("base.role").where('name == "Director"').ids()[0]
        manager = env.create("base.role", {"name": "Sales manager", "parent": director})
        roles = {"Director": director, "Sales manager": manager,
                 "Seller": env.create("base.role", {"name": "Seller", "parent": manager}),
                 "Other seller": env.create("base.role", {"name": "Other seller", "parent": director})}
        env.create("base.user", [{
            "login": login, "name": name, "email": f"{login}@example.com", "profile": profiles.get(profile or ""),
            "role": roles.get(role or ""), "is_super": is_super} for login, name, profile, role, is_super in PEOPLE])


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """The session's template databases."""
    made = Templates(tmp_path_factory.mktemp("templates"))
    yield made
    made.close()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database this test runs on."""
    return str(request.param)


@pytest.fixture
def installation(database: str, templates: Templates, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An installation for one test, in the state of the template."""
    mark, places = request.node.get_closest_marker("addons"), request.node.get_closest_marker("folders")
    folders = tuple(str(request.config.rootpath / p) for p in places.args) if places else ()
    loan = templates.lend(database, tuple(mark.args) if mark else shipped_addons(), folders)
    yield loan.inst
    templates.take_back(loan)


def user_id(inst: Installation, login: str) -> int:
    """A person's number by their login name."""
    with inst.env(SYSTEM, write=False) as env:
        return int(env.query("base.user").where(f'login == "{login}"').ids()[0])


@pytest.fixture
def env_as(installation: Installation) -> Callable[[str], AbstractContextManager[Env]]:
    """`env_as("sara")` is an environment in which that person acts."""
    @contextmanager
    def make(login: str, **options: Any) -> Iterator[Env]:
        with installation.env(installation.load_actor(user_id(installation, login)), **options) as env:
            yield env
    return make


@contextmanager
def query_budget(inst: Installation, most: int) -> Iterator[list[str]]:
    """Fails when more than `most` statements run on the installation's engine meanwhile."""
    seen: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(inst.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        event.remove(inst.engine, "before_cursor_execute", count)
    assert len(seen) <= most, f"{len(seen)} statements, at most {most} allowed:\n" + "\n".join(s[:200] for s in seen)


