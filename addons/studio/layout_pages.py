"""The layout editor: choosing a page, editing it, looking at the draft, storing it, taking changes back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from core.api import LANGUAGES, ActionLink, DefinitionError, Env, ExpressionError, NotFound, ValidationFailed, _, layouts
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    BadRequest,
    Cell,
    Column,
    Crumb,
    EmptyState,
    Request,
    Response,
    Row,
    SimpleTable,
    Tab,
    admin_page,
    draft_page,
    groups_of,
    measures_of,
    with_query,
)

from .keeping import EVERYBODY, profiles, stamp
from .layout_owners import owners, place, profile
from .layout_panel import KINDS
from .layout_saving import drafted, faults, keep, problems, without
from .layout_state import field_list, state
from .layout_words import said
from .site import LINKS, pages

BASE = "/x/studio/layout"
BIGGEST = 2 << 20
_SCRIPTS = re.compile(r"<script\b[^>]*\bsrc=[^>]*></script>")

LINKS.append(("layouts", ActionLink(_("Page layouts"), BASE, "layout-text-window-reverse",
                                    help=_("What stands where on forms, lists and cards, for whom."))))


@dataclass
class Choice:
    """An entry of the editor's pickers."""

    value: str
    label: str
    chosen: bool = False


@dataclass
class EditorPage:
    """What the editor's template gets."""

    title: str
    url: str
    intro: str
    kinds: list[Tab]
    owners: list[Choice]
    owner: str
    version: str
    state: dict[str, Any]
    changes: list[str]
    profiles: list[Choice] = field(default_factory=list)
    languages: list[Choice] = field(default_factory=list)
    static: str = ""
    problems: int = 0


@pages.route("/layout", area="layouts")
def layout_start(env: Env, request: Request) -> Response:
    """All record types, and which of their pages were customised."""
    customised = {tuple(target.split("|")[:2]) for target in env.registry.customising.of("layout")}
    records = sorted((r for r in env.registry.records.values() if env.can("read", r.name)),
                     key=lambda r: (r.addon == "base", env.sort_key(env.t(r.plural))))
    rows = []
    for number, rtype in enumerate(records):
        changed = [Badge(env.t(label), "teal") for kind, (label, _icon, _help) in KINDS.items() if (rtype.name, kind) in customised]
        rows.append(Row(number, "", [Cell("title", env.t(rtype.plural), f"{BASE}/{rtype.name}/form"), Cell(text=rtype.name, dir="ltr"),
                                     Cell(badges=changed)]))
    page = AdminPage("", intro=env.t(_("Choose whose pages to arrange. Changes are kept apart from the addons' layouts, so upgrades go on "
                                       "working.")))
    page.table = SimpleTable([Column("record", env.t(_("Record type"))), Column("name", env.t(_("Name in the program"))),
                              Column("changed", env.t(_("Customised")))], rows, caption=env.t(_("Page layouts")))
    page.actions = [Action(env.t(_("What no longer fits")), f"{BASE}/problems", "clipboard-pulse")]
    return admin_page(env, request, _("Page layouts"), page, active=BASE)


@pages.route("/layout/<record>/<kind>", methods=("GET", "POST"), area="layouts", max_bytes=BIGGEST)
def layout_edit(env: Env, request: Request, record: str, kind: str) -> Response:
    """The editor; a POST of JSON stores what it holds."""
    known(env, record, kind)
    if request.posted:
        return _store(env, request, record, kind)
    at = place(env, record, kind, request.arg("for") or EVERYBODY)
    rtype = env.registry.record(record)
    names = list(owners(env, record, kind))
    own = set(env.registry.layout_owners(record, kind))
    model = EditorPage(
        env.t(_("{record}: {kind}", record=rtype.plural, kind=KINDS[kind][0])), at.url(), env.t(KINDS[kind][2]),
        [Tab(k, env.t(label), url=f"{BASE}/{record}/{k}", icon=icon, active=k == kind) for k, (label, icon, _help) in KINDS.items()
         if _useful(env, record, k)],
        [Choice(owner, f"{label} ●" if owner in own else label, owner == at.owner) for owner, label in names], at.owner,
        stamp(at.stored(env)), state(env, at), said(env, at, at.change(env)),
        [Choice("", env.t(_("As I see it")), True), *(Choice(str(n), name) for n, name in profiles(env).items())],
        [Choice(lang, name, lang == env.lang) for lang, name in LANGUAGES.items()], request.static_url("studio", "layout"),
        sum(1 for _problem in problems(env, at)))
    crumbs = [Crumb(env.t(_("Page layouts")), BASE), Crumb(env.t(rtype.plural))]
    return request.render("studio/layout_editor.html", model, title=model.title, crumbs=crumbs, active=BASE, texts=texts(env))


def known(env: Env, record: str, kind: str) -> None:
    """NotFound for what is no page of a record type."""
    if record not in env.registry.records or kind not in KINDS:
        raise NotFound(_("There is no such page."))


def _useful(env: Env, record: str, kind: str) -> bool:
    layout = env.registry.base_layout(record, kind)
    return {"kanban": bool(layout.get("column")), "calendar": bool(layout.get("start"))}.get(kind, True)


def _sent(request: Request) -> dict[str, Any]:
    data = request.json_body()
    if not isinstance(data, dict):
        raise BadRequest(_("This is not JSON."))
    return data


def _store(env: Env, request: Request, record: str, kind: str) -> Response:
    data = _sent(request)
    at = place(env, record, kind, str(data.get("owner") or EVERYBODY))
    try:
        with request.attempt():
            keep(env, at, drafted(env, at, data.get("tree")), str(data.get("version") or ""))
    except (DefinitionError, ValidationFailed) as error:
        return request.json({"errors": _reasons(env, error)}, 422)
    request.flash(env.t(_("Stored. From now on the page is like this.")))
    return request.json({"url": with_query(at.url(), {"for": at.owner})})


def _reasons(env: Env, error: DefinitionError | ValidationFailed) -> list[str]:
    if isinstance(error, ValidationFailed):
        return list(dict.fromkeys(env.t(one.message) for one in error.errors))
    return [env.t(error.message)]


@pages.route("/layout/<record>/<kind>/preview", methods=("POST",), area="layouts", framed_by="'self'", max_bytes=BIGGEST)
def layout_preview(env: Env, request: Request, record: str, kind: str) -> Response:
    """The real page with the draft, to be looked at: without scripts, as another profile, in another language."""
    known(env, record, kind)
    try:
        tree = json.loads(request.value("tree"))
    except (ValueError, RecursionError):
        raise BadRequest(_("This is not JSON.")) from None
    at = place(env, record, kind, request.value("owner") or EVERYBODY)
    number = request.value_int("profile")
    lang = request.value("lang")
    try:
        data = drafted(env, at, tree)
        answer = draft_page(env, request, record, kind, at.owner, data, profile=profile(env, number) if number else None,
                            lang=lang if lang in LANGUAGES else "")
    except (DefinitionError, ValidationFailed) as error:
        return request.render_fragment("studio/layout_frame.html", EmptyState(
            env.t(_("This cannot be shown yet")), " ".join(_reasons(env, error)), "exclamation-triangle"), html="", status=422)
    except NotFound:
        return request.render_fragment("studio/layout_frame.html", EmptyState(
            env.t(_("Nothing to show")), env.t(_("No record was made yet, or this profile may not see any.")), "inbox"), html="")
    text = _SCRIPTS.sub("", answer.get_data(as_text=True))
    if kind == "card":
        return request.render_fragment("studio/layout_frame.html", None, html=text)
    return Response(text, answer.status_code, content_type="text/html; charset=utf-8")


@pages.route("/layout/<record>/<kind>/reset", methods=("POST",), area="layouts")
def layout_reset(env: Env, request: Request, record: str, kind: str) -> Response:
    """Take one stored change back, or all of them."""
    known(env, record, kind)
    at = place(env, record, kind, request.value("owner") or EVERYBODY)
    number = request.value_int("index", -1)
    data = {"changes": []} if request.value("do") == "all" else without(env, at, number) if number >= 0 else None
    if data is None:
        raise BadRequest(_("Say which change to take back."))
    keep(env, at, data, request.value("version"))
    request.flash(env.t(_("Taken back.")))
    return request.redirect(with_query(at.url(), {"for": at.owner}))


@pages.route("/layout/check/<record>", methods=("POST",), area="layouts")
def layout_check(env: Env, request: Request, record: str) -> Response:
    """Whether a text is a condition over a record type; what is wrong with it otherwise, and where."""
    if record not in env.registry.records:
        raise NotFound(_("There is no such page."))
    text = str(_sent(request).get("text") or "")
    try:
        found = list(faults(env, record, layouts.Node("x", "field", {"visible": text[:4000]})))
        layouts.condition_tree(text[:4000])
    except ExpressionError as error:
        return request.json({"fault": env.t(error.message), "position": error.position})
    return request.json({"fault": env.t(found[0]) if found else ""})


@pages.route("/layout/fields/<record>", area="layouts")
def layout_fields(env: Env, request: Request, record: str) -> Response:
    """What related lists and blocks about a record type can show of it: columns, groups, what is counted."""
    rtype = env.registry.records.get(record)
    if rtype is None or not env.can("read", record):
        raise NotFound(_("There is no such page."))
    return request.json({"fields": field_list(env, record), "groups": groups_of(env, rtype), "measures": measures_of(env, rtype)})


def texts(env: Env) -> dict[str, str]:
    """What the scripts say."""
    return {name: env.t(text) for name, text in {
        "moved": _("“{node}” is now {place}."), "first": _("the first in “{where}”"), "after": _("after “{other}” in “{where}”"),
        "page": _("the page"), "removed": _("“{node}” was taken off the page."), "added": _("“{node}” was put on the page, {place}."),
        "stays": _("It cannot go further that way."), "undone": _("Taken back."), "redone": _("Done again."), "up": _("Move up"),
        "down": _("Move down"), "in": _("Move into the part before it"), "out": _("Move out of this part"),
        "remove": _("Take off the page"),
        "asShipped": _("As it comes"), "always": _("Always"), "never": _("Never"), "when": _("When a condition holds"), "yes": _("Yes"),
        "no": _("No"), "condition": _("Condition"), "conditionHelp": _("For example: status == \"won\" and amount > 1000"),
        "good": _("This condition is understood."), "add": _("Add"),
        "away": _("Taken off the page"), "empty": _("Drop fields here"), "own": _("Added here"),
        "changed": _("Changed here"), "hidden": _("Shown under a condition"),
        "chooseFirst": _("Choose something on the page to see what can be said of it."),
        "noInputs": _("There is nothing to set here; its place is all."),
        "pageTitle": _("The page itself"), "newSection": _("New section"), "newTab": _("New tab"), "newLink": _("New link"),
        "orderHelp": _("Names of fields; a minus before one for descending."), "unsaved": _("There are changes that are not stored."),
        "saving": _("Storing…"), "failed": _("That did not work. Nothing was changed."), "find": _("Find"),
        "noMatch": _("Nothing found"),
        "linksHelp": _("One in a line: words | address"),
    }.items()}
