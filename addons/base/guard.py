"""Who may give power away: administrators of people make accounts, but not themselves into more than they are.

Super-administrators are made, changed and removed by super-administrators only, nobody changes their own profile, and
the last super-administrator stays.
"""

from __future__ import annotations

from typing import Any

from core.api import AccessDenied, Env, F, SarnakhError, _

POWER = ("is_super", "profile", "extra_sets")
ACCOUNT = ("login", "email", "active", *POWER)


def check(env: Env, change: Any) -> None:
    """Refuse a change of users that the acting person may not make."""
    if change.action in ("delete", "restore"):
        _check_removal(env, change)
    if change.action in ("create", "update") and not env.access.unlimited:
        _check_limits(env, change)
    if change.action == "update" and (change.touches("is_super") or change.touches("active")):
        ids = {r.__dict__["id"] for r in change.changed("is_super", "active")}
        _keep_one(env, {r.__dict__["id"] for r in change.records if r.is_super and r.active}, ids)


def check_profile(env: Env, change: Any) -> None:
    """Refuse that somebody widens the profile they have, or gives parts of the administration that they do not have."""
    if env.access.unlimited or change.action not in ("create", "update"):
        return
    for record in change.changed("areas"):
        if _beyond(env, set(record.areas or ()) - set(change.was(record, "areas") or ())):
            raise AccessDenied(_("Nobody gives parts of the administration that they do not have."))
    if change.action == "create":
        return
    for record in change.changed("sets", "record_rights", "field_rights", "areas"):
        if record.__dict__["id"] == env.actor.profile.id:
            raise AccessDenied(_("Nobody changes their own permissions."))


def _beyond(env: Env, areas: set[str]) -> bool:
    """Whether one of these parts of the administration is closed to the acting person."""
    own = env.actor.profile.areas
    return bool("*" not in own and areas - own)


def _check_limits(env: Env, change: Any) -> None:
    _check_accounts(env, change)
    for record in change.changed(*ACCOUNT):
        if record.is_super or change.was(record, "is_super"):
            raise AccessDenied(_("Only super-administrators may change super-administrators."))
    for record in change.changed(*POWER) if change.action == "update" else ():
        if record.__dict__["id"] == env.actor.id:
            raise AccessDenied(_("Nobody changes their own permissions."))


def _check_accounts(env: Env, change: Any) -> None:
    """Refuse to give a profile that administers more than the acting person does, and to take over an account with one."""
    records = change.changed(*ACCOUNT)
    both = [key for r in records for key in (getattr(r.profile, "id", None), change.was(r, "profile"))]
    profiles = {int(key) for key in both if key is not None}
    with env.elevated("areas of profiles") as trusted:
        areas = {r["id"]: set(r["areas"] or ()) for r in trusted.query("base.profile").with_ids(profiles).archived(None)
                 .deleted(None).select("areas").rows()} if profiles else {}
    if any(_beyond(env, found) for found in areas.values()):
        raise AccessDenied(_("Nobody gives parts of the administration that they do not have."))


def _check_removal(env: Env, change: Any) -> None:
    """Refuse deleting super-administrators by others, oneself, and the last one."""
    ids = {r.__dict__["id"] for r in change.records}
    if env.actor.id in ids:
        raise SarnakhError(_("Nobody deletes their own account."))
    if not env.access.unlimited and any(r.is_super for r in change.records):
        raise AccessDenied(_("Only super-administrators may change super-administrators."))
    if change.action == "delete":
        _keep_one(env, set(), ids)


def _keep_one(env: Env, remaining: set[int], touched: set[int]) -> None:
    """There must be an active super-administrator afterwards, if there was one."""
    if remaining or not touched:
        return
    with env.elevated("look for super-administrators") as trusted:
        supers = set(trusted.query("base.user").where(F.is_super & F.active).archived(None).ids())
    if supers & touched and not supers - touched:
        raise SarnakhError(_("The last super-administrator must stay."))


def may_touch(env: Env, user: Any) -> bool:
    """Whether the acting person may do things to this account (links for passwords, sessions, second factor)."""
    return bool(user is not None and (env.access.unlimited or not user.is_super))


def require_touch(env: Env, user: Any) -> None:
    """Raise AccessDenied unless :func:`may_touch`."""
    if not may_touch(env, user):
        raise AccessDenied(_("Only super-administrators may change super-administrators."))
