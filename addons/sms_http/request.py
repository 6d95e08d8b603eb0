"""The request that settings describe, for one message."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from addons.messaging.contract import Account, Outgoing
from core.api import _

from . import templates
from .errors import CONTROL, Unfit, Unusable

ADDRESS: Final = re.compile(r"https?://[^\s/?#@{}]+(?:[/?][^\s#]*(?: [^\s#]+)*)?")
NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"})
SECRETIVE: Final = re.compile(r"auth|key|token|secret|pass|cookie", re.IGNORECASE)
SECRETS: Final = ("api_key", "password")
DOTS: Final = "......"
MOST_LINES, MOST_LEVELS, LONGEST_BODY = 50, 20, 20_000


@dataclass(frozen=True)
class Request:
    """What goes out. `body`: bytes, None for none."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


def values(account: Account, message: Outgoing, number: str) -> dict[str, Any]:
    """What templates may name."""
    return {"to": number, "text": message.text, "sender": message.sender or account.sender, "number": message.number, "key": message.key,
            "parameters": dict(message.parameters), "template": message.template, "kind": message.kind,
            "callback": account.callback, **credentials(account)}


def credentials(account: Account) -> dict[str, str]:
    """Who we are to the gateway."""
    return {name: account.get(name) for name in ("username", *SECRETS)}


def build(settings: Mapping[str, Any], given: Mapping[str, Any], which: str = "") -> Request:
    """The request for some values; `which`: "status_" for the other one. Raises Unusable, Unfit."""
    said = {name: str(settings.get(name) or "") for name in ("headers", "kind", "method", f"{which}address", f"{which}body")}
    url = _address(said[f"{which}address"].strip(), given)
    headers = {name: _header(templates.text(value, given)) for name, value in header_lines(said["headers"])}
    source, kind = said[f"{which}body"], said["kind"] or "form"
    method = ("POST" if source.strip() and kind != "query" else "GET") if which else said["method"] or "POST"
    if not source.strip():
        return Request(method, url, headers, None)
    if kind == "json":
        headers = _typed(headers, "application/json")
        return Request(method, url, headers, json.dumps(_filled(document(source), given), ensure_ascii=False, default=float).encode())
    pairs = urlencode([(name, templates.text(value, given)) for name, value in pair_lines(source)])
    if kind == "query":
        return Request(method, f"{url}{'&' if urlsplit(url).query else '' if url.endswith('?') else '?'}{pairs}", headers, None)
    return Request(method, url, _typed(headers, "application/x-www-form-urlencoded"), pairs.encode())


def without_secrets(text: str, account: Account) -> str:
    """A text of the gateway's, with dots in place of our secrets, which some repeat."""
    for secret in filter(None, map(account.get, SECRETS)):
        text = text.replace(secret, DOTS)
    return text


def shown(settings: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The request as text, with dots where secrets stand. Raises Unusable, Unfit."""
    made = build(settings, {**given, **dict.fromkeys((*SECRETS, "callback"), DOTS)})
    typed = {name.lower() for name, value in header_lines(str(settings.get("headers") or "")) if "{{" not in value}
    lines = [f"{name}: {DOTS if name.lower() in typed and SECRETIVE.search(name) else value}" for name, value in made.headers.items()]
    return "\n".join([f"{made.method} {made.url}", *lines, *(["", made.body.decode()] if made.body else [])])


def header_lines(text: str) -> list[tuple[str, str]]:
    """The headers that settings name. Raises Unusable."""
    found = []
    for line in _lines(text):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not NAME.fullmatch(name) or name.lower() in OURS:
            raise Unusable(_("Write headers as lines such as “X-Key: value”; “{name}” cannot be one.", name=name[:40]))
        found.append((name, value))
    return found


def pair_lines(text: str) -> list[tuple[str, str]]:
    """The fields of a form that settings name. Raises Unusable."""
    pairs = [line.partition("=") for line in _lines(text)]
    if any(not sign or not name.strip() or "{" in name for name, sign, _value in pairs):
        raise Unusable(_("Write fields as lines such as “message=value”."))
    return [(name.strip(), value.strip()) for name, _sign, value in pairs]


def document(text: str) -> Any:
    """The body that settings name, as JSON whose texts are templates. Raises Unusable."""
    try:
        found = json.loads(text[:LONGEST_BODY])
    except (ValueError, RecursionError):
        found = None
    if found is None or not _shallow(found, MOST_LEVELS):
        raise Unusable(_("The body is not JSON. Put every template into quotation marks."))
    return found


def _shallow(node: Any, levels: int) -> bool:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return levels > 0 and all(_shallow(one, levels - 1) for one in inner)


def _lines(text: str) -> list[str]:
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if len(lines) > MOST_LINES:
        raise Unusable(_("These are too many lines."))
    return lines


def texts(node: Any) -> Iterator[str]:
    """All texts in a JSON document, its names aside."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from texts(inner)


def check_address(source: str) -> None:
    """Unusable for what is no address, or may become one of another host."""
    if not ADDRESS.fullmatch(source):
        raise Unusable(_("Write an address such as https://sms.example/send; values may stand after the host only."))


def _address(source: str, given: Mapping[str, Any]) -> str:
    check_address(source)
    url = templates.text(source, given, quoting=True)
    if any(part in (".", "..") for part in urlsplit(url).path.split("/")):
        raise Unfit(_("The address of the request would mean another one."))
    return url


def _typed(headers: dict[str, str], kind: str) -> dict[str, str]:
    return headers if any(name.lower() == "content-type" for name in headers) else {**headers, "Content-Type": kind}


def _header(value: str) -> str:
    if not value.isascii() or any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        raise Unfit(CONTROL)
    return value


def _filled(node: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(node, dict):
        return {name: _filled(inner, given) for name, inner in node.items()}
    if isinstance(node, list):
        return [_filled(inner, given) for inner in node]
    return templates.value(node, given) if isinstance(node, str) else node
