"""Validation rules of a record type: what must hold, what is said when it does not, and how many records break it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import Env, ExpressionError, NotFound, Piece, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Option,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    admin_page,
    flag,
)

from .fields_applying import Change, Refused, apply_now, attempted, seen, with_errors
from .fields_options import made_up
from .fields_typed import Typed, text_in, words
from .site import pages
from .types_info import BASE, known_type, rules_of
from .types_pages import tabs

NEW = "new"


@pages.route("/types/<record>/rules", area="layouts")
def rules(env: Env, request: Request, record: str) -> Response:
    """The rules that this installation made."""
    rtype = known_type(env, record)
    url = f"{BASE}/{record}/rules"
    rows = [Row(i, "", [
        Cell("title", text_in(env, data.get("message"), key), f"{url}/{key}"), Cell(text=str(data.get("where", "")), dir="ltr"),
        Cell(badges=[Badge(env.t(rtype.fields[n].label)) for n in data.get("fields") or () if n in rtype.fields]),
        Cell(badges=[Badge(env.t(_("In use")), "green") if data.get("active", True) else Badge(env.t(_("Switched off")), "orange")])],
        muted=not data.get("active", True)) for i, (key, data) in enumerate(rules_of(env, record).items())]
    add = Action(env.t(_("New rule")), f"{url}/{NEW}", icon="plus", style="primary")
    page = AdminPage("", tabs=tabs(env, record, "rules"), actions=[add] if rows else [], intro=env.t(_(
        "What must hold of every record, whatever door it comes through: forms, imports, mass edits, other programs.")))
    page.table = SimpleTable(
        [Column("message", env.t(_("What is said"))), Column("where", env.t(_("What must hold"))), Column("fields", env.t(_("Said at"))),
         Column("state", env.t(_("State")))], rows, caption=env.t(_("Validation rules")),
        empty=EmptyState(env.t(_("No rules yet")), env.t(_(
            "A rule refuses what cannot be right, such as an end before its beginning, and says why.")), "shield-check", actions=[add]))
    return admin_page(env, request, rtype.plural, page, active=BASE)


@pages.route("/types/<record>/rules/<key>", methods=("GET", "POST"), area="layouts")
def rule(env: Env, request: Request, record: str, key: str) -> Response:
    """A rule, with a try-out on real records while it is written."""
    rtype = known_type(env, record)
    known = rules_of(env, record)
    new = key == NEW
    if not new and key not in known:
        raise NotFound(_("There is no such rule."))
    data: Mapping[str, Any] = known.get(key, {}) if not new else {}
    typed = Typed(request)
    url, back = f"{BASE}/{record}/rules/{key}", f"{BASE}/{record}/rules"
    target = f"{record}|{key}"
    state = "" if new else seen(env, typed, "rule", target)
    title = _("{record}: new rule", record=env.t(rtype.plural)) if new else _("{record}: rule", record=env.t(rtype.plural))

    def make() -> Change:
        made = _read(env, record, typed, data)
        at = f"{record}|{made_up(made['message'], {*known, NEW}, 'rule')}" if new else target
        return Change(title, url, [Piece("rule", at, made)], at, env.t(_("Saved.")), back, words=[env.t(_(
            "From now on nothing is saved that breaks the rule. Records that break it already stay as they are.")) if made["active"]
            else env.t(_("The rule is kept, but not asked."))])

    def show(errors: Mapping[str, list[str]], status: int) -> Response:
        page = AdminPage("", form=FormPage("", url, _sections(env, rtype, typed, data), hidden={"seen": state} if state else {},
                                           cancel_url=back, actions=[Action(env.t(_("Go on")), kind="submit", style="primary",
                                                                            name="do", value="plan")]))
        if not new:
            page.actions = [Action(env.t(_("Delete")), f"{url}/delete", "trash3", kind="post", style="danger",
                                   confirm=env.t(_("Delete this rule? The list of changes keeps it.")))]
        return with_errors(env, request, title, page, errors, status)

    return attempted(env, typed, request, make, show)


def _sections(env: Env, rtype: Any, typed: Typed, data: Mapping[str, Any]) -> list[Section]:
    where = FieldView("where", env.t(_("What must hold")), "code", typed.value("where") if typed.posted else data.get("where", ""),
                      required=True, width=2, help=env.t(_(
                          "An expression that is true for a good record, such as ends_at >= starts_at. An empty field breaks no rule.")),
                      attrs={"rows": "4", "maxlength": "4000", "spellcheck": "false", "autocapitalize": "off",
                             "data-studio-try": f"{BASE}/{rtype.name}/try?kind=rule"})
    chosen = set(typed.values("fields") if typed.posted else data.get("fields") or ())
    fields = FieldView("fields", env.t(_("Said at these fields")), "multichoice", list(chosen), width=2, multiple=True, help=env.t(_(
        "Without any it is said above the form.")), options=[
            Option(f.name, env.t(f.label), selected=f.name in chosen) for f in rtype.fields.values() if not f.system and not f.readonly])
    message = words(env, typed, "message", _("What is said when it does not hold"), data.get("message"), required=True, most=300)
    return [Section("rule", columns=2, fields=[where, message, flag(env, typed.request, "active", _("In use"), data.get("active", True))]),
            Section("fields", columns=2, fields=[fields], collapsed=not chosen, label=env.t(_("Where it is said")))]


def _read(env: Env, record: str, typed: Typed, data: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    where = typed.value("where")
    if not where:
        errors["where"] = [env.t(_("Write an expression."))]
    else:
        try:
            env.registry.node(record, where, "flag")
        except ExpressionError as error:
            errors["where"] = [env.t(_("{reason} (at character {place})", reason=error.message, place=error.position + 1))]
    message = typed.words("message", 300, data.get("message"))
    if not message:
        errors["message"] = [env.t(_("Say it in at least one language."))]
    if errors:
        raise Refused(errors)
    known = env.registry.record(record).fields
    return {"where": where, "message": message, "fields": [name for name in typed.values("fields") if name in known],
            "active": typed.on("active")}


@pages.route("/types/<record>/rules/<key>/delete", methods=("POST",), area="layouts")
def delete_rule(env: Env, request: Request, record: str, key: str) -> Response:
    """Take a rule away; the history keeps it."""
    known_type(env, record)
    if key not in rules_of(env, record):
        raise NotFound(_("There is no such rule."))
    apply_now(env, request, [Piece("rule", f"{record}|{key}", None)], f"{record}|{key}", _("The rule is deleted."))
    return request.redirect(f"{BASE}/{record}/rules")
