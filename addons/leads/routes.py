"""Pages of working on leads, under `/x/leads`: conversion and its way back, disqualifying, merging."""

from __future__ import annotations

from typing import Any

from addons.contacts import comparing, merging
from core.api import Env, NotFound, SarnakhError, _, n_
from core.web_api import Action, Crumb, FieldView, FormPage, Option, Pages, Request, Response, Section, list_url, record_url

from . import conversion, convert_view, lifecycle, reversing, similar, sources
from .choices import CONVERTED, DEAD, JUNK

pages = Pages("leads")
LEAD = conversion.LEAD
MOST = 200
REASONS = {JUNK: "junk_reason", DEAD: "dead_reason"}


def _crumbs(env: Env, key: int | None = None) -> list[Crumb]:
    made = [Crumb(env.t(env.registry.record(LEAD).plural), list_url(LEAD))]
    if key is not None:
        made.append(Crumb(env.labels(LEAD, [key]).get(key, f"#{key}"), record_url(LEAD, key)))
    return made


# ---------------------------------------------------------------- conversion
@pages.route("/<int:key>/convert", methods=("GET", "POST"))
def convert(env: Env, request: Request, key: int) -> Response:
    """The dialog of conversion: what the lead becomes, what is there already, what would not be carried over."""
    plan = conversion.plan(env, key)
    forms = convert_view.asked(env, plan, request)
    if not request.posted:
        return _show_plan(env, request, plan, forms, [])
    chosen = convert_view.decisions(plan, request, forms)
    if any(form.errors for form in forms.values()):
        return _show_plan(env, request, plan, forms, [env.t(_("Please check the marked fields."))])
    try:
        with request.attempt():
            done = conversion.convert(env, key, chosen, owner=request.value_int("owner") or None,
                                      attach=request.value("attach"), keep_rest=request.value("keep_rest") == "1")
    except SarnakhError as error:
        return _show_plan(env, request, plan, forms, convert_view.refusal(env, error, forms))
    for text in done.messages:
        request.flash(text, "warning")
    request.flash(env.t(_("The lead is converted. “Undo conversion” on its page takes that back.")))
    return request.redirect(record_url(*_opened(plan, done)))


def _opened(plan: conversion.Plan, done: conversion.Converted) -> tuple[str, int]:
    """The record to show after a conversion."""
    wanted = [t.name for t in plan.targets if t.target.opens and t.name in done.results]
    name = wanted[-1] if wanted else next(iter(done.results))
    return name, done.results[name]


def _show_plan(env: Env, request: Request, plan: conversion.Plan, forms: convert_view.Asked, errors: list[str]) -> Response:
    page = convert_view.page(env, plan, request, errors, forms)
    return request.render("leads/convert.html", page, title=page.title, crumbs=_crumbs(env, plan.lead.id), active=LEAD,
                          status=422 if errors else 200)


@pages.route("/convert", methods=("GET", "POST"))
def convert_many(env: Env, request: Request) -> Response:
    """Convert several leads as their plans say."""
    env.require(conversion.RIGHT, LEAD)
    ids = _chosen(env, request)
    if len(ids) == 1 and not request.has("go"):
        return request.redirect(f"/x/leads/{ids[0]}/convert")
    if request.has("go"):
        outcomes = conversion.convert_many(env, ids, request.attempt, owner=request.value_int("owner") or None, most=MOST)
        page = convert_view.outcome_page(env, outcomes)
        return request.render("admin/page.html", page, title=page.title, crumbs=_crumbs(env), active=LEAD)
    form = FormPage(
        env.t(n_("Convert {count} lead", "Convert {count} leads", len(ids))), "/x/leads/convert",
        [Section("main", columns=1, fields=[convert_view.owner_field(env, None)])], cancel_url=list_url(LEAD),
        intro=env.t(_("Each lead becomes an account (when it has a company) and a contact. Sure duplicates are used instead "
                      "of making new records, notes and files follow, and each conversion can be taken back by itself.")),
        actions=[Action(env.t(_("Convert")), kind="submit", name="go", value="1", style="primary")])
    return request.render("ask.html", form, title=form.title, crumbs=_crumbs(env), active=LEAD, ids=ids)


def _chosen(env: Env, request: Request) -> list[int]:
    ids = env.visible_ids(LEAD, request.ids())
    if not ids:
        raise NotFound(_("Choose leads in the list first."))
    if len(ids) > MOST:
        raise SarnakhError(_("Choose at most {most} leads at a time.", most=MOST))
    return ids


@pages.route("/<int:key>/unconvert", methods=("POST",))
def unconvert(env: Env, request: Request, key: int) -> Response:
    """Take a conversion back."""
    with request.attempt():
        reversing.undo_conversion(env, key)
    request.flash(env.t(_("The conversion is taken back; the lead is open again.")))
    return request.redirect(record_url(LEAD, key))


# ---------------------------------------------------------------- junk and dead
@pages.route("/<int:key>/<any(junk, dead):status>", methods=("GET", "POST"))
def close_one(env: Env, request: Request, key: int, status: str) -> Response:
    """Ask why a lead is junk or dead, and close it."""
    env.get(LEAD, key, "status")
    return _close(env, request, [key], status, f"/x/leads/{key}/{status}", record_url(LEAD, key))


@pages.route("/<any(junk, dead):status>", methods=("GET", "POST"))
def close_many(env: Env, request: Request, status: str) -> Response:
    """The same for several leads."""
    return _close(env, request, _chosen(env, request), status, f"/x/leads/{status}", list_url(LEAD))


def _close(env: Env, request: Request, ids: list[int], status: str, url: str, back: str) -> Response:
    env.require("update", LEAD)
    errors: dict[str, list[str]] = {}
    if request.has("reason"):
        try:
            with request.attempt():
                count = lifecycle.disqualify(env, ids, status, request.value("reason"), request.value("note"))
            request.flash(env.t(n_("{count} lead closed.", "{count} leads closed.", count)), undo=env.batch)
            return request.redirect(request.next_url(back))
        except SarnakhError as error:
            errors = {"reason": [env.t(error.message)]}
    field = env.registry.record(LEAD).field(REASONS[status])
    options = [Option(o.value, env.t(o.label), o.colour) for o in field.options if o.active]  # type: ignore[attr-defined]
    title = env.t(_("Why junk?") if status == JUNK else _("Why dead?"))
    form = FormPage(title, url, [Section("main", columns=1, fields=[
        FieldView("reason", env.t(field.label), "radio", request.value("reason"), required=True, options=options,
                  errors=errors.get("reason", [])),
        FieldView("note", env.t(_("Note")), "longtext", request.value("note"))])], cancel_url=request.next_url(back),
        hidden={"next": request.next_url()} if request.next_url() != "/" else {},
        actions=[Action(env.t(_("Close lead")), kind="submit", style="primary")])
    return request.render("ask.html", form, title=title, active=LEAD, ids=ids, status=422 if errors else 200,
                          crumbs=_crumbs(env, ids[0] if len(ids) == 1 else None))


@pages.route("/similar")
def similar_records(env: Env, request: Request) -> Response:
    """JSON for a form being filled in: leads, contacts and accounts the person may see that may be the same."""
    row: dict[str, Any] = {n: request.arg(n)[:300].strip() for n in similar.TYPED if request.arg(n).strip()}
    row["id"] = request.arg_int("id") or None
    found = similar.find_similar(env, row) if len(row) > 1 else []
    return request.json({"title": env.t(_("Is it one of these?")), "candidates": [
        {"id": c.id, "label": c.label, "score": c.score, "url": record_url(c.record, c.id), "reasons": [env.t(r) for r in c.reasons],
         "detail": " · ".join(t for t in (env.t(env.registry.record(c.record).label), c.detail) if t)} for c in found]})


# ---------------------------------------------------------------- sources
@pages.route("/sources")
def source_returns(env: Env, request: Request) -> Response:
    """What lead sources cost and brought in, side by side."""
    env.require("read", sources.SOURCE)
    page = sources.page(env)
    return request.render("admin/page.html", page, title=page.title, crumbs=_crumbs(env), active="/x/leads/sources")


# ---------------------------------------------------------------- merging
@pages.route("/merge", methods=("GET", "POST"))
def merge(env: Env, request: Request) -> Response:
    """Make several leads one, by the contacts addon's comparison and merging."""
    ids = request.ids()
    merging.check(env, LEAD, ids)
    if any(r["status"] == CONVERTED for r in env.query(LEAD).with_ids(ids).select("status").rows()):
        raise SarnakhError(_("Converted leads cannot be merged: merge what they became."))
    url = "/x/leads/merge?" + "&".join(f"ids={i}" for i in ids)
    if not (request.posted and request.has("keep")):
        keep = request.arg_int("keep") or request.value_int("first") or ids[0]
        page = comparing.merge_page(env, LEAD, ids, keep if keep in ids else ids[0], url)
        return request.render("merge.html", page, title=page.title, crumbs=_crumbs(env), active=LEAD)
    keep = request.value_int("keep")
    if keep not in ids:
        raise NotFound()
    values = comparing.picked_values(env, LEAD, ids, keep, _picks(request))
    merging.merge(env, LEAD, keep, ids, values)
    request.flash(env.t(_("The leads are one now.")), undo=env.batch)
    return request.redirect(record_url(LEAD, keep))


def _picks(request: Request) -> dict[str, Any]:
    return {name.removeprefix("pick."): request.value_int(name) for name, _value in request.posted_pairs()
            if name.startswith("pick.")}
