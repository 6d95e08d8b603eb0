"""Using a connection to another service. The secrets stay in here.

    with env.elevated("prices of the supplier") as sudo:
        service = connection(sudo, "Supplier", "prices of the supplier")
        env.commit()                                   # nothing may wait in the database while we wait for others
        with service:
            found = service.get("/v1/prices").json()
    env.update(...)

Requests go to the connection's address and below it, nowhere else; redirects are not followed. Protocols other than HTTP take the
token alone (`access_to`). An access token of OAuth 2 is renewed
when it runs out, in a transaction of its own.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Self
from urllib.parse import urlsplit

import requests

from core.api import SYSTEM, AccessDenied, DefinitionError, Env, F, Job, NotFound, NotOutside, SarnakhError, _, outward_session

from . import connection_oauth
from .connection_oauth import NotConnected
from .connection_rules import BASIC, BEARER, CLIENT, CONNECTION, FAILING, KEY, NEW, OAUTH, USE, WORKING, within


def connection(env: Env, which: int | str, purpose: str) -> Service:
    """A connection by its number or name, for elevated code, which says what it is used `for`; that goes into the connection's log."""
    if not env.access.trusted:
        raise AccessDenied(_("Secrets are not read here."))
    query = env.query(CONNECTION).where(F.active)
    query = query.with_ids([which]) if isinstance(which, int) else query.where(F.name == which)
    rows = query.select(*connection_oauth.PATHS).rows(1)
    if not rows:
        raise NotFound(_("There is no connection “{name}”, or it is switched off.", name=str(which)))
    return Service(env, rows[0], purpose)


def access_to(env: Env, key: int, http: Any) -> Callable[[], str]:
    """A way to the access token of a connection of OAuth 2, for protocols that are not HTTP (mail), for elevated code. It is called
    while no transaction is open, gives a token that is good now, and raises NotConnected where there is none to be had
    (`connection_oauth.Unreached`: for now). `http` is a guarded session."""
    if not env.access.trusted:
        raise AccessDenied(_("Secrets are not read here."))
    return partial(connection_oauth.access_token, env.installation, key, http)


class Service:
    """A session with one service. Use it as a context manager, and not while a transaction is open."""

    def __init__(self, env: Env, row: dict[str, Any], purpose: str) -> None:
        self._env, self._row, self._purpose = env, row, purpose
        self._http = outward_session(env)
        self._secret = env.unseal(row["secret"]) or ""
        self._use: int | None = None
        self._calls, self._problem = 0, ""
        self._status: int | None = None

    @property
    def test_path(self) -> str:
        """The page that answers when the access is good."""
        return str(self._row["test_path"] or "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def get(self, path: str, **options: Any) -> requests.Response:
        """GET a path under the connection's address."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        """POST to a path under the connection's address."""
        return self.request("POST", path, **options)

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request with the connection's access; options are those of `requests`. NotConnected when there is none to be had."""
        if not self._env.is_idle:
            raise DefinitionError(_("Commit before another service is called: nothing in the database may wait for it."))
        url = self._url(path)
        self._log()
        try:
            answer = self._send(method, url, options, "")
        except (requests.RequestException, SarnakhError) as error:
            self._problem = type(error).__name__
            raise
        self._status = answer.status_code
        return answer

    def _send(self, method: str, url: str, options: dict[str, Any], spent: str) -> requests.Response:
        headers, token = self._access(spent)
        self._calls += 1
        answer = self._http.request(method, url, **{**options, "headers": {**options.get("headers", {}), **headers}})
        if answer.status_code == 401 and token and not spent:  # it was withdrawn before its time: once more with a fresh one
            return self._send(method, url, options, token)
        return answer

    def _access(self, spent: str) -> tuple[dict[str, str], str]:
        kind, secret = self._row["kind"], self._secret
        if kind == KEY:
            return {self._row["header"]: secret}, ""
        if kind == BASIC:
            pair = f"{self._row['username']}:{secret}".encode()
            return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}, ""
        if kind == BEARER:
            return {"Authorization": f"Bearer {secret}"}, ""
        assert kind in (OAUTH, CLIENT)
        token = connection_oauth.access_token(self._env.installation, self._row["id"], self._http, spent)
        return {"Authorization": f"Bearer {token}"}, token

    def _url(self, path: str) -> str:
        url = path if urlsplit(path).scheme else f"{self._row['address'].rstrip('/')}/{path.lstrip('/')}"
        if not within(self._row["address"], url):
            raise NotOutside(_("{address} is not under the address of this connection.", address=url[:200]))
        return url

    # ------------------------------------------------------------ who used it
    def _log(self) -> None:
        """Written before anything is sent, in a transaction of its own: no rollback hides who used it."""
        if self._use is None:
            with self._env.installation.env(SYSTEM) as own:
                self._use = own.create(USE, {"service": self._row["id"], "user": self._env.actor.id, "purpose": self._purpose[:200]})

    def close(self) -> None:
        """End the session, and write down how it went."""
        self._http.close()
        if self._use is None:
            return
        values = {self._use: {"calls": self._calls, "status": self._status, "problem": self._problem or None}}
        if self._env.is_idle:
            with self._env.installation.env(SYSTEM) as own:
                own.derive(USE, values)
        else:
            self._env.derive(USE, values)
        self._use = None


def save(env: Env, key: int | None, values: Mapping[str, Any], secret: str) -> int:
    """Write a connection as the acting person, who may type a secret in although nobody reads it. "" leaves it as it is."""
    env.require("create" if key is None else "update", CONNECTION)
    if key is not None and env.allowed_ids("update", CONNECTION, [key]) != {key}:
        raise NotFound
    hidden = {"tokens", "pending", "secret"}
    plain = {name: value for name, value in values.items() if name not in hidden} | ({"secret": secret} if secret else {})
    with env.elevated("a connection is set up") as sudo:
        if key is not None:
            sudo.update(CONNECTION, key, plain)
            return key
        made: int = sudo.create(CONNECTION, plain)
    return made


def cut_off(env: Env, key: int) -> None:
    """Forget the tokens of a connection, for who may change it."""
    if env.allowed_ids("update", CONNECTION, [key]) != {key}:
        raise NotFound
    with env.elevated("a connection is cut off") as sudo:
        sudo.update(CONNECTION, key, {"tokens": None, "pending": None})
        sudo.derive(CONNECTION, {key: {"health": NEW, "problem": None, "connected_at": None}})
    env.log("connection_cut_off", record=CONNECTION, record_id=key)


def try_out(env: Env, work: Job) -> None:
    """Ask the service for its test page, and write down whether the access is good."""
    key = work.payload["connection"]
    try:
        service = connection(env, key, env.t(_("Test")))
    except NotFound:
        return
    work.checkpoint({"begun": True})
    problem = ""
    try:
        with service:
            status = service.get(service.test_path).status_code
        problem = "" if status < 400 else env.t(_("The service answered {status}.", status=status))
    except (NotConnected, NotOutside) as error:
        problem = env.t(error.message)
    except requests.RequestException as error:
        problem = env.t(_("It cannot be reached: {reason}", reason=type(error).__name__))
    env.derive(CONNECTION, {key: {"health": FAILING if problem else WORKING, "problem": problem[:500] or None}})
