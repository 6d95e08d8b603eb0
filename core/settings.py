"""Every setting there is: declared once, with its type, default, limits and help; read from files, environment, flags.

    settings = load([Path("config/default.toml")], os.environ, {"server.port": "0"})
    settings.server.port

A later source wins: declared default < files in their order < environment (`SARNAKH_SERVER_PORT`) < flags. A wrong key
or value stops the start with the place, the key and what is allowed. `settings_reference` renders the page in the docs
from the same declarations; how texts become values is in :mod:`core.settings_values`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import SettingsError
from core.i18n.messages import _
from core.i18n.text import COLLATIONS
from core.settings_values import Option, Overlay, group_values, option, options_of, read_toml, reference, split_environ


@dataclass(frozen=True, slots=True)
class Server:
    """The web server's doors."""

    host: str = option("127.0.0.1", _("Address to listen on; 0.0.0.0 for every network of the machine."))
    port: int = option(8420, _("Port to listen on; 0 takes any free one."), least=0, most=65535)
    threads: int = option(8, _("Requests handled at the same time by one process."), least=1, most=256)
    public_url: str = option("", _("The address people type, for links in mails: https://crm.example.com. "
                                 "Empty: the address of the request."),
                             pattern=r"(https?://[^\s/]+(/\S*)?)?", form="https://host or http://host")
    trusted_proxies: int = option(0, _("How many reverse proxies stand before this server; their X-Forwarded headers "
                                     "are believed, others are not."), least=0, most=10)
    secure_cookies: bool = option(False, _("Send cookies over HTTPS only. Switch on wherever people come by HTTPS."))


@dataclass(frozen=True, slots=True)
class Database:
    """Where records are kept."""

    url: str = option("", _("SQLAlchemy address: sqlite:///path or postgresql+psycopg://user:password@host/name. "
                          "Empty: sarnakh.sqlite3 in the data folder."),
                      pattern=r"((sqlite:///|postgresql(\+psycopg)?://)\S+)?",
                      form="sqlite:///path or postgresql+psycopg://user:password@host/name", secret=True)
    pool_size: int = option(10, _("Connections kept open by one process (PostgreSQL)."), least=1, most=200)
    statement_timeout: int = option(30, _("Seconds until PostgreSQL ends a statement of a web request; 0 for never."),
                                    least=0, most=3600)


@dataclass(frozen=True, slots=True)
class Jobs:
    """Work done in the background."""

    engine: str = option("", _("What wakes the workers. Empty: the same kind as the database."),
                         allowed=("", "sqlite", "postgres", "redis"))
    redis_url: str = option("redis://127.0.0.1:6379/0", _("Redis, when it is the engine."), secret=True,
                            pattern=r"rediss?://\S+", form="redis://host:port/number")
    workers: int = option(2, _("Jobs done at the same time by one worker process."), least=1, most=64)


@dataclass(frozen=True, slots=True)
class Storage:
    """Where files are kept."""

    data: str = option("var", _("The data folder: database, files, secrets. Relative to where the server is started."))
    path: str = option("", _("Folder of uploaded files. Empty: `files` in the data folder."))


@dataclass(frozen=True, slots=True)
class Mail:
    """How mails leave."""

    host: str = option("", _("SMTP server. Empty: mails are kept in the data folder instead of being sent."))
    port: int = option(587, _("Port of the SMTP server."), least=1, most=65535)
    encryption: str = option("starttls", _("How the connection is protected."), allowed=("starttls", "tls", "none"))
    user: str = option("", _("Name to sign in with; empty for none."))
    password: str = option("", _("Password to sign in with."), secret=True)
    sender: str = option("", _("Address that mails come from."), pattern=r"([^@\s]+@[^@\s]+|.+ <[^@\s]+@[^@\s]+>)?",
                         form="name@host or Name <name@host>")


@dataclass(frozen=True, slots=True)
class Security:
    """Signing in and what may be sent to the server."""

    session_hours: int = option(12, _("Hours without a click after which one is signed out."), least=1, most=8760)
    login_attempts: int = option(10, _("Wrong passwords within 15 minutes before a name or an address has to wait."),
                                 least=3, most=1000)
    max_upload_mb: int = option(50, _("Largest file that is taken, in megabytes."), least=1, most=2048)
    secrets_file: str = option("", _("File of the keys that nobody may read. Empty: secrets.json in the data folder, "
                                     "made at the first start."))


@dataclass(frozen=True, slots=True)
class Locale:
    """What a new installation and a new user begin with; everybody can choose otherwise."""

    default_language: str = option("en", _("Language."), allowed=("en", "fa", "tr"))
    collation: str = option("", _("The order of names in lists: of the English, Persian or Turkish alphabet, or by "
                                  "code point. Empty: as the language. After a change the next start makes the "
                                  "indexes anew."), allowed=("", *COLLATIONS))
    time_zone: str = option("UTC", _("Time zone: Asia/Tehran, Europe/Istanbul …"), check="time_zone")
    calendar: str = option("gregorian", _("Calendar."), allowed=("gregorian", "jalali"))
    country: str = option("IR", _("Country of telephone numbers without one: two letters."),
                         pattern=r"[A-Z]{2}", form="two capital letters")
    currency: str = option("IRR", _("Currency of the company: three letters."),
                         pattern=r"[A-Z]{3}", form="three capital letters")


@dataclass(frozen=True, slots=True)
class Addons:
    """Where addons come from."""

    folders: tuple[str, ...] = option((), _("More folders to look for addons in, besides the ones that come along and "
                                          "installed packages."))
    enabled_at_start: tuple[str, ...] = option((), _("Addons that a new installation enables by itself."))
    edition: str = option("", _("Edition that a new installation begins with: the name of a file in config/editions. Empty: none, "
                                "everything may be enabled."), pattern=r"([a-z][a-z0-9_-]*)?",
                          form="lower-case letters, digits, - and _")
    edition_in_browser: bool = option(True, _("Administrators may move to another edition in the browser; otherwise only the "
                                              "command line does."))


@dataclass(frozen=True, slots=True)
class Web:
    """The pages."""

    theme: str = option("default", _("Name of a folder in themes/."),
                       pattern=r"[a-z][a-z0-9_-]*", form="lower-case letters, digits, - and _")
    rate_limit: int = option(600, _("Requests a minute taken from one signed-in user or one address; 0 for no limit."),
                             least=0, most=1000000)
    api_rate_limit: int = option(1200, _("Requests a minute taken from one token of the API; 0 for no limit."), least=0, most=1000000)
    cors_origins: tuple[str, ...] = option((), _("Other sites whose scripts may call the API from a browser, such as "
                                               "https://www.example.com; * for all. Empty: none."))


@dataclass(frozen=True, slots=True)
class Outward:
    """What the server itself connects to: gateways, mail servers, webhooks."""

    allowed: tuple[str, ...] = option((), _("Addresses of your own network that may be reached: names, name:port, or networks such as "
                                          "10.0.0.0/8. All others must be public."))
    proxy: str = option("", _("Address of an HTTP proxy for calls to gateways; empty: none."))


@dataclass(frozen=True, slots=True)
class Log:
    """What the server writes about itself."""

    level: str = option("info", _("Least important line that is written."),
                        allowed=("debug", "info", "warning", "error"))
    format: str = option("console", _("console for people, json for machines."), allowed=("console", "json"))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, frozen; one attribute for each group. Paths and the database's address are complete."""

    server: Server = dataclasses.field(default_factory=Server)
    database: Database = dataclasses.field(default_factory=Database)
    jobs: Jobs = dataclasses.field(default_factory=Jobs)
    storage: Storage = dataclasses.field(default_factory=Storage)
    mail: Mail = dataclasses.field(default_factory=Mail)
    security: Security = dataclasses.field(default_factory=Security)
    locale: Locale = dataclasses.field(default_factory=Locale)
    addons: Addons = dataclasses.field(default_factory=Addons)
    web: Web = dataclasses.field(default_factory=Web)
    outward: Outward = dataclasses.field(default_factory=Outward)
    log: Log = dataclasses.field(default_factory=Log)

    @property
    def data(self) -> Path:
        """The data folder, absolute."""
        return Path(self.storage.data)

    @property
    def dropped(self) -> Path:
        """The folder for what upgrades and purges take out of the database."""
        return self.data / "dropped"

    @property
    def files(self) -> Path:
        """The folder of uploaded files, absolute."""
        return Path(self.storage.path)

    @property
    def jobs_url(self) -> str:
        """The address of the queue that wakes workers; with SQLite a file of its own, since huey locks it whole."""
        if self.jobs.engine == "redis":
            return self.jobs.redis_url
        return f"sqlite:///{self.data / 'jobs.sqlite3'}" if self.jobs.engine == "sqlite" else self.database.url

    @property
    def collation(self) -> str:
        """By which alphabet texts are sorted."""
        return self.locale.collation or self.locale.default_language

    @property
    def is_sqlite(self) -> bool:
        """Whether records are in SQLite."""
        return self.database.url.startswith("sqlite")


GROUPS: dict[str, type] = {
    "server": Server, "database": Database, "jobs": Jobs, "storage": Storage, "mail": Mail, "security": Security,
    "locale": Locale, "addons": Addons, "web": Web, "outward": Outward, "log": Log,
}

OPTIONS: tuple[Option, ...] = tuple(found for name, group in GROUPS.items() for found in options_of(name, group))


def load(files: Iterable[Path] = (), environ: Mapping[str, str] | None = None,
         overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the sources in their order; `overrides` has keys like "server.port". Raises `SettingsError`."""
    overlay = Overlay(OPTIONS)
    for path in files:
        for key, value in read_toml(path):
            overlay.put(key, value, str(path))
    for key, value, variable in split_environ(OPTIONS, environ or {}):
        overlay.put(key, value, variable, textual=True)
    for key, value in (overrides or {}).items():
        overlay.put(key, value, "--" + key, textual=isinstance(value, str))
    groups = {name: group(**group_values(overlay.values, name)) for name, group in GROUPS.items()}
    return _complete(Settings(**groups))


def _complete(settings: Settings) -> Settings:
    """Fill in what depends on other settings: absolute folders, the database's address, the jobs' engine."""
    data = Path(settings.storage.data).expanduser().resolve()
    files = Path(settings.storage.path).expanduser().resolve() if settings.storage.path else data / "files"
    url = settings.database.url or f"sqlite:///{data / 'sarnakh.sqlite3'}"
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    engine = settings.jobs.engine or ("sqlite" if url.startswith("sqlite") else "postgres")
    if engine == "postgres" and url.startswith("sqlite"):
        raise SettingsError(_("jobs.engine: “postgres” needs database.url to name a PostgreSQL database."))
    secrets = settings.security.secrets_file or str(data / "secrets.json")
    return dataclasses.replace(
        settings,
        storage=dataclasses.replace(settings.storage, data=str(data), path=str(files)),
        database=dataclasses.replace(settings.database, url=url),
        jobs=dataclasses.replace(settings.jobs, engine=engine),
        security=dataclasses.replace(settings.security, secrets_file=secrets),
    )


def settings_reference() -> str:
    """The reference page in Markdown (docs/admin/settings.md is this text; a test compares them)."""
    return reference({name: (group.__doc__ or "") for name, group in GROUPS.items()}, OPTIONS)
