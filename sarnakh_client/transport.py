"""Requests that arrive: retried with back-off when the network or the server stumbles, without doing anything twice.

Every write carries an `Idempotency-Key` made here, the same one for all tries of it: when the answer to a create gets lost, the
next try is given the answer of the first, and there is one record.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from .auth import Auth
from .errors import BadAnswer, Problem, TooMany, Unreachable, problem

AGAIN = (429, 502, 503, 504)
"""Answers after which the same request may succeed."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
Json = Any


@dataclass(frozen=True)
class Retry:
    """How patient a client is: tries in all, the first pause and the longest one, in seconds."""

    tries: int = 5
    pause: float = 0.5
    longest: float = 60.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def before(self, attempt: int, asked: float | None) -> float:
        """The pause before the next try: what the server asked for, else a random part of a doubling time, so that many
        clients do not come back together."""
        if asked is not None:
            return asked
        return min(self.longest, self.pause * 2.0 ** attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class _Bearer(AuthBase):
    """Sets the header itself, since `requests` would let a `.netrc` file override one that is passed along."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.value
        return request


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps `requests` from adding what a `.netrc` file holds."""
    return request


class Transport:
    """Talks to one installation."""

    def __init__(self, address: str, auth: Auth, *, prefix: str = "/api/v1", timeout: float = 30.0, retry: Retry | None = None,
                 language: str = "", allow_http: bool = False, session: requests.Session | None = None) -> None:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        if parts.scheme != "https" and not (allow_http or parts.hostname in LOOPBACK):
            raise ValueError(f"{address} would send the key in the clear; use https, or say allow_http=True in a network you trust.")
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.prefix, self.auth, self.timeout, self.retry = prefix, auth, timeout, retry or Retry()
        self.session = session or requests.Session()
        self.headers = {"Accept": "application/json, application/problem+json", "User-Agent": "sarnakh-client/0.1"}
        if language:
            self.headers["Accept-Language"] = language
        self._endpoints: dict[str, str] = {}

    def json(self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Json = None, *,
             headers: Mapping[str, str] | None = None, key: str = "") -> Json:
        """The decoded answer of a request with a JSON body; None where there is none."""
        answer = self.send(method, path, params, json=body, headers=headers, key=key)
        if answer.status_code == 204 or not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise BadAnswer(f"{method} {path} was answered without JSON ({answer.headers.get('Content-Type', '')}).") from error

    def send(self, method: str, path: str, params: Mapping[str, Any] | None = None, *, headers: Mapping[str, str] | None = None,
             key: str = "", **options: Any) -> requests.Response:
        """The answer of a request once it succeeds; a :class:`Problem` for a refusal."""
        sent = {**self.headers, **(headers or {})}
        if method in WRITES:
            sent["Idempotency-Key"] = key or str(uuid.uuid4())
        if options.get("json") is None:
            options.pop("json", None)
        url = path if path.startswith(("http:", "https:")) else f"{self.address}{self.prefix}{path}"
        chosen = {name: value for name, value in (params or {}).items() if value is not None}
        answer = self._tried(method, url, {"params": chosen, "headers": sent, **options})
        if answer.status_code >= 300:
            raise refusal(answer)
        return answer

    def _tried(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        renewed, attempt = False, 0
        while True:
            last, asked = attempt >= self.retry.tries - 1, None
            try:
                answer = self.session.request(method, url, auth=_Bearer(self.auth.header(self.post_form)), timeout=self.timeout,
                                              allow_redirects=False, **options)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                if last:
                    raise Unreachable(f"{self.address} does not answer ({type(error).__name__}).") from error
            else:
                if answer.status_code == 401 and not renewed and self.auth.renew(self.post_form):
                    renewed = True
                    continue
                if last or answer.status_code not in AGAIN and not (attempt and still_at_it(answer)):
                    return answer
                asked = retry_after(answer)
                if asked is not None and asked > self.retry.longest:
                    return answer
            self.retry.sleep(self.retry.before(attempt, asked))
            attempt += 1

    def post_form(self, endpoint: str, form: dict[str, str]) -> requests.Response:
        """Post to the authorisation server, whose addresses are found once (RFC 8414)."""
        try:
            if endpoint not in self._endpoints:
                found = self.session.get(f"{self.address}/.well-known/oauth-authorization-server", timeout=self.timeout,
                                         allow_redirects=False, auth=_nobody).json()
                self._endpoints.update({k: v for k, v in found.items() if isinstance(v, str) and k.endswith("_endpoint")})
                self._same_place(self._endpoints[endpoint])
            return self.session.post(self._endpoints[endpoint], data=form, timeout=self.timeout, allow_redirects=False,
                                     auth=_nobody, headers={"Accept": "application/json"})
        except (requests.ConnectionError, requests.Timeout) as error:
            raise Unreachable(f"{self.address} does not answer ({type(error).__name__}).") from error
        except (ValueError, KeyError, AttributeError) as error:
            raise BadAnswer("This server publishes no OAuth endpoints.") from error

    def _same_place(self, url: str) -> None:
        """A secret goes to nobody else, whatever the document says."""
        if urlsplit(url)[:2] != urlsplit(self.address)[:2]:
            raise BadAnswer(f"The token endpoint {url} is not at {self.address}.")


def refusal(answer: requests.Response) -> Problem | BadAnswer:
    """The exception for an answer that is no success."""
    body: Any = None
    with contextlib.suppress(ValueError):
        body = answer.json()
    if answer.status_code < 400:
        return BadAnswer(f"The server sends us to {answer.headers.get('Location', '')}; use that address.")
    found = problem(answer.status_code, body if isinstance(body, dict) else {})
    if isinstance(found, TooMany):
        found.retry_after = retry_after(answer)
    return found


def still_at_it(answer: requests.Response) -> bool:
    """Whether the first try of a write, whose answer was lost, is still being worked on."""
    return answer.status_code == 409 and answer.headers.get("Content-Type", "").startswith("application/problem+json") \
        and "difference" not in answer.text


def retry_after(answer: requests.Response) -> float | None:
    """The seconds that `Retry-After` asks for: a number or a moment."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, (email.utils.parsedate_to_datetime(text) - dt.datetime.now(dt.UTC)).total_seconds())
    return None
