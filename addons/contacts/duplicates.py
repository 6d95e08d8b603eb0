"""Finding companies and people that are there already, for whole batches: a handful of statements whatever the size.

`find_duplicates` is public: leads, imports and other addons ask it with rows of plain values. It answers only with
records that the actor may see, and compares only by fields that the actor may read, so nothing hidden shows through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import Env, Message, _, normalised

from . import checks
from .linked import chunks
from .matching import company_key, domain_key, person_key
from .people import full_name

MOST = 10


@dataclass
class Candidate:
    """A record that may be the same. `score` is 0 to 100, `reasons` say in words (untranslated messages) why."""

    record: str
    id: int
    label: str
    detail: str = ""
    score: int = 0
    reasons: list[Message] = field(default_factory=list)

    def add(self, score: int, reason: Message) -> None:
        """One more reason: the strongest counts, each further one adds a little."""
        if reason not in self.reasons:
            self.reasons.append(reason)
            self.score = min(99 if score < 100 else 100, max(self.score, score) + (5 if self.score else 0))


@dataclass(frozen=True)
class Test:
    """One way of telling: values taken from a row are compared with a stored, indexed field."""

    score: int
    reason: Message
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    values: Any
    record: str = ""
    through: str = ""


def _phones(env: Env, row: Mapping[str, Any]) -> list[str]:
    found = []
    for name in ("mobile", "phone", "fax", "whatsapp"):
        for text in _texts(row.get(name)):
            try:
                found.append(env.format.parse_phone(text))
            except ValueError:
                continue
    return found


def _emails(_env: Env, row: Mapping[str, Any]) -> list[str]:
    return [t.strip().lower() for t in _texts(row.get("email")) if "@" in t]


def _texts(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(v) for v in value if v] if isinstance(value, (list, tuple)) else [str(value)]


def _numbers(_env: Env, row: Mapping[str, Any]) -> list[str]:
    typed = str(row.get("national_id") or "")
    found = {checks.tidy_number(typed), checks.tidy_number(typed, person_of_iran=True)}
    return [n for n in found if n and len(n) > 5]


def _company(_env: Env, row: Mapping[str, Any]) -> list[str]:
    return _some(company_key(row.get("name") or row.get("company")))


def _domain(_env: Env, row: Mapping[str, Any]) -> list[str]:
    emails = _texts(row.get("email"))
    return _some(domain_key(row.get("website"), emails[0] if emails else None))


def _person(_env: Env, row: Mapping[str, Any]) -> list[str]:
    name = full_name(row.get("first_name"), row.get("last_name")) or row.get("name")
    return _some(person_key(name)) if name and len(str(name).split()) > 1 else []


def _some(value: str | None) -> list[str]:
    return [value] if value else []


ACCOUNT_TESTS = (
    Test(100, _("Same national ID"), ("national_id",), ("national_id",), _numbers),
    Test(90, _("Same e-mail"), ("email",), ("email",), _emails),
    Test(90, _("Same e-mail"), ("value",), ("value",), _emails, "contacts.account_point", "account"),
    Test(80, _("Same phone"), ("phone", "fax"), ("phone", "fax"), _phones),
    Test(80, _("Same phone"), ("value",), ("value",), _phones, "contacts.account_point", "account"),
    Test(75, _("Same name"), ("match_name",), ("name",), _company),
    Test(55, _("Same website or mail domain"), ("match_domain",), ("website", "email"), _domain),
)
CONTACT_TESTS = (
    Test(100, _("Same national ID"), ("national_id",), ("national_id",), _numbers),
    Test(90, _("Same e-mail"), ("email",), ("email",), _emails),
    Test(90, _("Same e-mail"), ("value",), ("value",), _emails, "contacts.contact_point", "contact"),
    Test(80, _("Same phone"), ("mobile", "phone"), ("mobile", "phone"), _phones),
    Test(80, _("Same phone"), ("value",), ("value",), _phones, "contacts.contact_point", "contact"),
    Test(45, _("Same name"), ("match_name",), ("name", "first_name", "last_name"), _person),
)
TESTS = {"contacts.account": ACCOUNT_TESTS, "contacts.contact": CONTACT_TESTS}
DETAILS = {"contacts.account": ("billing_city", "phone"), "contacts.contact": ("job_title", "account")}


def find_duplicates(env: Env, record: str, rows: Sequence[Mapping[str, Any]], *, least: int = 0,
                    most: int = MOST) -> list[list[Candidate]]:
    """For each row the records of `record` ("contacts.account" or "contacts.contact") that may be the same, best first.

    Rows hold what is known under the fields' names: name (or company), first_name, last_name, email, phone, mobile,
    website, national_id; e-mails and phones may be lists, and everything may be as typed. A row with an `id` is never
    its own duplicate. Candidates below the score `least` are left out.
    """
    found: list[dict[int, Candidate]] = [{} for _row in rows]
    if not env.can("read", record):
        return [[] for _row in rows]
    for test in TESTS[record]:
        _run(env, record, test, rows, found)
    _same_company(env, record, rows, found)
    _describe(env, record, found)
    made = []
    for row, candidates in zip(rows, found, strict=True):
        kept = [c for c in candidates.values() if c.score >= least and c.id != row.get("id") and c.label]
        made.append(sorted(kept, key=lambda c: (-c.score, c.id))[:most])
    return made


def _run(env: Env, record: str, test: Test, rows: Sequence[Mapping[str, Any]], found: list[dict[int, Candidate]]) -> None:
    """One test for all rows: a statement for each field and thousand values."""
    wanted: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for value in test.values(env, row):
            wanted.setdefault(value, []).append(index)
    source = test.record or record
    if not wanted or not all(env.can("read", source, name) for name in test.needs):
        return
    for name in test.fields:
        for part in chunks(wanted):
            query = env.query(source).holding(name, part).order("id")
            for hit in query.select(name, *([test.through] if test.through else [])).rows(limit=20 * len(part) + 100):
                key = hit[test.through].id if test.through else hit["id"]
                for index in wanted.get(hit[name], ()):
                    found[index].setdefault(key, Candidate(record, key, "")).add(test.score, test.reason)


def _same_company(env: Env, record: str, rows: Sequence[Mapping[str, Any]], found: list[dict[int, Candidate]]) -> None:
    """People of the same name are the same sooner when their company is the same, too."""
    if record != "contacts.contact" or not env.can("read", record, "account"):
        return
    ids = {key for one in found for key in one}
    asked = [i for i, row in enumerate(rows) if found[i] and (row.get("company") or row.get("account"))]
    if not asked:
        return
    accounts = {}
    for part in chunks(ids):
        for hit in env.query(record).with_ids(part).select("account").rows():
            accounts[hit["id"]] = hit["account"]
    for index in asked:
        row = rows[index]
        wanted = getattr(row.get("account"), "id", row.get("account"))
        name = normalised(row.get("company"), "company")
        for key, candidate in found[index].items():
            account = accounts.get(key)
            if account is not None and (account.id == wanted or (name and company_key(account.label) == name)):
                candidate.add(min(candidate.score + 30, 99), _("Same company"))


def _describe(env: Env, record: str, found: Iterable[dict[int, Candidate]]) -> None:
    """Names and a detail or two, of the records the actor may see; the others keep an empty label and are dropped."""
    candidates: dict[int, list[Candidate]] = {}
    for one in found:
        for key, candidate in one.items():
            candidates.setdefault(key, []).append(candidate)
    title = env.registry.record(record).title
    details = [n for n in DETAILS[record] if env.can("read", record, n)]
    shown = [title] if env.can("read", record, title) else []
    for part in chunks(candidates):
        for hit in env.query(record).with_ids(part).select(*shown, *details).rows():
            texts = [getattr(hit[n], "label", hit[n]) for n in details]
            for candidate in candidates[hit["id"]]:
                candidate.label = str(hit[title] if shown and hit[title] else f"#{hit['id']}")
                candidate.detail = " · ".join(str(t) for t in texts if t)


def find_similar(env: Env, record: str, row: Mapping[str, Any], most: int = 6) -> list[Candidate]:
    """Candidates while somebody types: those of :func:`find_duplicates`, then names that begin with the same words."""
    found = find_duplicates(env, record, [row], most=most)[0]
    name = row.get("name") or row.get("company") if record == "contacts.account" else \
        full_name(row.get("first_name"), row.get("last_name")) or row.get("name")
    text = str(name or "").strip()
    title = env.registry.record(record).title
    if len(text) < 3 or len(found) >= most or not env.can("read", record, title):
        return found
    known = {c.id for c in found} | {row.get("id")}
    words = set((company_key(text) or "").split())
    made: dict[int, Candidate] = {}
    for hit in env.query(record).search(text[:100]).select(title).rows(limit=most * 3):
        if hit["id"] not in known and words <= _beginnings(hit[title], words):
            made[hit["id"]] = Candidate(record, hit["id"], "", score=30, reasons=[_("Similar name")])
    _describe(env, record, [made])
    return [*found, *made.values()][:most]


def _beginnings(name: str | None, words: set[str]) -> set[str]:
    """Those of the words with which a word of the name begins."""
    parts = (company_key(name) or "").split()
    return {w for w in words if any(p.startswith(w) for p in parts)}
