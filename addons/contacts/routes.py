"""Pages of the contacts addon, under `/x/contacts`: 360 degrees, duplicates, merging and taking a merge back."""

from __future__ import annotations

from typing import Any

from core.api import Env, NotFound, _
from core.web_api import Crumb, Pages, Request, Response, list_url, record_url

from . import comparing, merging, overview
from .duplicates import Candidate, find_duplicates, find_similar

pages = Pages("contacts")
KINDS = {"account": "contacts.account", "contact": "contacts.contact"}
TYPED = ("name", "company", "first_name", "last_name", "email", "phone", "mobile", "website", "national_id", "account")
MOST_TYPED = 300


def _record_of(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound()
    return KINDS[kind]


def _crumbs(env: Env, record: str) -> list[Crumb]:
    return [Crumb(env.t(env.registry.record(record).plural), list_url(record))]


@pages.route("/accounts/<int:key>/360")
def overview_page(env: Env, request: Request, key: int) -> Response:
    """Everything about one company."""
    account = env.get("contacts.account", key, "name")
    people = overview.people_of(env, key)
    linked = overview.linked_types(env, key, [p["id"] for p in people])
    root = overview.group_tree(env, key)
    name = account.name or f"#{key}"
    page: dict[str, Any] = {
        "title": name, "intro": env.t(_("Everything about this company that you may see.")),
        "url": record_url("contacts.account", key), "roles": [], "people": people, "linked": linked,
        "figures": overview.figures(env, people, root, linked), "group": root if root.children else None,
        "chart": overview.org_chart(people), "events": overview.timeline(env, linked), "latest": overview.LATEST}
    return request.render("contacts/overview.html", page, title=env.t(_("{name}: 360 degrees", name=name)),
                          crumbs=[*_crumbs(env, "contacts.account"), Crumb(name, page["url"])], active="contacts.account",
                          record_url=record_url, list_url=list_url, when=env.format.relative, exact=env.format.datetime)


@pages.route("/contacts/<int:key>/360")
def person_page(env: Env, request: Request, key: int) -> Response:
    """Everything about one person."""
    record = "contacts.contact"
    name = env.get(record, key, "name").name or f"#{key}"
    linked = overview.linked_types(env, None, [key])
    page: dict[str, Any] = {
        "title": name, "intro": env.t(_("Everything about this person that you may see.")), "url": record_url(record, key),
        "figures": [(one.label, one.count) for one in linked], "roles": overview.roles_of(env, key), "group": None, "chart": [],
        "people": None, "linked": linked, "events": overview.timeline(env, linked), "latest": overview.LATEST}
    return request.render("contacts/overview.html", page, title=env.t(_("{name}: 360 degrees", name=name)),
                          crumbs=[*_crumbs(env, record), Crumb(name, page["url"])], active=record,
                          record_url=record_url, list_url=list_url, when=env.format.relative, exact=env.format.datetime)


# ---------------------------------------------------------------- duplicates
@pages.route("/similar/<kind>")
def similar(env: Env, request: Request, kind: str) -> Response:
    """JSON for a form being filled in: records the person may see that may be the same."""
    record = _record_of(kind)
    row: dict[str, Any] = {n: request.arg(n)[:MOST_TYPED].strip() for n in TYPED if request.arg(n).strip()}
    if "account" in row:
        row["account"] = request.arg_int("account") or None
    row["id"] = request.arg_int("id") or None
    found = find_similar(env, record, row) if len(row) > 1 else []
    return request.json({"title": env.t(_("Is it one of these?")), "candidates": [_shown(env, c) for c in found]})


def _shown(env: Env, candidate: Candidate) -> dict[str, Any]:
    return {"id": candidate.id, "label": candidate.label, "detail": candidate.detail, "score": candidate.score,
            "reasons": [env.t(r) for r in candidate.reasons], "url": record_url(candidate.record, candidate.id)}


@pages.route("/duplicates/<kind>/<int:key>")
def duplicates(env: Env, request: Request, kind: str, key: int) -> Response:
    """Records that may be the same as this one, to choose some and merge."""
    record = _record_of(kind)
    rtype = env.registry.record(record)
    wanted = [n for n in TYPED if n in rtype.fields and env.can("read", record, n)]
    item = env.get(record, key, rtype.title, *wanted)
    row = {n: item[n] for n in wanted} | {"id": key}
    if row.get("account"):
        row["company"] = row["account"].label
    label = str(item[rtype.title] or f"#{key}")
    found = [_shown(env, c) for c in find_duplicates(env, record, [row])[0]]
    page: dict[str, Any] = {
        "title": env.t(_("Duplicates of {name}", name=label)),
        "candidates": found,
        "key": key,
        "label": label,
        "merge_url": f"/x/contacts/merge/{kind}",
        "url": record_url(record, key),
        "can_merge": comparing.may_merge(env, record),
    }
    return request.render("contacts/duplicates.html", page, title=page["title"], active=record,
                          crumbs=[*_crumbs(env, record), Crumb(label, page["url"])])


# ---------------------------------------------------------------- merging
@pages.route("/merge/<kind>", methods=("GET", "POST"))
def merge_page(env: Env, request: Request, kind: str) -> Response:
    """Compare records field by field; posted with `keep`, make them one."""
    record = _record_of(kind)
    ids = request.ids()
    if request.posted and request.has("keep"):
        return _merge(env, request, record, ids)
    merging.check(env, record, ids)
    keep = request.arg_int("keep") or request.value_int("first") or ids[0]
    page = comparing.merge_page(env, record, ids, keep if keep in ids else ids[0], f"/x/contacts/merge/{kind}?{_ids(ids)}")
    return request.render("merge.html", page, title=page.title, crumbs=_crumbs(env, record), active=record)


def _ids(ids: list[int]) -> str:
    return "&".join(f"ids={i}" for i in ids)


def _merge(env: Env, request: Request, record: str, ids: list[int]) -> Response:
    keep = request.value_int("keep")
    if keep not in ids:
        raise NotFound()
    picks = {name.removeprefix("pick."): _number(value) for name, value in request.posted_pairs() if name.startswith("pick.")}
    merging.check(env, record, ids)
    values = comparing.picked_values(env, record, ids, keep, picks)
    merging.merge(env, record, keep, ids, values)
    request.flash(env.t(_("The records are one now. “Take back” in its menu undoes this.")))
    return request.redirect(record_url(record, keep))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@pages.route("/merges/<int:key>/undo", methods=("POST",))
def undo_merge(env: Env, request: Request, key: int) -> Response:
    """Take a merge back."""
    kept = env.get(merging.MEMORY, key, "kept").kept
    undone, left = merging.take_back(env, key)
    if left:
        request.flash(env.t(_("Taken back: {undone} records. {left} were changed since and stay as they are.",
                              undone=undone, left=left)), "warning")
    else:
        request.flash(env.t(_("The merge is taken back.")))
    return request.redirect(record_url(kept.record, kept.id))
