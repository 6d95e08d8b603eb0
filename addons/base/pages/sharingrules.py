"""One sharing rule: a form that shows what the kind of rule needs, and says what the rule would open, to how many."""

from __future__ import annotations

from typing import Any

from core.api import Env, ExpressionError, F, SarnakhError, _, n_
from core.web_api import (
    Action,
    AdminPage,
    FieldView,
    Flash,
    FormPage,
    Pages,
    Request,
    Response,
    Section,
    admin_page,
    flag,
    select,
    shown_when,
    text,
)

from ..access import members_of
from .sharing import RULE, RULE_ACCESS, owned_types, principals

pages = Pages("sharingrules")

CHECK = "/admin/sharing/check"
KINDS = (("owners", _("Those that somebody owns")), ("criteria", _("Those that meet criteria")))
NAMES = ("name", "record_type", "owners", "criteria", "share_with", "access")


@pages.route("/admin/sharing/rules/new", methods=("GET", "POST"), area="sharing")
def new_rule(env: Env, request: Request) -> Response:
    """A new rule."""
    env.require("create", RULE)
    return _rule(env, request, 0, {"active": True, "access": "read", "kind": "owners"})


@pages.route("/admin/sharing/rules/<int:key>", methods=("GET", "POST"), area="sharing")
def rule(env: Env, request: Request, key: int) -> Response:
    """One rule."""
    found = env.get(RULE, key, "name", "record_type", "owners", "criteria", "share_with", "access", "active")
    return _rule(env, request, key, {**vars(found), "kind": "owners" if found.owners else "criteria"})


@pages.route("/admin/sharing/rules/<int:key>/delete", methods=("POST",), area="sharing")
def remove(env: Env, request: Request, key: int) -> Response:
    """Delete a rule; what it opened is closed at once."""
    env.delete(RULE, key)
    request.flash(env.t(_("Deleted.")))
    return request.redirect("/admin/sharing")


def _rule(env: Env, request: Request, key: int, row: dict[str, Any]) -> Response:
    url = f"/admin/sharing/rules/{key}" if key else "/admin/sharing/rules/new"
    errors: dict[str | None, list[str]] = {}
    if request.posted and request.value("do") != "check":
        values = _posted(request)
        try:
            with request.attempt():
                if key:
                    env.update(RULE, key, values)
                else:
                    env.create(RULE, values)
            request.flash(env.t(_("Saved.")))
            return request.redirect("/admin/sharing")
        except SarnakhError as error:
            found = error.by_field() if hasattr(error, "by_field") else {None: [error.message]}
            errors = {name: [env.t(m) for m in messages] for name, messages in found.items()}
    page = AdminPage("", form=_rule_form(env, request, url, row, errors))
    if key and env.can("delete", RULE):
        page.actions = [Action(env.t(_("Delete")), f"/admin/sharing/rules/{key}/delete", "trash", kind="post", style="danger",
                               confirm=env.t(_("Delete this rule? What it opened is closed at once.")))]
    return admin_page(env, request, row.get("name") or _("New sharing rule"), page, active="/admin/sharing",
                      status=422 if errors else 200)


def _posted(request: Request, read: Any = None) -> dict[str, Any]:
    read = read or request.value
    values: dict[str, Any] = {n: read(n).strip()[:4000] or None for n in NAMES}
    values["owners" if read("kind") == "criteria" else "criteria"] = None
    values["active"] = read("active") == "1"
    return values


def _rule_form(env: Env, request: Request, url: str, row: dict[str, Any], errors: dict[str | None, list[str]]) -> FormPage:
    fields = _fields(env, request, row)
    for field in fields:
        field.errors = errors.get(field.name, [])
        field.width = 2 if field.name in ("criteria", "kind") else 1
    made = FormPage("", url, [Section("rule", fields=fields)], errors=errors.get(None, []), cancel_url="/admin/sharing",
                    actions=[Action(env.t(_("Save")), kind="submit", style="primary"),
                             Action(env.t(_("What would this open?")), kind="submit", name="do", value="check")])
    if request.posted and request.value("do") == "check":
        message, good = preview(env, _posted(request))
        if good:
            made.warnings.append(Flash(message, "info"))
        else:
            next(f for f in fields if f.name == "criteria").errors.append(message)
    return made


def _fields(env: Env, request: Request, row: dict[str, Any]) -> list[FieldView]:
    """The inputs. Only the one that the chosen kind needs is shown; without scripts both are, and the other is ignored."""
    who = principals(env)

    def stored(name: str) -> str:
        return str(row.get(name) or "")

    owners = select(env, request, "owners", _("Owned by"), who, stored("owners"), required=False,
                    help=_("All records of these people, now and later."))
    criteria = text(env, request, "criteria", _("Criteria"), stored("criteria"), "code",
                    help=_("An expression, such as: status == \"new\" and amount > 1000"))
    shown_when(owners, "kind", "owners")
    shown_when(criteria, "kind", "criteria")
    fields = [
        text(env, request, "name", _("Name"), stored("name"), required=True, maxlength="200"),
        select(env, request, "record_type", _("Record type"), owned_types(env), stored("record_type")),
        select(env, request, "kind", _("Which records"), KINDS, stored("kind"), kind="radio"),
        owners, criteria,
        select(env, request, "share_with", _("Opened to"), who, stored("share_with")),
        select(env, request, "access", _("Access"), RULE_ACCESS, stored("access")),
        flag(env, request, "active", _("On", context="rule"), bool(row.get("active")))]
    for field in fields:
        if field.name in ("record_type", "owners", "criteria", "share_with"):
            field.check_url, field.attrs["data-check-form"] = CHECK, "1"
    return fields


@pages.route(CHECK, area="sharing")
def check(env: Env, request: Request) -> Response:
    """What the rule as it stands in the form would open, for the script that asks while one fills it in."""
    values = _posted(request, request.arg)
    if not values["record_type"] or not (values["owners"] or values["criteria"]):
        return request.json({"message": "", "level": "info"})
    message, good = preview(env, values)
    return request.json({"message": message, "level": "info" if good else "error"})


def preview(env: Env, values: dict[str, Any]) -> tuple[str, bool]:
    """How many records a rule opens now, and to how many people; or what is wrong with it."""
    record = values.get("record_type") or ""
    if record not in dict(owned_types(env)):
        return env.t(_("Choose a record type whose records have an owner.")), False
    try:
        with env.elevated("count what a sharing rule opens") as trusted:
            query = trusted.query(record)
            if values.get("criteria"):
                env.query(record).where(values["criteria"]).id_select()  # refuses what this person may not filter by
                query = query.where(values["criteria"])
            elif values.get("owners"):
                query = query.where(F.owner.isin(members_of(trusted, values["owners"]) or [0]))
            count, people = query.count(), _people(trusted, values.get("share_with") or "")
    except ExpressionError as error:
        return env.t(_("{problem} (at character {position})", problem=error.message, position=error.position + 1)), False
    except SarnakhError as error:
        return env.t(error.message), False
    records = env.t(_("more than a thousand records")) if count > 1000 else env.t(n_("{count} record", "{count} records", count))
    if people is None:
        return env.t(_("Now this is {records}.", records=records)), True
    who = env.t(n_("{count} person", "{count} people", people))
    return env.t(_("Now this opens {records} to {people}.", records=records, people=who)), True


def _people(trusted: Env, principal: str) -> int | None:
    """How many people who can sign in a principal stands for; None when nobody is chosen yet."""
    if not principal:
        return None
    ids = members_of(trusted, principal)
    return trusted.query("base.user").with_ids(ids).where(F.active).count(cap=None) if ids else 0
