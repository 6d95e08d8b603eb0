"""Calling a provider, and its answer. Errors name the host only, and carry no exception of the libraries below: their texts hold
whole addresses, and so keys."""

from __future__ import annotations

import json
import logging
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from addons.messaging.contract import Account, Later, Refused, Unclear
from core.api import SarnakhError, _

# It logs the address of every request, in which some providers want their key.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)

LONGEST_WAIT = 3600
SHORTEST_SECRET = 8
NEVER_SENT = (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema,
              requests.exceptions.InvalidHeader, requests.exceptions.InvalidJSONError, ValueError)


@dataclass(frozen=True)
class Answer:
    """What a provider answered: HTTP status, headers by names in small letters, text. `asking` as in :func:`call`."""

    status: int
    headers: Mapping[str, str]
    text: str = field(repr=False)
    host: str = ""
    asking: bool = False

    @property
    def json(self) -> Any:
        """The answer as JSON; numbers with a fraction are exact. Raises what `unreadable` says when it is none."""
        try:
            return json.loads(self.text, parse_float=Decimal)
        except (ValueError, RecursionError):
            pass
        raise self.unreadable()

    @property
    def object(self) -> dict[str, Any]:
        """The answer as a JSON object; anything else is unreadable."""
        found = self.json
        if not isinstance(found, dict):
            raise self.unreadable()
        return found

    def unreadable(self) -> SarnakhError:
        """What to raise when the answer is not what the provider's protocol says."""
        if self.status >= 400:
            return Refused(_("{host} refused the request with HTTP status {status}. Look at the account's address and key.",
                             host=self.host, status=self.status), str(self.status))
        return self.uncertain()

    def uncertain(self) -> SarnakhError:
        """What to raise when the answer leaves open what the provider did."""
        return _unclear(_("The answer of {host} cannot be read.", host=self.host), self.asking)


def call(account: Account, method: str, url: str, *, asking: bool = False, explained: Container[int] = (),
         hidden: Sequence[str] = (), **kw: Any) -> Answer:
    """A request of an account (`kw` as for `requests`: params, data, json, headers, auth ...), and its answer.

    `asking`: nothing is lost or sent twice if it is made again, so trouble is always Later. `explained`: HTTP statuses besides
    those below 500 that the provider explains in its answer; any other makes it Unclear whether it did its work. `hidden`: secrets,
    which an answer that repeats them is shown without. Raises Later (not reached, or HTTP 429), Refused (an address that cannot be,
    or is in our own network), Unclear.
    """
    host = _host(url)
    answered: list[bool] = []
    trouble: SarnakhError
    try:
        got = account.http.request(method, url, hooks={"response": lambda *a, **k: answered.append(True)}, **kw)
    except SarnakhError as error:  # our own guard: before anything was sent, or an answer that is too large
        trouble = _unclear(error.message, asking) if answered else Refused(error.message)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        trouble = _trouble(error, host, asking, bool(answered))
    else:
        return _looked_at(got, host, asking, explained, hidden)
    raise trouble  # out here, so that it brings along no error that tells the address


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _unclear(reason: str, asking: bool) -> SarnakhError:
    return Later(reason) if asking else Unclear(reason)


def _trouble(error: Exception, host: str, asking: bool, answered: bool) -> SarnakhError:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.ConnectTimeout) or isinstance(
            reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return Later(_("{host} cannot be reached.", host=host))
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Refused(_("{host} does not prove who it is (its certificate is not valid).", host=host))
    if isinstance(error, NEVER_SENT) and not answered:
        return Refused(_("The account's address or key holds something that cannot be sent."))
    if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error).lower():
        return _unclear(_("{host} did not answer in time.", host=host), asking)
    return _unclear(_("The connection to {host} broke.", host=host), asking)


def _looked_at(got: requests.Response, host: str, asking: bool, explained: Container[int], hidden: Sequence[str]) -> Answer:
    status = got.status_code
    if status == 429:
        raise Later(_("{host} wants fewer requests.", host=host), _wait(got.headers.get("Retry-After", "")))
    if 300 <= status < 400:
        raise Refused(_("{host} sends us to another address. Look at the account's address.", host=host), str(status))
    if (status >= 500 or status == 408) and status not in explained:
        raise _unclear(_("{host} is in trouble (HTTP status {status}).", host=host, status=status), asking)
    text = got.content.decode("utf-8-sig", "replace")
    for secret in hidden:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    return Answer(status, {name.lower(): value for name, value in got.headers.items()}, text, host, asking)


def _wait(header: str) -> float:
    return min(max(float(header), 1), LONGEST_WAIT) if header.isdecimal() else 60
