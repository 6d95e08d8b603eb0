"""Contracts entitle customers to service levels."""

from __future__ import annotations

from core.api import ChangeSet, Env, hookimpl

from . import entitlements


@hookimpl
def service_entitlements(env: Env, record_name: str, ids: list[int]) -> list[dict[int, int]]:
    """By contracts in force."""
    return [entitlements.entitled(env, ids)] if record_name == entitlements.TICKET else []


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Tickets follow contracts."""
    for change in changes.of(entitlements.CONTRACT, "create", "update"):
        entitlements.changed(env, change)
