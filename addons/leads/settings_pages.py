"""Settings of leads, under `/x/leads/settings`: allowed moves, mapping of fields, which qualification sheet."""

from __future__ import annotations

from core.api import Env, F, _, change_customising
from core.web_api import (
    Action,
    AdminPage,
    Crumb,
    FieldView,
    FormPage,
    Matrix,
    MatrixCell,
    MatrixRow,
    Option,
    Pages,
    Request,
    Response,
    Section,
    Tab,
)

from . import mapping, transitions
from .choices import ACTIVE, CONVERTED, SHEETS
from .qualification import default_sheet
from .security import SET_UP

pages = Pages("leads")
LEAD = mapping.LEAD
BASE = "/x/leads/settings"


def _menu(env: Env, active: str) -> list[Tab]:
    entries = (("", _("Qualification"), "ui-checks"), ("/transitions", _("Allowed moves"), "signpost-2"),
               ("/mapping", _("Mapping at conversion"), "diagram-2"))
    return [Tab(path.strip("/") or "sheet", env.t(label), url=BASE + path, active=path == active, icon=icon)
            for path, label, icon in entries]


def _render(env: Env, request: Request, page: AdminPage, active: str) -> Response:
    page.menu, page.menu_title = _menu(env, active), env.t(_("Settings of leads"))
    return request.render("admin/page.html", page, title=page.title, active=BASE,
                          crumbs=[Crumb(env.t(env.registry.record(LEAD).plural), f"/r/{LEAD}")])


# ---------------------------------------------------------------- qualification
@pages.route("/settings", methods=("GET", "POST"))
def settings(env: Env, request: Request) -> Response:
    """Which qualification sheet new leads get, and perhaps all that are open."""
    env.require(SET_UP, LEAD)
    if request.posted:
        chosen = request.value("sheet")
        if chosen in dict(SHEETS):
            change_customising(env, "leads", "settings", {"sheet": chosen})
            if request.value("apply") == "1":
                env.enqueue("leads.apply_sheet", {"sheet": chosen})
            request.flash(env.t(_("Saved.")))
        return request.redirect(BASE)
    form = FormPage(env.t(_("Qualification")), BASE, [Section("main", columns=1, fields=[
        FieldView("sheet", env.t(_("Sheet of new leads")), "radio", default_sheet(env),
                  options=[Option(value, env.t(label)) for value, label in SHEETS]),
        FieldView("apply", env.t(_("Show it on all open leads, too")), "flag")])],
        actions=[Action(env.t(_("Save")), kind="submit", style="primary")])
    page = AdminPage(env.t(_("Qualification")), form=form, intro=env.t(_(
        "BANT judges a lead by budget, authority, need and timeline; CHAMP by challenges, authority, money and prioritisation.")))
    return _render(env, request, page, "")


def apply_sheet(env: Env, sheet: str, batch: int = 500) -> int:
    """Give all open leads a sheet, part by part; returns how many changed."""
    changed = 0
    while True:
        ids = env.query(LEAD).where((F.sheet != sheet) & F.status.isin(ACTIVE)).archived(None).order("id").ids(batch)
        if not ids:
            return changed
        changed += env.update(LEAD, ids, {"sheet": sheet}, source="settings")
        env.commit()


# ---------------------------------------------------------------- allowed moves
@pages.route("/settings/transitions", methods=("GET", "POST"))
def moves(env: Env, request: Request) -> Response:
    """A matrix of statuses: which leads to which."""
    env.require(SET_UP, LEAD)
    options = [o for o in env.registry.record(LEAD).field("status").options if o.value != CONVERTED]  # type: ignore[attr-defined]
    starts = [(transitions.NEW, env.t(_("(new lead)"))), *((o.value, env.t(o.label)) for o in options)]
    if request.posted:
        known = {o.value for o in options}
        chosen = [(start, end) for start, _label in starts for end in request.values(f"to.{start}")
                  if end in known and end != start]
        count = transitions.replace(env, chosen)
        request.flash(env.t(_("{count} moves changed.", count=count)), undo=env.batch if count else "")
        return request.redirect(f"{BASE}/transitions")
    allowed = transitions.moves(env)
    rows = []
    for start, label in starts:
        cells = [MatrixCell(f"to.{start}" if o.value != start else "", o.value in allowed.get(start, ()), o.value,
                            label=env.t(_("From {old} to {new}", old=label, new=env.t(o.label)))) for o in options]
        rows.append(MatrixRow(label, cells=cells, heading=start == transitions.NEW))
    matrix = Matrix([env.t(_("From / to")), *(env.t(o.label) for o in options)], rows, f"{BASE}/transitions",
                    env.t(_("Allowed moves of a lead's status")))
    page = AdminPage(env.t(_("Allowed moves")), matrix=matrix, intro=env.t(_(
        "These hold everywhere: in forms, mass edits, imports and programs. “Converted” is reached by conversion only.")))
    return _render(env, request, page, "/transitions")


# ---------------------------------------------------------------- mapping
@pages.route("/settings/mapping", methods=("GET", "POST"))
def field_mapping(env: Env, request: Request) -> Response:
    """For each field of a lead the field of each target that takes its value."""
    env.require("update", "leads.mapping")
    targets = _targets(env)
    names = [n for n, f in env.registry.record(LEAD).fields.items()
             if n not in mapping.STAYS and not f.system and not f.sensitive and f.type_name not in ("children", "data")]
    if request.posted:
        chosen = [(name, target, there) for name in names for target in targets
                  if (there := request.value(f"{target}.{name}"))]
        count = mapping.replace(env, chosen)
        request.flash(env.t(_("{count} mappings changed.", count=count)), undo=env.batch if count else "")
        return request.redirect(f"{BASE}/mapping")
    mapped = {(target, lead): there for target, pairs in mapping.load(env).items() for lead, there in pairs}
    rows = []
    for name in names:
        label = env.t(env.registry.record(LEAD).field(name).label)
        cells = [_cell(env, name, label, target, mapped.get((target, name), "")) for target in targets]
        rows.append(MatrixRow(label, cells=cells))
    headings = [env.t(_("Field of the lead")), *(env.t(env.registry.record(t).label) for t in targets)]
    page = AdminPage(env.t(_("Mapping at conversion")),
                     matrix=Matrix(headings, rows, f"{BASE}/mapping", env.t(_("Mapping of fields"))), intro=env.t(_(
                         "Only fields that can take the value are offered, your own fields included. Filled fields that are "
                         "mapped nowhere are shown before each conversion and written into a note.")))
    return _render(env, request, page, "/mapping")


def _targets(env: Env) -> list[str]:
    """Record types that leads can become, whatever a certain lead holds."""
    blank = env.registry.record(LEAD).cls.from_row({n: None for n in env.registry.record(LEAD).fields})
    offered = env.registry.collected("conversion_targets", env=env, record_name=LEAD, record=blank)
    return [t.record for t in sorted(offered, key=lambda t: t.order)]


def _cell(env: Env, name: str, label: str, target: str, chosen: str) -> MatrixCell:
    fields = env.registry.record(target).fields
    options = [("", env.t(_("Not carried over"))), *((n, env.t(fields[n].label)) for n in mapping.candidates(env, name, target))]
    return MatrixCell(f"{target}.{name}", value=chosen, options=options,
                      label=env.t(_("{field} to {record}", field=label, record=env.registry.record(target).label)),
                      disabled=len(options) == 1)


