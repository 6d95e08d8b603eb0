"""One database with its addons, settings and files: what everything else is given.

Nothing is kept at module level, so several installations with different addons live in one process. The registry is
replaced as a whole when addons or customising change; work under way keeps the one it began with. Other processes
learn of a change by a counter that is read at the start of every piece of work.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, inspect, select

from core.addons import discovery, graph, lifecycle
from core.addons.discovery import BrokenManifest
from core.addons.manifest import Manifest
from core.database import make_engine
from core.editions import limits, moving
from core.editions import plans as editions
from core.env import Env
from core.errors import SarnakhError, SettingsError
from core.expressions.sorting import is_missing
from core.i18n.catalogs import Catalogs
from core.i18n.formats import Formatter, formatter
from core.i18n.messages import _
from core.jobs.engine import JobEngine
from core.registry.registry import Customising, Registry
from core.schema import ledger
from core.sealing import Vault
from core.secrets import Secrets, load_secrets
from core.security.actor import ANONYMOUS, SYSTEM, Actor, Bounds
from core.settings import Settings
from core.storage import Storage

ROOT = Path(__file__).resolve().parents[1]
BUILT_IN = ROOT / "addons"
REQUIRED = "base"
"""The addon that every installation has: it keeps users, roles and what else the core takes for granted."""
MOST_BOUNDED = 1000


@dataclass(frozen=True)
class Stored:
    """The enabled addons and the customising that a database holds, and the change counters that belong to them."""

    names: list[str]
    customising: Customising
    counters: dict[str, int]

    @property
    def definitions(self) -> int:
        """The counter of changes of addons and customising."""
        return self.counters.get("registry", 0)


class Installation:
    """See the module's text. `Installation.open(settings)` makes one ready for work."""

    def __init__(self, settings: Settings, name: str = "main") -> None:
        self.settings = settings
        self.name = name
        self.log = structlog.get_logger("sarnakh")
        self.engine: Engine = make_engine(settings)
        self.secrets: Secrets = load_secrets(Path(settings.security.secrets_file))
        self.vault = Vault(Path(settings.security.secrets_file))
        self.storage = Storage(settings.files)
        self.found: dict[str, Manifest | BrokenManifest] = {}
        self.broken: dict[str, str] = {}
        self.registry: Registry = None  # type: ignore[assignment]
        self.catalogs: Catalogs = None  # type: ignore[assignment]
        self.generation = 0
        self._versions = (-1, -1)
        self._actors: dict[int, Actor] = {}
        self._bounded: dict[tuple[int | None, Bounds], tuple[Actor, Actor]] = {}
        self._lock = threading.RLock()
        self._jobs: JobEngine | None = None
        self.boundless = False
        """Whether the edition's limits are left out of account: while a demo company is loaded."""

    @classmethod
    def open(cls, settings: Settings, name: str = "main") -> Installation:
        """Open the installation the settings name, its schema and addons brought up to date (made when new)."""
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = cls(settings, name)
        made.check_collation()
        made.discover()
        made.reload()
        return made

    def check_collation(self) -> None:
        """Refuse an order of texts that this database cannot give."""
        with self.reading() as connection:
            if is_missing(connection, self.settings.collation):
                raise SettingsError(_("locale.collation: this PostgreSQL was built without ICU, so it cannot sort by “{collation}”. "
                                      "Set it to “codepoint”, or use a PostgreSQL with ICU."), collation=self.settings.collation)

    def close(self) -> None:
        """Give connections back."""
        self.engine.dispose()
        if self._jobs is not None:
            self._jobs.close()

    # ---------------------------------------------------------------- addons and registry
    def discover(self) -> None:
        """Look for addons in the folders and installed packages again."""
        folders = [BUILT_IN, *(Path(f) for f in self.settings.addons.folders)]
        self.found = discovery.discover(folders)

    @property
    def manifests(self) -> dict[str, Manifest]:
        """Addons that can be used, by name."""
        return {n: m for n, m in self.found.items() if isinstance(m, Manifest)}

    def enabled_names(self, connection: Connection) -> list[str]:
        """Addons that are enabled according to the database; the required one in any case."""
        if not inspect(connection).has_table("sys_addon"):
            return [REQUIRED]
        table = ledger.define(Registry.blank_metadata()).addon
        rows = connection.execute(select(table.c.name).where(table.c.state == ledger.ENABLED)).scalars()
        return list(dict.fromkeys([REQUIRED, *rows]))

    def customising(self, connection: Connection) -> Customising:
        """What this installation changed, from the database."""
        if not inspect(connection).has_table("sys_custom"):
            return Customising()
        table = Registry.system_tables().custom
        return Customising({(r.kind, r.target): r.data for r in connection.execute(select(table))})

    def stored(self, connection: Connection) -> Stored:
        """What a registry is compiled from, with the counters as they were before it was read: if somebody changes it
        meanwhile, it is newer than they say and never older."""
        counters = read_counters(connection)
        return Stored(self.enabled_names(connection), self.customising(connection), counters)

    def compile(self, names: Iterable[str], customising: Customising, renew: Collection[str] = ()) -> Registry:
        """A registry of these addons; raises when one of them is broken.

        Those in `renew` are taken as their files are now. The others stay what they are in the present registry, so
        that files copied into place do nothing before the upgrade that they need.
        """
        present = self.registry.addons if self.registry is not None else {}
        kept = {name: addon for name, addon in present.items() if name not in renew}
        ordered = graph.resolve(self.found | {name: addon.manifest for name, addon in kept.items()}, list(names))
        enabled = {m.name for m in ordered}
        loaded: list[discovery.AddonModules] = []
        for manifest in ordered:
            if manifest.name in kept:
                loaded.append(discovery.as_loaded(kept[manifest.name], enabled))
            else:
                needed = {one.name for one in manifest.requirements}
                under = [addon.code for addon in loaded if addon.manifest.name in needed]
                loaded.append(discovery.load_modules(manifest, enabled, under))
        return Registry(loaded, customising, self.collation(customising))

    def collation(self, customising: Customising) -> str:
        """Whose alphabet orders texts: the settings' if they say so, else that of the language of the first start."""
        chosen = str(customising.of("setting").get("collation") or "")
        return self.settings.locale.collation or chosen or self.settings.collation

    def compile_working(self, names: Iterable[str], customising: Customising, renew: Collection[str] = ()) -> Registry:
        """A registry of those addons that work: a broken one is left out with all that needs it, and reported."""
        wanted = list(names)
        broken: dict[str, str] = {}
        while True:
            try:
                registry = self.compile([n for n in wanted if n not in broken], customising, renew)
                self.broken = broken
                return registry
            except (SarnakhError, ImportError, SyntaxError) as error:
                culprit = self._culprit([n for n in wanted if n not in broken], customising, renew)
                if culprit is None:
                    raise
                broken[culprit] = str(error)
                self.log.error("addon quarantined", addon=culprit, error=str(error))

    def _culprit(self, names: list[str], customising: Customising, renew: Collection[str]) -> str | None:
        """The first addon, in the order given, without which the others compile or which fails alone."""
        good = [REQUIRED]
        for name in names:
            if name == REQUIRED:
                continue
            try:
                self.compile([*good, name], customising, renew)
                good.append(name)
            except (SarnakhError, ImportError, SyntaxError):
                return name
        return None

    # ---------------------------------------------------------------- edition
    def edition_at_start(self, name: str, names: list[str]) -> tuple[list[str], Customising]:
        """The addons and the customising with which a new installation of an edition begins."""
        plan = editions.named(self, name)
        chosen = [n for n in names if n == REQUIRED or plan.has(n)]
        return list(dict.fromkeys([*chosen, *moving.addons_of(self, plan)])), Customising({limits.SETTING: name})

    def remember_edition(self, connection: Connection) -> None:
        """Write down the edition that the settings begin with."""
        moving.remember(connection, self.settings.addons.edition)

    def refuse_outside_edition(self, names: Iterable[str], customising: Customising) -> None:
        """Raise for an addon that the edition does not have which is in force by this customising."""
        edition = customising.rows.get(limits.SETTING)
        plan = editions.found(self, edition) if isinstance(edition, str) else None
        outside = [n for n in names if plan is not None and n != REQUIRED and n not in moving.permitted(self, plan)]
        if plan is not None and outside:
            raise SarnakhError(_("{addons}: not in the edition “{edition}”. Move to a larger edition first."), addons=", ".join(outside),
                               edition=plan.title(self.settings.locale.default_language))

    def reload(self) -> None:
        """Compile what the database says is enabled and bring the schema up to date with it."""
        with self._lock:
            lifecycle.start(self)

    def adopt(self, registry: Registry, counters: Mapping[str, int]) -> None:
        """Switch to a compiled registry; whoever holds the old one keeps it.

        `counters` are the change counters of what it was compiled from, so that what others change from then on is noticed.
        """
        folders = [ROOT / "core" / "locale", *(m.path / "locale" for m in registry.manifests)]
        aside = [m.path / "locale" for m in self.manifests.values() if m.name not in registry.addons]
        with self._lock:
            self.catalogs = Catalogs([f for f in folders if f.exists()], self.settings.data / "cache" / "i18n", aside)
            self.registry = registry
            self._actors = {}
            self.generation += 1
            self._versions = _versions(counters)

    def in_use(self) -> tuple[Registry, int]:
        """The registry with the counter of the definitions that it was compiled from."""
        with self._lock:
            return self.registry, self._versions[0]

    # ---------------------------------------------------------------- work
    @contextmanager
    def env(self, actor: Actor = SYSTEM, *, lang: str | None = None, write: bool = True, trusted: bool = False,
            now: dt.datetime | None = None) -> Iterator[Env]:
        """One transaction for an actor: commits on a clean exit, rolls back on an exception.

        `write=False` promises to read only, so SQLite takes no write lock. The system acts without limits.
        """
        with self.engine.connect() as connection:
            connection = connection.execution_options(sarnakh_write=write)
            env = Env(self, connection, self.registry, actor, lang=lang, trusted=trusted or actor is SYSTEM, now=now)
            try:
                yield env
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
        env.after_commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for looking only, which waits for no writer."""
        with self.engine.connect() as connection:
            yield connection.execution_options(sarnakh_write=False)

    def refresh(self, connection: Connection) -> dict[str, int]:
        """Read the change counters, which it returns; reload when another process changed addons."""
        counters = self._read_counters(connection)
        versions = _versions(counters)
        if versions == self._versions:
            return counters
        with self._lock:  # whoever comes meanwhile waits, since what was stored shall be seen at once
            old = self._versions
            if versions == old:
                return counters
            self._actors = {}
            if old[0] != versions[0]:
                self.discover()
                found = self.stored(connection)
                self.adopt(self.compile_working(found.names, found.customising, self._upgraded(connection)), found.counters)
            else:
                self._versions = versions
        return counters

    def _upgraded(self, connection: Connection) -> list[str]:
        """Addons whose files are of the version that the database was brought up to."""
        table = ledger.define(Registry.blank_metadata()).addon
        known = {name: version for name, version in connection.execute(select(table.c.name, table.c.version))}
        return [name for name, manifest in self.manifests.items() if known.get(name) == manifest.version]

    def _read_counters(self, connection: Connection) -> dict[str, int]:
        return {name: value for name, value in connection.execute(self.registry.read_counters)}

    def current(self) -> Installation:
        """Itself, after looking whether another process changed anything (workers call this before each job)."""
        with self.engine.connect() as connection:
            self.refresh(connection.execution_options(sarnakh_write=False))
        return self

    def bump(self, env: Env, counter: str) -> None:
        """Tell every process that "registry", "access" or another named thing changed, when this transaction commits; actors
        are loaded anew."""
        self.count(env, counter)
        env.on_commit.append(self._forget)
        self._actors = {}

    def count(self, env: Env, counter: str) -> None:
        """Move a change counter with this transaction; others that move it wait until it ends."""
        state = env.registry.system.state
        statement = env.insert_for(state).values(name=counter, value=1)
        env.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": state.c.value + 1}))
        env.counters[counter] = -uuid.uuid4().int

    def _forget(self) -> None:
        self._actors = {}

    def load_actor(self, user_id: int | None) -> Actor:
        """The complete actor for a user's number (None: the system); ANONYMOUS when there is no such active user."""
        if user_id is None:
            return SYSTEM
        known = self._actors.get(user_id)
        if known is None:
            with self.env(SYSTEM, write=False) as env:
                self.refresh(env.connection)
                known = self.registry.plugins.hook.load_actor(env=env, user_id=user_id) or ANONYMOUS
            self._actors[user_id] = known
        return known

    def bounded(self, actor: Actor, bounds: Bounds | None) -> Actor:
        """The actor as a program within these bounds acts for them: the same object each time, so that statements are kept."""
        if bounds is None:
            return actor
        known = self._bounded.get((actor.id, bounds))
        if known is None or known[0] is not actor:
            if len(self._bounded) > MOST_BOUNDED:
                self._bounded.clear()
            known = self._bounded[actor.id, bounds] = (actor, replace(actor, bounds=bounds))
        return known[1]

    def formatter(self, lang: str, actor: Actor) -> Formatter:
        """A formatter for a person's settings, shared by all who have the same."""
        return formatter(lang, actor.tz, actor.calendar, actor.digits, region=actor.region,
                         toman=bool(actor.settings.get("toman")))

    # ---------------------------------------------------------------- background work
    @property
    def jobs(self) -> JobEngine:
        """The bell that wakes workers."""
        if self._jobs is None:
            self._jobs = JobEngine(self.settings.jobs_url)
        return self._jobs

    def wake(self, job_ids: list[int]) -> None:
        """Ring after a commit."""
        self.jobs.wake(self.name, job_ids)


def read_counters(connection: Connection) -> dict[str, int]:
    """The change counters of a database, which may be a new one."""
    if not inspect(connection).has_table("sys_state"):
        return {}
    state = Registry.system_tables().state
    return {name: value for name, value in connection.execute(select(state.c.name, state.c.value))}


def _versions(counters: Mapping[str, int]) -> tuple[int, int]:
    return counters.get("registry", 0), counters.get("access", 0)
