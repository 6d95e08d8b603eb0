"""Profiles: permission sets, administration areas, and a grid of what is allowed or refused beside them."""

from __future__ import annotations

from typing import Any

from core.api import OPERATIONS, Access, Env, Message, SarnakhError, _, access_by_sets
from core.web_api import (
    Action,
    AdminPage,
    Cell,
    Column,
    FieldView,
    FormPage,
    Matrix,
    MatrixCell,
    MatrixRow,
    Option,
    Pages,
    RecordForm,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    Tab,
    admin_page,
)

pages = Pages("profiles")

PROFILE = "base.profile"
WORDS: dict[str, Message] = {
    "create": _("Create"), "read": _("Read"), "update": _("Edit"), "delete": _("Delete"), "import": _("Import"),
    "export": _("Export"), "mass_edit": _("Mass edit"), "transfer": _("Transfer"), "share": _("Share"),
    "view_all": _("View all"), "edit_all": _("Edit all")}
AREAS: dict[str, Message] = {
    "users": _("Users"), "profiles": _("Profiles"), "roles": _("Roles"), "teams": _("Teams"), "sharing": _("Sharing"),
    "audit": _("History"), "jobs": _("Background work"), "settings": _("Settings"), "addons": _("Addons"),
    "health": _("Health"), "layouts": _("Picklists, navigation, page layouts")}


@pages.route("/admin/profiles", area="profiles")
def profiles(env: Env, request: Request) -> Response:
    """All profiles with how many people have each."""
    rows = env.query(PROFILE).order("name").select("name", "description").rows(limit=500)
    with env.elevated("count people by profile") as trusted:
        counts = {r["profile"].id: r["count"] for r in trusted.query("base.user").aggregate(["profile"]) if r["profile"]}
    page = AdminPage("", intro=env.t(_("A profile says what its people may do. To which records is said by roles and sharing.")))
    page.table = SimpleTable(
        [Column("name", env.t(_("Name"))), Column("description", env.t(_("Description"))),
         Column("people", env.t(_("People")), align="end")],
        [Row(r["id"], "", [Cell("title", env.t(r["name"]), f"/admin/profiles/{r['id']}"),
                           Cell(text=env.t(r["description"] or "")),
                           Cell(text=env.format.number(counts.get(r["id"], 0)))]) for r in rows],
                           caption=env.t(_("Profiles")))
    if env.can("create", PROFILE):
        page.actions = [Action(env.t(_("New profile")), "/admin/profiles/new", "plus-lg", style="primary")]
    return admin_page(env, request, _("Profiles"), page)


@pages.route("/admin/profiles/new", methods=("GET", "POST"), area="profiles")
def new(env: Env, request: Request) -> Response:
    """A profile with a name, as a copy of another or empty."""
    env.require("create", PROFILE)
    made = RecordForm(env, request, PROFILE, ("name", "description"))
    errors: list[str] = []
    others = env.query(PROFILE).order("name").select("name").rows(limit=500)
    if request.posted:
        values = made.values()
        source = request.value_int("copy")
        if source and not made.errors:
            found = env.get(PROFILE, source, "sets", "record_rights", "field_rights", "areas")
            values |= {n: found[n] for n in ("sets", "record_rights", "field_rights", "areas")}
        try:
            if not made.errors:
                with request.attempt():
                    key = env.create(PROFILE, values)
                return request.redirect(f"/admin/profiles/{key}")
        except SarnakhError as error:
            errors = made.take(error)
    copy = FieldView("copy", env.t(_("Begin as a copy of")), "select", request.value("copy"),
                     options=[Option(str(r["id"]), env.t(r["name"])) for r in others])
    page = AdminPage("", form=FormPage("", "/admin/profiles/new", [Section("m", columns=1, fields=[*made.fields(), copy])],
                                       errors=errors,
                                       cancel_url="/admin/profiles"))
    return admin_page(env, request, _("New profile"), page, active="/admin/profiles",
                      status=422 if errors or made.errors else 200)


@pages.route("/admin/profiles/<int:key>", methods=("GET", "POST"), area="profiles")
def profile(env: Env, request: Request, key: int) -> Response:
    """Name, permission sets and areas."""
    found = env.get(PROFILE, key, "name", "description", "sets", "areas")
    made = RecordForm(env, request, PROFILE, ("name", "description"), vars(found))
    errors: list[str] = []
    if request.posted:
        values = made.values()
        known = {o.value for o in _set_options(env, set())}
        values["sets"] = [s for s in request.values("sets") if s in known]
        values["areas"] = ["*"] if "*" in request.values("areas") else [a for a in request.values("areas") if a in _areas(env)]
        try:
            if not made.errors:
                with request.attempt():
                    env.update(PROFILE, key, values)
                request.flash(env.t(_("Saved.")))
                return request.redirect(f"/admin/profiles/{key}")
        except SarnakhError as error:
            errors = made.take(error)
    sets = FieldView("sets", env.t(_("Permission sets")), "multichoice", options=_set_options(env, set(found.sets or ())),
                     width=2,
                     help=env.t(_("Shipped by the addons: each allows what its name says.")))
    areas = FieldView("areas", env.t(_("Parts of the administration")), "multichoice", width=2,
                      options=[Option(a, env.t(t), selected=a in (found.areas or ())) for a, t in _areas(env).items()])
    page = AdminPage("", form=FormPage("", f"/admin/profiles/{key}", [Section("m", fields=[*made.fields(), sets, areas])],
                                       errors=errors))
    page.tabs = tabs(env, key, "")
    if env.can("delete", PROFILE):
        page.actions = [Action(env.t(_("Delete")), f"/admin/profiles/{key}/delete", "trash", kind="post", style="danger",
                               confirm=env.t(_("Delete this profile?")))]
    return admin_page(env, request, env.t(found.name), page, active="/admin/profiles",
                      status=422 if errors or made.errors else 200)


@pages.route("/admin/profiles/<int:key>/delete", methods=("POST",), area="profiles")
def remove(env: Env, request: Request, key: int) -> Response:
    """Put a profile that nobody has into the recycle bin."""
    env.delete(PROFILE, key)
    request.flash(env.t(_("Deleted.")))
    return request.redirect("/admin/profiles")


def tabs(env: Env, key: int, active: str) -> list[Tab]:
    """The pages of one profile."""
    base = f"/admin/profiles/{key}"
    return [Tab(n, env.t(t), url=f"{base}/{n}" if n else base, active=n == active)
            for n, t in (("", _("Sets and areas")), ("records", _("Record types")), ("fields", _("Fields and actions")))]


def _areas(env: Env) -> dict[str, Message]:
    """All areas there are; those an addon's pages name are added by their names."""
    return {**AREAS, **({"*": _("Everything")} if env.access.unlimited else {})}


def _set_options(env: Env, chosen: set[str]) -> list[Option]:
    found = []
    for one in env.registry.permission_sets.values():
        label = env.t(one.label) + (f": {env.t(one.help)}" if one.help else "")
        found.append(Option(one.name, label, selected=one.name in chosen or one.name == "base.user",
                            disabled=one.name == "base.user"))
    return found


# ---------------------------------------------------------------- record types and operations
@pages.route("/admin/profiles/<int:key>/records", methods=("GET", "POST"), area="profiles")
def records(env: Env, request: Request, key: int) -> Response:
    """The grid: for each record type and operation as the sets say, allowed, or refused."""
    found = env.get(PROFILE, key, "name", "sets", "record_rights")
    stored: dict[str, dict[str, bool]] = found.record_rights or {}
    if request.posted:
        env.update(PROFILE, key, {"record_rights": _posted_rights(env, request, stored)})
        request.flash(env.t(_("Saved.")))
        return request.redirect(f"/admin/profiles/{key}/records")
    plain = access_by_sets(env, {*(found.sets or ()), "base.user"})
    page = AdminPage("", tabs=tabs(env, key, "records"), intro=env.t(_(
        "“sets” follows the permission sets, with what they say; “allowed” and “refused” overrule them for this profile.")))
    page.matrix = Matrix([env.t(_("Record type")), *(env.t(WORDS[o]) for o in OPERATIONS)], _record_rows(env, plain, stored),
                         f"/admin/profiles/{key}/records", env.t(_("Rights by record type")))
    return admin_page(env, request, env.t(found.name), page, active="/admin/profiles")


def _record_rows(env: Env, plain: Access, stored: dict[str, dict[str, bool]]) -> list[MatrixRow]:
    rows: list[MatrixRow] = []
    titles = {m.name: env.t(m.title) for m in env.registry.manifests}
    for addon in titles:
        types = [r for r in env.registry.records.values() if r.addon == addon]
        if types:
            rows.append(MatrixRow(titles[addon], heading=True))
        for rtype in sorted(types, key=lambda r: env.t(r.plural)):
            label = env.t(rtype.plural)
            rows.append(MatrixRow(label, cells=[
                right_cell(env, f"{rtype.name}|{o}", stored.get(rtype.name, {}).get(o), plain.can(o, rtype.name),
                           f"{label}: {env.t(WORDS[o])}")
                for o in OPERATIONS], level=1))
    return rows


def right_cell(env: Env, name: str, stored: bool | None, by_sets: bool, label: str) -> MatrixCell:
    """One box with three choices, the first telling what the sets say."""
    first = env.t(_("✓ sets") if by_sets else _("✕ sets"))
    value = "" if stored is None else ("1" if stored else "0")
    return MatrixCell(name, value=value, label=label,
                      options=[("", first), ("1", env.t(_("✓ allowed"))), ("0", env.t(_("✕ refused")))])


def _posted_rights(env: Env, request: Request, stored: dict[str, dict[str, bool]]) -> dict[str, dict[str, bool]]:
    """What was chosen, with the rights to actions and those of disabled addons' types kept."""
    made: dict[str, dict[str, bool]] = {}
    for record, rights in stored.items():
        kept = rights if record not in env.registry.records else {o: v for o, v in rights.items() if o not in OPERATIONS}
        if kept:
            made[record] = dict(kept)
    for record in env.registry.records:
        for operation in OPERATIONS:
            value: Any = request.value(f"{record}|{operation}")
            if value in ("0", "1"):
                made.setdefault(record, {})[operation] = value == "1"
    return made
