"""The page of conversion: its view model, and what its form says back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.api import Env, SarnakhError, _
from core.web_api import AdminPage, Cell, Column, FieldView, Option, RecordForm, Request, Row, SimpleTable, record_url

from .conversion import CREATE, LEAD, PICK, SKIP, Decision, Loss, Outcome, Plan, TargetPlan, TargetRefused


@dataclass
class TargetView:
    """One box of the page: a kind of record, the choice of making, picking or leaving it, and what goes over."""

    name: str
    label: str
    icon: str
    choice: FieldView
    values: list[tuple[str, str]] = field(default_factory=list)
    ask: list[FieldView] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    refused: str = ""


@dataclass
class ConvertPage:
    """Everything leads/convert.html draws."""

    title: str
    action_url: str
    cancel_url: str
    targets: list[TargetView]
    unmapped: list[Loss]
    owner: FieldView
    attach: FieldView
    keep_rest: bool = True
    errors: list[str] = field(default_factory=list)
    mapping_url: str = ""


Asked = dict[str, RecordForm]
"""What the dialog asks for about each new record, by record type."""


def asked(env: Env, plan: Plan, request: Request) -> Asked:
    """The small forms of those targets that ask for something, begun as the form of a new record would be."""
    return {one.name: RecordForm(env, request, one.name, one.target.ask, prefix=f"{one.name}.").begin(
        {"owner": plan.lead.owner.id, **one.values} if "owner" in one.target.ask else one.values)
        for one in plan.targets if one.target.ask and not one.refused}


def page(env: Env, plan: Plan, request: Request, errors: list[str], forms: Asked) -> ConvertPage:
    """The page for a plan, with what was chosen before when it comes back with errors."""
    lead = plan.lead
    options = [Option(t.name, env.t(t.target.label)) for t in plan.targets]
    attach = request.value("attach") or next((o.value for o in options if o.value == "contacts.contact"),
                                             options[0].value if options else "")
    return ConvertPage(
        env.t(_("Convert {name}", name=lead.name)), f"/x/leads/{lead.id}/convert", record_url(LEAD, lead.id),
        [_target(env, one, request, forms) for one in plan.targets], plan.unmapped,
        owner_field(env, request.value_int("owner") or lead.owner.id),
        FieldView("attach", env.t(_("Notes and files move to")), "radio", attach, options=options),
        request.value("keep_rest") == "1" if request.posted else True, errors,
        "/x/leads/settings/mapping" if env.can("update", "leads.mapping") else "")


def _target(env: Env, one: TargetPlan, request: Request, forms: Asked) -> TargetView:
    rtype = env.registry.record(one.name)
    options = []
    if not one.refused:
        options.append(Option(CREATE, env.t(_("Create a new one"))))
    for key, label, reason, _sure in one.matches:
        options.append(Option(f"{PICK}:{key}", env.t(_("Use {name} ({reason})", name=label, reason=reason))))
    options.append(Option(SKIP, env.t(_("Leave out"))))
    default = f"{PICK}:{one.matches[0][0]}" if one.action == PICK else one.action
    values = [(env.t(rtype.field(n).label), _text(env, rtype.field(n), v)) for n, v in one.values.items()
              if v not in (None, []) and n not in one.target.ask]
    return TargetView(one.name, env.t(one.target.label), one.target.icon or rtype.icon,
                      FieldView(one.name, env.t(_("What to do")), "radio", request.value(one.name) or default, options=options),
                      values, forms[one.name].fields() if one.name in forms else [], one.losses, one.refused)


def _text(env: Env, item: Any, value: Any) -> str:
    if item.type_name == "choice":
        return env.t(item.labels.get(value, value))
    if item.type_name == "link":
        return env.labels(item.target, [value]).get(value, f"#{value}")
    if isinstance(value, list):
        return env.format.list(list(env.labels(item.target, value).values()))
    if item.type_name in ("integer", "decimal", "money"):
        return env.format.number(value)
    return env.t(_("Yes")) if value is True else str(value)


def owner_field(env: Env, chosen: int | None) -> FieldView:
    """Who gets the new records."""
    people = env.query("base.user").where("active").order("name").select("name").rows(500) if env.can("read", "base.user") else []
    return FieldView("owner", env.t(_("Owner of the new records")), "select", str(chosen or ""),
                     placeholder=env.t(_("As the lead's")), options=[Option(str(p["id"]), p["name"]) for p in people])


def decisions(plan: Plan, request: Request, forms: Asked) -> dict[str, Decision]:
    """What the posted form decides for each target; what was asked for and not understood is in the forms' errors."""
    made = {}
    for one in plan.targets:
        action, _colon, key = request.value(one.name, SKIP).partition(":")
        number = int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else None
        values = forms[one.name].values() if action == CREATE and one.name in forms else {}
        made[one.name] = Decision(action if action in (CREATE, PICK) else SKIP, number, values)
    return made


def refusal(env: Env, error: SarnakhError, forms: Asked) -> list[str]:
    """What is wrong, for the top of the page; reasons about what was asked for go to their fields."""
    if not isinstance(error, TargetRefused) or error.target not in forms:
        return [env.t(error.message)]
    asked_for = set(forms[error.target].names) & set(error.failed.by_field())
    return forms[error.target].take(error.failed) or [env.t(_("Please check the marked fields."))] if asked_for \
        else [env.t(error.message)]


def outcome_page(env: Env, outcomes: list[Outcome]) -> AdminPage:
    """What became of many leads."""
    rows = []
    for one in outcomes:
        done = one.done
        results = [f"{env.t(env.registry.record(n).label)}: {env.labels(n, [k]).get(k, f'#{k}')}"
                   for n, k in done.results.items()] if done else []
        rows.append(Row(one.lead, record_url(LEAD, one.lead), [
            Cell(text=one.label, url=record_url(LEAD, one.lead), dir="auto"),
            Cell(text=env.t(_("Converted")) if done else env.t(_("Left as it is"))),
            Cell(text=" · ".join(results) if done else env.t(one.refused), dir="auto")]))
    count = sum(1 for o in outcomes if o.done)
    table = SimpleTable([Column("lead", env.t(_("Lead"))), Column("state", env.t(_("Result"))),
                         Column("what", env.t(_("What it became, or why not")))], rows)
    return AdminPage(env.t(_("{done} of {all} leads converted", done=count, all=len(outcomes))), table=table,
                     intro=env.t(_("Each conversion can be taken back on its lead's page.")),
                     menu_title=env.t(_("Conversion")))
