"""What is checked about companies and people: trees stay trees, official numbers are possible ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from core.api import Env, Invalid, _, identifiers

MOST_LEVELS = 100
PERSON_IDS: dict[str, tuple[Callable[[str], bool], ...]] = {
    "IR": (identifiers.valid_national_id,), "TR": (identifiers.valid_tckn,)}
COMPANY_IDS: dict[str, tuple[Callable[[str], bool], ...]] = {
    "IR": (identifiers.valid_legal_id,), "TR": (identifiers.valid_vkn, identifiers.valid_tckn)}
TAX_IDS: dict[str, tuple[Callable[[str], bool], ...]] = {
    "IR": (identifiers.valid_economic_code,), "TR": (identifiers.valid_vkn, identifiers.valid_tckn)}


def circles(env: Env, records: Iterable[Any], record: str, field: str) -> Iterator[Any]:
    """Those of the changed records that would come before themselves along `field`, a link to their own type.

    All ancestors are read level by level, also ones the actor may not see: a circle is a circle.
    """
    changed = {r.id: _key(getattr(r, field)) for r in records if r.get("id")}
    parents = dict(changed)
    todo = {p for p in changed.values() if p is not None} - set(parents)
    with env.elevated("looking for circles") as sudo:
        for _level in range(MOST_LEVELS):
            if not todo:
                break
            rows = sudo.query(record).with_ids(todo).archived(None).deleted(None).select(field).rows()
            parents |= {row["id"]: _key(row[field]) for row in rows}
            todo = {p for p in parents.values() if p is not None} - set(parents)
    for item in records:
        at, seen = changed.get(item.get("id")), set()
        while at is not None and at not in seen:
            seen.add(at)
            at = parents.get(at)
        if at is not None or item.get("id") in seen:
            yield item


def _key(link: Any) -> int | None:
    return None if link is None else link.id


def official_numbers(env: Env, records: Iterable[Any], field: str, country: str,
                     rules: dict[str, tuple[Callable[[str], bool], ...]]) -> Iterator[Invalid]:
    """An Invalid for each number that the state of the record's country cannot have given.

    Without a country a number of any country with rules is accepted; countries without rules accept all.
    """
    given = [r for r in records if getattr(r, field)]
    codes = country_codes(env, {k for r in given if (k := _key(getattr(r, country)))})
    for record in given:
        code = codes.get(_key(getattr(record, country)) or 0)
        tests = rules.get(code, ()) if code else tuple(t for group in rules.values() for t in group)
        if tests and not any(test(getattr(record, field)) for test in tests):
            yield Invalid(record, field, _("This number cannot exist: please check its digits."))


def country_codes(env: Env, ids: Iterable[int]) -> dict[int, str]:
    """Two-letter codes of countries by number."""
    keys = list(ids)
    return {row["id"]: row["code"] for row in env.query("base.country").with_ids(keys).archived(None).select("code").rows()} \
        if keys else {}


def tidy_number(value: str | None, person_of_iran: bool = False) -> str | None:
    """An official number as it is stored: Latin digits without separators; lost leading zeros of Iranian ones put back."""
    if not value:
        return None
    found = identifiers.digits(value)
    if person_of_iran and found.isdecimal() and 8 <= len(found) < 10 and identifiers.valid_national_id(found):
        return found.zfill(10)
    return found or None
