"""A menu while it is arranged: what each button does to it. An app moves with what stands under it."""

from __future__ import annotations

import copy
import json
from typing import Any

Draft = dict[str, Any]
MOST_JSON = 200_000


def begun(stored: Any, shipped: Draft) -> Draft:
    """A draft of what is kept, with what it does not know yet in its shipped place; or of what is shipped."""
    kept = stored.get("entries") if isinstance(stored, dict) else None
    if not isinstance(kept, list):
        return copy.deepcopy(shipped)
    draft = _levelled({"entries": copy.deepcopy([e for e in kept if _is_entry(e)])})
    known = {e["id"] for e in draft["entries"]}
    app = ""
    for entry in shipped["entries"]:
        app = app if entry["level"] else entry["id"]
        if entry["id"] not in known:
            at = _block(draft, _at(draft, app))[1] if entry["level"] and _at(draft, app) is not None else len(draft["entries"])
            draft["entries"].insert(at, dict(entry))
    return draft


def read(text: str) -> Draft | None:
    """The draft that a form carries, levels put right; None for what is none."""
    try:
        found = json.loads(text) if len(text) <= MOST_JSON else None
    except (ValueError, RecursionError):
        return None
    entries = found.get("entries") if isinstance(found, dict) else None
    return _levelled({"entries": entries}) if isinstance(entries, list) and all(map(_is_entry, entries)) else None


def _is_entry(entry: Any) -> bool:
    return (isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry.get("kind") in ("entry", "group", "link")
            and isinstance(entry.get("label") or {}, dict))


def _levelled(draft: Draft) -> Draft:
    for at, entry in enumerate(draft["entries"]):
        entry["level"] = 1 if at and entry.get("level") == 1 and entry.get("kind") != "group" else 0
    return draft


def _at(draft: Draft, name: str) -> int | None:
    return next((i for i, e in enumerate(draft["entries"]) if e["id"] == name), None)


def _block(draft: Draft, at: int | None) -> tuple[int, int]:
    """Where an entry begins and ends, with what stands under it."""
    entries = draft["entries"]
    if at is None:
        return len(entries), len(entries)
    end = at + 1
    while not entries[at]["level"] and end < len(entries) and entries[end]["level"]:
        end += 1
    return at, end


def entry(draft: Draft, name: str) -> dict[str, Any] | None:
    """One entry of the draft itself."""
    at = _at(draft, name)
    return None if at is None else draft["entries"][at]


def add(draft: Draft, kind: str) -> str:
    """Put a new group or link at the end; returns its id."""
    taken = {e["id"] for e in draft["entries"]}
    name = next(n for n in (f"{kind}_{i}" for i in range(1, len(taken) + 2)) if n not in taken)
    draft["entries"].append({"id": name, "kind": kind, "level": 0, "label": {}, **({"href": ""} if kind == "link" else {})})
    return name


def change(draft: Draft, name: str, do: str) -> None:
    """`up`, `down`, `in` (under the app before it), `out`, `hide`, `show`, `remove` (groups and links; entries are hidden)."""
    at = _at(draft, name)
    if at is None:
        return
    one = draft["entries"][at]
    if do in ("up", "down"):
        _move(draft, at, do)
    elif do == "in" and at and one["kind"] != "group" and _block(draft, at)[1] == at + 1:
        one["level"] = 1
    elif do == "out":
        one["level"] = 0
    elif do in ("hide", "show"):
        one.pop("hidden", None)
        if do == "hide":
            one["hidden"] = True
    elif do == "remove" and one["kind"] != "entry":
        draft["entries"].pop(at)
        _levelled(draft)


def _move(draft: Draft, at: int, do: str) -> None:
    entries = draft["entries"]
    start, end = _block(draft, at)
    moved = entries[start:end]
    if entries[at]["level"]:
        to = at - 1 if do == "up" else at + 1
        if 0 < to < len(entries):
            entries[at], entries[to] = entries[to], entries[at]
            _levelled(draft)
        return
    rest = entries[:start] + entries[end:]
    tops = [i for i, e in enumerate(rest) if not e["level"]] + [len(rest)]
    here = tops.index(start) if start in tops else len(tops) - 1
    to = tops[max(0, here - 1)] if do == "up" else tops[min(len(tops) - 1, here + 1)]
    draft["entries"] = rest[:to] + moved + rest[to:]
