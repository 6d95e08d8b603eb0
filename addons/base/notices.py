"""What people are told in the product: a line each, in their own language, until they have read it.

Other channels (mail, SMS) listen to the event `base.notified`, so whoever tells something need not know of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.api import Change, ChangeSet, Env, F, Message, _, access_by_sets, n_

NOTICE = "base.notification"
USER = "base.user"
MOST_TEXT = 500


@dataclass(frozen=True)
class Notice:
    """One line for one person. `about`: the record it is of, as (type, number); its name is shown to those who may see it, and
    a click leads to it unless there is a `url`. `dedupe`: not told again while an unread line has this key."""

    user: int
    kind: str
    text: Message | str
    about: tuple[str, int] | None = None
    url: str = ""
    dedupe: str = ""
    icon: str = "bell"


def notify(env: Env, notices: Iterable[Notice]) -> int:
    """Tell people something, in the running transaction and by a fixed number of statements; returns how many lines were written."""
    wanted = list(notices)
    if not wanted:
        return 0
    with env.elevated("telling people") as sudo:
        active = sudo.query(USER).with_ids({n.user for n in wanted}).where(F.active)
        people = {r["id"]: r for r in active.select("language", "digits").rows()}
        keys = {n.dedupe for n in wanted if n.dedupe}
        told = {(r["user"].id, r["dedupe"]) for r in sudo.query(NOTICE).holding("dedupe", keys).where(F.read_at.is_null())
                .select("user", "dedupe").rows()} if keys else set()
        rows = []
        for one in wanted:
            if one.user not in people or (one.dedupe and (one.user, one.dedupe) in told):
                continue
            told.add((one.user, one.dedupe))
            person = people[one.user]
            text = env.installation.catalogs.translate(one.text, person["language"], person["digits"])
            rows.append({"user": one.user, "kind": one.kind, "text": text[:MOST_TEXT], "about": one.about, "url": one.url or None,
                         "dedupe": one.dedupe or None, "icon": one.icon})
        if rows:
            sudo.emit("base.notified", {"ids": sudo.create(NOTICE, rows)})
        return len(rows)


def holders(env: Env, permission_set: str) -> list[int]:
    """Active people who have a permission set or one that implies it, by their profile or beside it: whom to tell of what they look
    after. Elevated code only; three statements."""
    def implied(sets: Iterable[str] | None) -> bool:
        return permission_set in access_by_sets(env, sets or ()).sets

    profiles = sorted(r["id"] for r in env.query("base.profile").select("sets").rows() if implied(r["sets"]))
    people = env.query(USER).where(F.active)
    found = set(people.where(F.profile.isin(profiles)).ids()) if profiles else set()
    beside = people.where(~F.extra_sets.is_null()).select("extra_sets").rows()
    return sorted(found | {r["id"] for r in beside if r["extra_sets"] and implied(r["extra_sets"])})


def mentioned(env: Env, change: Change) -> None:
    """Tell those whom a note names."""
    notices = []
    for record in change.records:
        for user in change.many.get("mentions", {}).get(record.id, ()):
            if user != env.actor.id:
                notices.append(Notice(user, "mention", _("{name} mentioned you", name=env.actor.name or env.t(_("Somebody"))),
                                      (record.about.record, record.about.id), dedupe=f"mention:{record.id}", icon="at"))
    notify(env, notices)


def assigned(env: Env, changes: ChangeSet) -> None:
    """Tell people what others made theirs; many records at once are one line. Elevated code tells for itself."""
    if env.access.trusted or env.actor.id is None:
        return
    for change in changes.changes:
        if change.rtype.owned and "noted" in change.rtype.traits and change.action in ("create", "update") and (
                change.action == "create" or change.touches("owner")):
            notify(env, _handed_over(env, change))


def _handed_over(env: Env, change: Change) -> list[Notice]:
    mine = [r for r in change.changed("owner") if r.owner is not None and r.owner.id != env.actor.id]
    counts = Counter(r.owner.id for r in mine)
    first = {r.owner.id: r for r in mine}
    name = env.actor.name or env.t(_("Somebody"))
    return [_one(name, change, user, first[user], count) for user, count in counts.items()]


def _one(name: str, change: Change, user: int, record: Any, count: int) -> Notice:
    if count == 1:
        return Notice(user, "assigned", _("{name} assigned this to you", name=name), (change.record, record.id), icon="person-check")
    text = n_("{name} assigned {count} record to you ({records})", "{name} assigned {count} records to you ({records})", count,
              name=name, records=change.rtype.plural)
    return Notice(user, "assigned", text, url=f"/r/{change.record}", icon="person-check")


def read(env: Env, ids: Sequence[int] | None = None) -> None:
    """Mark lines as read: those, or all of the acting person's."""
    query = env.query(NOTICE).where(F.read_at.is_null())
    with_ids = query if ids is None else query.with_ids(ids)
    env.update(NOTICE, with_ids, {"read_at": env.now})
