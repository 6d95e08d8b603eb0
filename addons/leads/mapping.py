"""What becomes of the fields of a lead: which field of the new record takes which, and whether it can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.api import Env, Link

LEAD = "leads.lead"
TEXTS = ("text", "email", "phone", "url", "longtext", "choice", "link", "autonumber")
NUMBERS = ("integer", "decimal", "money", "percent")
_PLAIN = {
    "contacts.account": {
        "company": "name", "website": "website", "industry": "industry", "employees": "employees",
        "annual_revenue": "annual_revenue", "currency": "currency", "source": "source", "street": "billing_street",
        "city": "billing_city", "state": "billing_state", "postal_code": "billing_postal_code",
        "country": "billing_country", "phone": "phone"},
    "contacts.contact": {
        name: name for name in (
            "first_name", "last_name", "job_title", "email", "mobile", "phone", "national_id", "preferred_language",
            "do_not_call", "do_not_email", "do_not_sms", "source", "street", "city", "state", "postal_code", "country",
            "description", "tags")},
}
#: Fields that tell of the lead itself and are kept there: nobody misses them on the new records.
STAYS = frozenset({
    "number", "name", "status", "rating", "junk_reason", "dead_reason", "close_note", "first_touch_at",
    "first_touch_channel", "last_touch_at", "last_touch_channel", "status_changed_at", "converted_at", "converted_by",
    "converted_account", "converted_contact", "days_to_convert", "conversion", "sheet", "bant_score", "champ_score", "owner",
    "co_owners"})


def defaults() -> list[dict[str, str]]:
    """The mapping an installation begins with."""
    return [{"lead_field": lead, "target": target, "target_field": there}
            for target, pairs in _PLAIN.items() for lead, there in pairs.items()]


def load(env: Env) -> dict[str, list[tuple[str, str]]]:
    """(field of the lead, field there) by record type; pairs whose fields are gone or do not fit are left out."""
    with env.elevated("reading the field mapping of leads") as sudo:
        rows = sudo.query("leads.mapping").select("lead_field", "target", "target_field").order("id").rows()
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if fits(env, row["lead_field"], row["target"], row["target_field"]):
            found.setdefault(row["target"], []).append((row["lead_field"], row["target_field"]))
    return found


def fits(env: Env, lead_field: str, target: str, target_field: str) -> bool:
    """Whether values of a lead's field can be put into a field of another record type."""
    lead: Any = env.registry.record(LEAD).fields.get(lead_field)
    there: Any = env.registry.records[target].fields.get(target_field) if target in env.registry.records else None
    if lead is None or there is None or there.readonly or there.system or (not there.stored and there.type_name != "tags"):
        return False
    kinds = lead.type_name, there.type_name
    if kinds[0] == kinds[1]:
        return kinds[0] not in ("link", "many") or lead.target == there.target
    if there.type_name in ("text", "longtext"):
        return lead.type_name in TEXTS + NUMBERS
    return lead.type_name in NUMBERS and there.type_name in NUMBERS and lead.type_name == "integer"


def candidates(env: Env, lead_field: str, target: str) -> list[str]:
    """Fields of a record type that could take a lead's field, by name."""
    return [name for name in env.registry.record(target).fields if fits(env, lead_field, target, name)]


def moved_value(env: Env, lead: Any, lead_field: str, target: str, target_field: str) -> Any:
    """The lead's value as the other field takes it; ValueError with a reason when it cannot."""
    value = lead.get(lead_field)
    there = env.registry.record(target).field(target_field)
    kind = env.registry.record(LEAD).field(lead_field).type_name
    if is_empty(value):
        return None
    if kind == "tags" or kind == "many":
        return [one.id for one in value]
    if there.type_name in ("text", "longtext") and kind != there.type_name:
        value = shown(env, lead_field, value)
    if isinstance(value, Link):
        return value.id
    there.clean(value, env)
    return value


def is_empty(value: Any) -> bool:
    """Whether there is nothing to carry over; an unset flag is nothing, a zero is something."""
    return value is None or value is False or value in ("", [], ())


def shown(env: Env, lead_field: str, value: Any) -> str:
    """A lead's value as people read it."""
    field: Any = env.registry.record(LEAD).field(lead_field)
    if field.type_name == "choice":
        return env.t(field.labels.get(value, value))
    if field.type_name in ("tags", "many", "multichoice"):
        return env.format.list([getattr(one, "label", None) or str(one) for one in value])
    if field.type_name == "date":
        return env.format.date(value)
    if field.type_name == "datetime":
        return env.format.datetime(value)
    if field.type_name in NUMBERS:
        return env.format.number(value)
    if field.type_name == "flag":
        return "✓"
    return str(value)


def unmapped(env: Env, lead: Any, carried: Iterable[str]) -> list[str]:
    """Filled fields of a lead that no chosen target takes, by name."""
    taken = set(carried) | STAYS
    return [name for name, field in env.registry.record(LEAD).fields.items()
            if name not in taken and not field.system and not field.sensitive and field.type_name != "children"
            and not (field.type_name == "link" and field.readonly) and not is_empty(lead.get(name))]


def replace(env: Env, wanted: Iterable[tuple[str, str, str]]) -> int:
    """Make these (field of the lead, record type, field there) the mapping; returns how many changed."""
    stored = {(r["lead_field"], r["target"], r["target_field"]): r["id"]
              for r in env.query("leads.mapping").select("lead_field", "target", "target_field").rows()}
    chosen = {one for one in wanted if fits(env, *one)}
    gone = [key for one, key in stored.items() if one not in chosen]
    added = sorted(chosen - set(stored))
    if gone:
        env.delete("leads.mapping", gone)
    if added:
        env.create("leads.mapping", [{"lead_field": a, "target": t, "target_field": b} for a, t, b in added])
    return len(gone) + len(added)
