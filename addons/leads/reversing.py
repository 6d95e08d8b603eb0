"""Taking a conversion back, as long as nobody worked on what it made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import AccessDenied, Env, F, SarnakhError, _

from . import mapping
from .choices import CONVERTED
from .conversion import RIGHT, own_batch

LEAD = mapping.LEAD
QUIET = frozenset({"base.follow"})
"""Record types whose links do not keep a conversion from being taken back."""


def why_not(env: Env, lead: Any) -> str:
    """Why a person may not take a lead's conversion back ("" when they may try)."""
    if lead.status != CONVERTED or not lead.conversion:
        return env.t(_("This lead was not converted."))
    mine = lead.converted_by is not None and lead.converted_by.id == env.actor.id
    if not env.can(RIGHT, LEAD) or not (mine or env.access.unlimited or env.can("action:edit_converted", LEAD)):
        return env.t(_("Only who converted a lead, or a manager of leads, may take that back."))
    return ""


def undo_conversion(env: Env, key: int) -> str:
    """Take a conversion back: created records go to the recycle bin, notes and files return, the lead is open again.

    Refused, with nothing changed once the transaction is rolled back, when anything of it was touched since. Returns
    the lead's status.
    """
    lead = env.get(LEAD, key)
    refused = why_not(env, lead)
    if refused:
        raise (AccessDenied if lead.status == CONVERTED else SarnakhError)(refused)
    memory = lead.conversion
    with env.elevated(env.t(_("undo of the conversion of {lead}", lead=lead.number))) as sudo, own_batch(sudo):
        _refuse_used(sudo, lead, memory)
        undone = sudo.undo(memory["batch"])
        if undone.left:
            raise SarnakhError(_("What became of this lead was changed since; the conversion cannot be taken back."))
        sudo.update(LEAD, key, {"conversion": None}, source="undo")
        text = env.t(_("conversion taken back"))
        sudo.log("unconvert", text, record=LEAD, record_id=key, changes={"converted": [CONVERTED, None]})
    return str(env.get(LEAD, key, "status").status)


def _refuse_used(sudo: Env, lead: Any, memory: dict[str, Any]) -> None:
    """Refuse when something new hangs on a record that the conversion created."""
    for name in memory["created"]:
        for source, rows in _hanging(sudo, name, memory["results"][name]):
            own = lead.id if source == LEAD else memory["results"].get(source)
            if any(row["id"] != own and (source == LEAD or row["updated_at"] > lead.converted_at) for row in rows):
                raise SarnakhError(_("{record} of this lead is used by {other}; the conversion cannot be taken back.",
                                     record=sudo.t(sudo.registry.record(name).label),
                                     other=sudo.t(sudo.registry.record(source).plural)))


def _hanging(sudo: Env, name: str, key: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Records that link to this one, by record type; followers apart."""
    for source, link in sudo.registry.record(name).inbound:
        if not sudo.registry.record(source).field(link).system:
            query = sudo.query(source).where(F[link] == key).archived(None)
            yield source, query.order("-updated_at").select("updated_at").rows(limit=20)
    for rtype in sudo.registry.records.values():
        for field in rtype.fields.values():
            if field.type_name == "anylink" and rtype.name not in QUIET:
                query = sudo.query(rtype.name).holding(field.name, [key], name).archived(None)
                yield rtype.name, query.order("-updated_at").select("updated_at").rows(limit=20)
