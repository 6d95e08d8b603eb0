"""Pages on which templates are written: what they are, their texts by language, preview on a record, pictures and files."""

from __future__ import annotations

import json
from typing import Any

from core.api import LANGUAGES, Conflict, Env, F, Invalid, NotFound, SarnakhError, ValidationFailed, _, direction
from core.web_api import (
    Action,
    Crumb,
    FieldView,
    FormPage,
    Option,
    RecordForm,
    Request,
    Response,
    Section,
    list_url,
    record_url,
    select,
    store_file,
)

from . import template_design, template_menu, template_preview, template_writing
from .routes import pages
from .template_choices import BLOCK, HTML_CHANNELS, TEMPLATE, VERSION
from .template_menu import edit_url
from .templating import Text

OWN = ("name", "channel", "kind", "purpose", "folder", "tags", "active")
MOST_FILES = 20
FRAMES = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
          "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; object-src 'none'; frame-ancestors 'none'")
"""As all pages have it, but with a frame of this site."""


def _crumbs(env: Env, head: Any = None) -> list[Crumb]:
    found = [Crumb(env.t(_("Templates")), list_url(TEMPLATE))]
    return [*found, Crumb(head.name, record_url(TEMPLATE, head.id))] if head is not None else found


# ---------------------------------------------------------------- what a template is
@pages.route("/template/new", methods=("GET", "POST"))
def new_template(env: Env, request: Request) -> Response:
    """A new template: its name, channel and kind of record; its text is written on the next page."""
    env.require("create", TEMPLATE)
    return _settings(env, request, RecordForm(env, request, TEMPLATE, OWN).begin({"record_type": request.arg("record")}), 0)


@pages.route("/template/<int:key>/settings", methods=("GET", "POST"))
def template_settings(env: Env, request: Request, key: int) -> Response:
    """What a template is about."""
    head = template_writing.head_of(env, key)
    if not env.allowed_ids("update", TEMPLATE, [key]):
        raise NotFound
    row = {name: getattr(head, name) for name in (*OWN, "record_type")}
    return _settings(env, request, RecordForm(env, request, TEMPLATE, OWN, row), key)


def _settings(env: Env, request: Request, form: RecordForm, key: int) -> Response:
    kinds = record_types(env)
    about = select(env, request, "record_type", _("For"), kinds, str(form.row.get("record_type") or "contacts.contact"),
                   help=_("The kind of record that the messages are about."))
    errors: list[str] = []
    if request.posted:
        values = {**form.values(), "record_type": request.value("record_type")}
        if not form.errors:
            try:
                with request.attempt():
                    made = key or env.create(TEMPLATE, values)
                    if key:
                        env.update(TEMPLATE, key, values)
                return request.redirect(edit_url(int(made)))
            except SarnakhError as error:
                errors = form.take(error)
    fields = form.fields()
    title = env.t(_("Template settings")) if key else env.t(_("New template"))
    page = FormPage(title, f"/x/messaging/template/{key}/settings" if key else "/x/messaging/template/new",
                    [Section("main", columns=2, fields=[fields[0], about, *fields[1:]])], errors=errors,
                    cancel_url=edit_url(key) if key else list_url(TEMPLATE),
                    actions=[Action(env.t(_("Save") if key else _("Write")), kind="submit", style="primary")])
    return request.render("form.html", page, title=title, crumbs=_crumbs(env), active=TEMPLATE, status=422 if request.posted else 200)


def record_types(env: Env) -> list[tuple[str, str]]:
    """The kinds of records that a template may be about: those the person may read, the usual ones first."""
    found = [(r.name, env.t(r.label)) for r in env.registry.records.values() if r.parent is None and env.can("read", r.name)
             and not r.name.startswith("messaging.") and (not r.name.startswith("base.") or r.name == "base.user")]
    return sorted(found, key=lambda pair: (not env.registry.record(pair[0]).owned, env.sort_key(pair[1])))


# ---------------------------------------------------------------- its texts
@pages.route("/template/<int:key>", methods=("GET", "POST"))
def edit_template(env: Env, request: Request, key: int) -> Response:
    """The text of a template in one language, and its preview."""
    head = template_writing.head_of(env, key)
    versions = template_writing.versions_of(env, key)
    lang = template_writing.language_of(env, request.arg("lang"), versions)
    problems: dict[str, list[str]] = {}
    status = 200
    if request.posted:
        try:
            with request.attempt():
                told = _act(env, request, head, lang)
            request.flash(told)
            return request.redirect(edit_url(key, "" if request.value("do") == "remove" else lang))
        except Conflict:
            problems, status = {"": [env.t(_("Somebody else saved this text while you were writing. Copy yours, reload the page and "
                                             "put it in again, so that neither is lost."))]}, 409
        except ValidationFailed as error:
            problems, status = {str(n or ""): [env.t(m) for m in found] for n, found in error.by_field().items()}, 422
    return _page(env, request, head, versions, lang, problems, status)


def _posted(request: Request) -> dict[str, str]:
    return {name: request.value(name) for name in ("subject", "body", "design", "mode", "approved", "parameters")}


def _act(env: Env, request: Request, head: Any, lang: str) -> str:
    """Save, and what was asked for beside."""
    what = request.value("do")
    if what == "remove":
        template_writing.remove(env, head.id, lang)
        return env.t(_("The text is deleted."))
    text, design = template_writing.posted_text(head.channel, lang, _posted(request))
    if what == "source":
        design = None
    elif what == "visual":
        design = template_design.from_html(text.body) or template_design.start(lang)
        text = Text(text.subject, template_design.to_html(design, lang), approved=text.approved, parameters=text.parameters)
    template_writing.save(env, head.id, lang, text, design, request.value_int("version") or None)
    return env.t(_("The text is saved."))


def _page(env: Env, request: Request, head: Any, versions: dict[str, Any], lang: str, problems: dict[str, list[str]],
          status: int) -> Response:
    row = versions.get(lang)
    is_html = head.channel in HTML_CHANNELS
    sent = _posted(request) if request.posted else {}
    stored = {n: (row or {}).get(n) or "" for n in ("subject", "body", "approved", "parameters")}
    design: list[dict[str, str]] | None = template_design.blocks_of(row["design"]) if row and row["design"] else None
    if sent and sent["mode"]:
        design = template_design.blocks_of(sent["design"]) if sent["mode"] == "visual" else None
    elif is_html and design is None and not stored["body"]:
        design = template_design.start(lang)
    may_write = bool(env.allowed_ids("update", TEMPLATE, [head.id]))
    shown = template_preview.preview_record(env, head.record_type, request.value_int("preview_record"))
    known = env.registry.records.get(head.record_type)
    page = {
        "head": head, "key": head.id, "url": edit_url(head.id), "lang": lang, "dir": direction(lang), "is_html": is_html,
        "about": env.t(known.label) if known is not None else head.record_type,
        "channel": _channel(env, head.channel),
        "tabs": [{"code": code, "name": name, "there": code in versions, "own": code == lang} for code, name in LANGUAGES.items()],
        "text": {**stored, **{n: sent[n] for n in stored if n in sent}} if sent else stored, "problems": problems,
        "design": json.dumps(design, ensure_ascii=False) if design is not None else None, "may_write": may_write,
        "version": request.value_int("version") if sent else (row or {}).get("version", 0), "row": row,
        "files": row["files"] if row else [], "groups": template_menu.groups(env, head.record_type) if may_write else [],
        "blocks": [r["name"] for r in env.query(BLOCK).where(F.channel == head.channel).order("name").select("name").rows(200)],
        "saved": env.format.datetime(row["updated_at"]) if row and row["updated_at"] else "",
        "record": _record_field(env, head.record_type, shown), "kinds": _kinds(env)}
    response = request.render("messaging/template_edit.html", page, title=head.name, crumbs=_crumbs(env, head), active=TEMPLATE,
                              status=status)
    response.headers["Content-Security-Policy"] = FRAMES
    return response


def _channel(env: Env, name: str) -> str:
    field: Any = env.registry.record(TEMPLATE).field("channel")
    return env.t(field.labels.get(name, name))


def _kinds(env: Env) -> list[tuple[str, str, str]]:
    """The blocks of the visual editor: name, icon, what people call them."""
    return [(kind, icon, env.t(label)) for kind, icon, label in (
        ("heading", "type-h1", _("Heading")), ("text", "text-paragraph", _("Text")), ("picture", "image", _("Picture")),
        ("button", "hand-index", _("Button")), ("divider", "hr", _("Line", context="divider")),
        ("columns", "layout-split", _("Two columns")),
        ("block", "puzzle", _("Text block")), ("footer", "layout-text-window", _("Footer")), ("html", "code-slash", _("HTML")))]


def _record_field(env: Env, record: str, key: int | None) -> FieldView | None:
    """The record to preview on, as a picker."""
    if key is None:
        return None
    label = env.labels(record, [key]).get(key, f"#{key}")
    return FieldView("preview_record", env.t(_("Preview on")), "link", lookup_url=f"/lookup/{record}",
                     selected=[Option(str(key), label, selected=True)])


# ---------------------------------------------------------------- preview
@pages.route("/template/<int:key>/preview", methods=("GET", "POST"), framed_by="'self'")
def preview_template(env: Env, request: Request, key: int) -> Response:
    """The text as its recipient gets it: what is being written when it was sent along, else what is stored."""
    head = template_writing.head_of(env, key)
    lang = request.arg("lang") if request.arg("lang") in LANGUAGES else env.lang
    if request.posted:
        text, _design = template_writing.posted_text(head.channel, lang, _posted(request))
        row = template_writing.versions_of(env, key).get(lang)
    else:
        row = template_writing.versions_of(env, key).get(lang)
        text = Text(row["subject"] or "", row["body"] or "") if row else Text()
    text = Text(text.subject, text.body, tuple(f.id for f in row["files"]) if row else (), text.approved, text.parameters)
    wanted = request.value_int("preview_record") or request.arg_int("record")
    shown = template_preview.preview_record(env, head.record_type, wanted)
    made = template_preview.rendered(env, head.record_type, shown, text, head.channel, lang) if shown else None
    page = template_preview.page_of(env, head.record_type, made, text, head.channel, lang)
    response = request.render_fragment("messaging/template_preview.html", page)
    response.headers["Content-Security-Policy"] = template_preview.POLICY
    return response


# ---------------------------------------------------------------- pictures and files
@pages.route("/template/<int:key>/picture", methods=("POST",))
def template_picture(env: Env, request: Request, key: int) -> Response:
    """Take in a picture for the text; answers its address."""
    if not env.allowed_ids("update", TEMPLATE, [key]):
        raise NotFound
    found = request.uploads()
    if not found:
        return request.json({"error": env.t(_("Choose a file first."))}, 422)
    try:
        number = store_file(env, found[0], about=(TEMPLATE, key), image=True)
    except ValueError as error:
        return request.json({"error": env.t(error.args[0])}, 422)
    return request.json({"url": f"/files/{number}?inline=1", "number": number})


@pages.route("/template/<int:key>/files", methods=("POST",))
def template_files(env: Env, request: Request, key: int) -> Response:
    """Put files to a text, or take one away."""
    lang = _lang(request)
    version = template_writing.open_version(env, key, lang)
    if request.value_int("remove"):
        template_writing.detach(env, version, request.value_int("remove"))
        return request.redirect(edit_url(key, lang))
    for upload in request.uploads()[:MOST_FILES]:
        try:
            template_writing.attach(env, version, store_file(env, upload, about=(TEMPLATE, key)))
        except ValueError as error:
            raise ValidationFailed([Invalid(env.get(VERSION, version, "id"), "files", error.args[0])]) from None
    return request.redirect(edit_url(key, lang))


def _lang(request: Request) -> str:
    lang = request.arg("lang")
    if lang not in LANGUAGES:
        raise NotFound
    return lang
