"""Why can this person see this record? Each part of the decision, and what would help."""

from __future__ import annotations

from core.env import Env
from core.i18n.messages import Message, _
from core.records.fields import USER
from core.security.actor import ANONYMOUS
from core.security.explain import Explanation, explain
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.people import principal_names
from core.web.request import Request, Response
from core.web.viewmodels import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    FieldView,
    Flash,
    FormPage,
    Option,
    Panel,
    Row,
    Section,
    SimpleTable,
)

pages = Pages("access")

OPERATIONS: dict[str, tuple[Message, Message, Message]] = {
    "read": (_("Reading"), _("{person} can see this record."), _("{person} cannot see this record.")),
    "update": (_("Changing"), _("{person} may change this record."), _("{person} may not change this record.")),
    "delete": (_("Deleting"), _("{person} may delete this record."), _("{person} may not delete this record."))}
KINDS: dict[str, Message] = {"right": _("Right"), "restriction": _("Condition for all"), "open": _("Openness"),
                             "way": _("Way to it")}


@pages.route("/admin/access", area="sharing")
def access(env: Env, request: Request) -> Response:
    """Choose a person and a record, read the explanation."""
    person, record, key = request.arg_int("person"), request.arg("record"), request.arg_int("number")
    names = env.labels(USER, [person]) if person else {}
    page = AdminPage("", intro=env.t(_("Choose a person and a record: every reason for or against is listed.")))
    page.filters = _filters(env, names, person, record, key)
    if person and key and record in env.registry.records:
        actor = env.installation.load_actor(person)
        if actor is ANONYMOUS:
            page.notices.append(Flash(env.t(_("This person cannot sign in, and so sees nothing.")), "warning"))
        else:
            with env.elevated("explain access") as trusted:
                for operation in OPERATIONS:
                    _add(env, page, explain(trusted, actor, record, key, operation), actor.name)
    return admin_page(env, request, _("Why can this person see this record?"), page)


def _filters(env: Env, names: dict[int, str], person: int, record: str, key: int) -> FormPage:
    types = sorted(((n, env.t(r.plural)) for n, r in env.registry.records.items()), key=lambda pair: pair[1])
    return FormPage("", "/admin/access", [Section("what", fields=[
        FieldView("person", env.t(_("Person")), "user", lookup_url=f"/lookup/{USER}", required=True,
                  selected=[Option(str(person), names.get(person, f"#{person}"))] if person else []),
        FieldView("record", env.t(_("Record type")), "select", record, required=True,
                  options=[Option(v, t, selected=v == record) for v, t in types]),
        FieldView("number", env.t(_("Number of the record")), "integer", str(key) if key else "", required=True)])],
        method="get", actions=[Action(env.t(_("Explain")), kind="submit", style="primary")])


def _add(env: Env, page: AdminPage, found: Explanation, name: str) -> None:
    """One panel for an operation."""
    title, yes, no = OPERATIONS[found.operation]
    if found.exists == "missing":
        page.notices = [Flash(env.t(_("There is no record with this number.")), "warning")]
        return
    if found.exists == "deleted" and not page.notices:
        page.notices = [Flash(env.t(_("The record is in the recycle bin.")), "warning")]
    verdict = Message(yes if found.allowed else no, {"person": name})
    details = _details(env, found)
    rows = [Row(i, "", [Cell(text=env.t(KINDS[p.kind])), Cell(text=env.t(p.label) + (f" ({details[i]})" if details[i] else "")),
                        Cell(badges=[_held(env, p.held)])]) for i, p in enumerate(found.parts)]
    rows += [Row(len(rows) + i, "", [Cell(text=env.t(_("What would help"))), Cell(text=env.t(a)), Cell()])
             for i, a in enumerate(found.advice)]
    columns = [Column("kind", env.t(_("Kind"))), Column("label", env.t(_("Part"))), Column("held", env.t(_("Result")))]
    if found.operation == "read":
        page.notices.append(Flash(env.t(verdict), "success" if found.allowed else "info"))
    page.panels.append(Panel(env.t(verdict), table=SimpleTable(columns, rows, caption=env.t(title)), wide=True,
                             icon="check2-circle" if found.allowed else "x-circle"))


def _details(env: Env, found: Explanation) -> list[str]:
    """Whom each part is about: the owner, or with whom the record was shared and until when."""
    names = principal_names(env, [p.share.principal for p in found.parts if p.share is not None])
    made = []
    for part in found.parts:
        text = part.detail
        if part.share is not None:
            text = names.get(part.share.principal, part.share.principal)
            if part.share.expires_at is not None:
                text = env.t(_("{name}, until {moment}", name=text, moment=env.format.datetime(part.share.expires_at)))
        made.append(text)
    return made


def _held(env: Env, held: bool) -> Badge:
    return Badge(env.t(_("holds")), "green", "check2") if held else Badge(env.t(_("does not")), "grey", "dash")
