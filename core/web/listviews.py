"""Saved views of lists: found, drawn as tabs, saved, renamed, shared, pinned, deleted; and a person's own columns."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

from core.env import Env
from core.errors import NotFound
from core.expressions import F
from core.i18n.messages import _
from core.web.liststate import ListState, face_of
from core.web.urls import list_url, with_query
from core.web.viewmodels import Action, ViewTab

VIEW = "base.view"
ALL = "all"
"""How an address says that no view is wanted, where one would open first."""
OWN = "@own"
"""Name of the hidden view that keeps a person's own columns of a list."""


@dataclass(frozen=True)
class SavedView:
    """A view this person may use. `mine` ones may be changed; a `published` one was put here by an administrator, and the list
    opens with it when it is the `first` one."""

    id: int
    name: str
    settings: Any
    mine: bool
    shared: bool
    pinned: bool
    published: bool = False
    first: bool = False


def views_of(env: Env, record: str) -> list[SavedView]:
    """This person's views of a record type and those shared with everybody."""
    if VIEW not in env.registry.records or env.actor.id is None:
        return []
    stamp = env.counters.get("views", 0) if env.counters else -1
    if stamp < 0:
        return _views_of(env, record)
    slot = env.registry.memo.slot(("views", env.actor.id, record), env.actor, stamp)
    if "views" not in slot:
        slot["views"] = _views_of(env, record)
    return slot["views"]  # type: ignore[no-any-return]


def _views_of(env: Env, record: str) -> list[SavedView]:
    profile, teams = env.actor.profile.id, set(env.actor.team_ids)
    seen = (F.owner == env.actor.id) | F.shared
    if profile:
        seen |= F.profiles.any(F.id == profile)
    if teams:
        seen |= F.teams.any(F.id.isin(sorted(teams)))
    with env.elevated("saved views that are mine, shared or published to me") as trusted:
        rows = trusted.query(VIEW).where(F.record_type == record).where(seen).select(
            "name", "settings", "owner", "shared", "pinned", "profiles", "teams", "opens_first").rows(limit=100)
    return [_seen(r, env.actor.id, profile, teams) for r in rows]


def _seen(row: dict[str, Any], person: int | None, profile: int | None, teams: set[int]) -> SavedView:
    owner = row["owner"]
    published = bool(row["profiles"] or row["teams"])
    to_me = row["shared"] or profile in {p.id for p in row["profiles"]} or bool(teams & {t.id for t in row["teams"]})
    return SavedView(row["id"], row["name"], row["settings"], bool(owner) and owner.id == person, row["shared"], row["pinned"], published,
                     bool(row["opens_first"]) and to_me)


def first_of(views: list[SavedView]) -> SavedView | None:
    """The view that the list opens with: one published to some before one for everybody."""
    return next(iter(sorted((v for v in views if v.first), key=lambda v: not v.published)), None)


def shown(env: Env, record: str) -> list[SavedView]:
    """The views that have a tab, pinned ones first."""
    return sorted((v for v in views_of(env, record) if v.name != OWN), key=lambda v: not v.pinned)


def own_columns(views: list[SavedView]) -> SavedView | None:
    """The hidden view with this person's own columns."""
    return next((v for v in views if v.name == OWN and v.mine), None)


def tabs(env: Env, state: ListState, views: list[SavedView], base: dict[str, Any],
         faces: Container[str]) -> list[ViewTab]:
    """The tabs over a list: everything, then saved views, pinned ones first. `base` is what the chosen one keeps; each view
    opens on the face it was made on, where there still is that one among the `faces`, else on the list."""
    changed = {k: v for k, v in state.settings().items() if k != "widths"} != {k: v for k, v in base.items() if k != "widths"}
    every = [("view", ALL if first_of(views) is not None else ""), *state.extra]
    found = [ViewTab(env.t(_("All")), with_query(state.path, every), active=not state.view, changed=changed and not state.view)]
    for view in sorted((v for v in views if v.name != OWN), key=lambda v: not v.pinned):
        active, here = view.id == state.view, (state.face, tuple(p for p in state.extra if p[0] != "date"))
        face, extra = here if (made_on := face_of(view.settings)) is None else made_on if made_on[0] in faces else ("", ())
        url = with_query(replace(state, face=face).path, [("view", str(view.id)), *extra])
        found.append(ViewTab(view.name, url, active=active, private=not view.shared and not view.published, pinned=view.pinned,
                             changed=active and (changed or (face, extra) != here)))
    return found


def actions(env: Env, state: ListState, current: SavedView | None) -> list[Action]:
    """What may be done with the present view."""
    if VIEW not in env.registry.records or not env.can("create", VIEW):
        return []
    base = f"{list_url(state.record)}/views"
    keep = {**state.query(), "columns": ",".join(state.columns), "face": state.face}
    face = {"face": state.face, **dict(state.extra)}
    made = [Action(env.t(_("Save as new view…")), with_query(f"{base}/new", keep), "plus-lg", kind="dialog")]
    if current is not None and env.access.area("layouts"):
        made.append(Action(env.t(_("Publish…")), with_query(f"{base}/{current.id}/publish", keep), "broadcast", kind="dialog"))
    if current is None or not current.mine:
        return made
    one = f"{base}/{current.id}"
    share = (_("Keep to myself"), "lock") if current.shared else (_("Share with everybody"), "people")
    pin = (_("Unpin"), "pin-angle") if current.pinned else (_("Pin"), "pin-angle")
    return [
        Action(env.t(_("Save changes")), one, "check2", kind="post", fields=keep, name="do", value="save"),
        *made, Action("", kind="divider"),
        Action(env.t(_("Rename…")), with_query(f"{one}/name", keep), "pencil", kind="dialog"),
        Action(env.t(share[0]), one, share[1], kind="post", fields=face, name="do", value="share"),
        Action(env.t(pin[0]), one, pin[1], kind="post", fields=face, name="do", value="pin"),
        Action(env.t(_("Delete view")), one, "trash", kind="post", style="danger", fields=face, name="do", value="delete",
               confirm=env.t(_("Delete this view? The records stay."))),
    ]


def mine(env: Env, record: str, key: int) -> SavedView:
    """One of this person's own views; NotFound otherwise."""
    found = next((v for v in views_of(env, record) if v.id == key and v.mine and v.name != OWN), None)
    if found is None:
        raise NotFound(_("There is no such view."))
    return found


def keep_columns(env: Env, record: str, view: int, changes: dict[str, Any]) -> None:
    """Remember columns or widths: in the person's own view that is open, else in their hidden one."""
    views = views_of(env, record)
    target = next((v for v in views if v.id == view and v.mine), None) or own_columns(views)
    if target is not None:
        stored = target.settings if isinstance(target.settings, dict) else {}
        env.update(VIEW, target.id, {"settings": {**stored, **changes}})
    elif VIEW in env.registry.records:
        env.create(VIEW, {"name": OWN, "record_type": record, "settings": changes, "owner": env.actor.id})
