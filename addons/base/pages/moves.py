"""Rules of moves: for each record type that moves along a field a matrix of plain allowed moves, and its gates."""

from __future__ import annotations

from typing import Any

from core.api import Env, F, NotFound, SarnakhError, ValidationFailed, _, n_
from core.web_api import (
    Action,
    AdminPage,
    Cell,
    Column,
    EmptyState,
    FieldView,
    FormPage,
    Matrix,
    MatrixCell,
    MatrixRow,
    Option,
    Pages,
    Request,
    Response,
    Row,
    Section,
    SimpleTable,
    Tab,
    admin_page,
    select,
    text,
)

from .. import moverules
from ..moverules import MOVE, NEW

pages = Pages("moves")
BASE = "/admin/moves"
PARTS = ("from_value", "to_value", "profiles", "required_fields", "condition", "message")
MOST = 60


@pages.route(BASE, area="layouts")
def types(env: Env, request: Request) -> Response:
    """The record types that move along a field."""
    env.require("update", MOVE)
    counts = {r["record_type"]: r["count"] for r in env.query(MOVE).aggregate(["record_type"])}
    rows = [Row(i, "", [Cell("title", env.t(t.plural), f"{BASE}/{t.name}"), Cell(text=env.t(t.fields[t.moves].label)),
                        Cell(text=env.format.number(counts.get(t.name, 0)))])
            for i, t in enumerate(t for t in env.registry.records.values() if t.moves)]
    page = AdminPage("", intro=env.t(_(
        "Which moves of a status or stage are allowed, to whom, and what they ask for. The rules hold everywhere: in forms, on "
        "boards, in mass edits, imports and programs.")))
    if rows:
        page.table = SimpleTable([Column("record", env.t(_("Record type"))), Column("field", env.t(_("Field"))),
                                  Column("rules", env.t(_("Rules")), align="end")], rows, caption=env.t(_("Rules of moves")))
    else:
        page.empty = EmptyState(env.t(_("Nothing moves here yet")),
                                env.t(_("Addons with a status or stages, such as leads, appear here.")), "signpost-2")
    return admin_page(env, request, _("Rules of moves"), page)


class _Place:
    """One record type's rules as somebody looks at them: of one group (a pipeline), when its places come in groups."""

    def __init__(self, env: Env, request: Request, record: str) -> None:
        env.require("update", MOVE)
        found = env.registry.records.get(record)
        if found is None or not found.moves or not env.can("read", record):
            raise NotFound()
        self.env, self.rtype = env, found
        self.field: Any = found.fields[found.moves]
        self.group = request.arg_int("group") or request.value_int("group")
        self.groups = self._groups()
        if self.groups and self.group not in self.groups:
            self.group = next(iter(self.groups))
        self.ends = self._ends()
        self.url = f"{BASE}/{record}" + (f"?group={self.group}" if self.groups else "")

    def _groups(self) -> dict[int, str]:
        if self.field.type_name != "link" or not self.field.within:
            return {}
        _own, self.there = next(iter(self.field.within.items()))
        holder: Any = self.env.registry.record(self.field.target).fields[self.there]
        if holder.type_name != "link":
            return {}
        return self.env.labels(holder.target, self.env.query(holder.target).ids(MOST))

    def _ends(self) -> dict[str, str]:
        env = self.env
        if self.field.type_name != "link":
            return {o.value: env.t(o.label) for o in self.field.options if o.active}
        query = env.query(self.field.target)
        if self.groups:
            query = query.where(F[self.there] == self.group)
        keys = query.ids(MOST)
        labels = env.labels(self.field.target, keys)
        return {str(k): labels[k] for k in keys if k in labels}

    def starts(self) -> dict[str, str]:
        """Where moves may begin."""
        return {NEW: self.env.t(_("(new {record})", record=self.rtype.label)), **self.ends}

    def rules(self) -> list[dict[str, Any]]:
        """The rules about these places."""
        rows = self.env.query(MOVE).where(F.record_type == self.rtype.name).select(*PARTS).rows()
        return [r for r in rows if r["to_value"] in self.ends]

    def rule_url(self, key: int | str) -> str:
        """The address of a rule's page."""
        return f"{BASE}/{self.rtype.name}/rule/{key}" + (f"?group={self.group}" if self.groups else "")


@pages.route(f"{BASE}/<record>", methods=("GET", "POST"))
def moves(env: Env, request: Request, record: str) -> Response:
    """The matrix of one record type, and the rules that ask for something."""
    place = _Place(env, request, record)
    starts = place.starts()
    if request.posted:
        wanted = [(start, end) for start in starts for end in request.values(f"to.{start}") if end in place.ends and end != start]
        count = moverules.replace(env, record, wanted, {(a, b) for a in starts for b in place.ends})
        request.flash(env.t(n_("{count} move changed.", "{count} moves changed.", count)), undo=env.batch if count else "")
        return request.redirect(place.url)
    rules = place.rules()
    page = AdminPage("", intro=env.t(_(
        "From a place with a mark in its row one goes only to the marked ones; a row without marks is free.")
        if not place.rtype.moves_strict else _("One goes only to the marked places.")))
    page.tabs = [Tab(str(k), label, url=f"{BASE}/{record}?group={k}", active=k == place.group) for k, label in place.groups.items()]
    page.matrix = _matrix(place, rules)
    page.actions = [Action(env.t(_("Add a gate")), place.rule_url("new"), "plus-lg", style="primary")]
    gates = [r for r in rules if not moverules.plain(r)]
    if gates:
        page.table = _gates(place, gates)
    return admin_page(env, request, _("Moves of {records}", records=place.rtype.plural), page, active=BASE)


def _matrix(place: _Place, rules: list[dict[str, Any]]) -> Matrix:
    env = place.env
    marked = {(r["from_value"] or "", r["to_value"]): moverules.plain(r) for r in rules}
    rows = []
    for start, label in place.starts().items():
        cells = [MatrixCell(f"to.{start}" if end != start else "", (start, end) in marked, end,
                            disabled=not marked.get((start, end), True), label=env.t(_("From {old} to {new}", old=label, new=name)))
                 for end, name in place.ends.items()]
        rows.append(MatrixRow(label, cells=cells, heading=start == NEW))
    return Matrix([env.t(_("From / to")), *place.ends.values()], rows, place.url, env.t(_("Allowed moves")))


def _gates(place: _Place, gates: list[dict[str, Any]]) -> SimpleTable:
    env, starts = place.env, place.starts()
    rows = []
    for i, rule in enumerate(gates):
        start = starts.get(rule["from_value"] or "", env.t(_("Anywhere")))
        asks = [env.t(place.rtype.fields[n].label) for n in rule["required_fields"] or () if n in place.rtype.fields]
        who = ", ".join(link.label or "" for link in rule["profiles"]) or env.t(_("Everybody"))
        rows.append(Row(i, "", [Cell("title", env.t(_("{old} → {new}", old=start, new=place.ends[rule["to_value"]])),
                                     place.rule_url(rule["id"])),
                                Cell(text=who), Cell(text=", ".join(asks)), Cell(text=rule["condition"] or "", dir="ltr")]))
    return SimpleTable([Column("move", env.t(_("Gate"))), Column("who", env.t(_("For profiles"))),
                        Column("fields", env.t(_("Required fields"))), Column("condition", env.t(_("Condition")))],
                       rows, caption=env.t(_("Gates: moves that ask for something")))


@pages.route(f"{BASE}/<record>/rule/<key>", methods=("GET", "POST"))
def rule(env: Env, request: Request, record: str, key: str) -> Response:
    """One rule: who may make the move, and what it asks for."""
    place = _Place(env, request, record)
    number = int(key) if key.isdecimal() and len(key) < 19 else 0
    if not number and key != "new":
        raise NotFound()
    stored = vars(env.get(MOVE, number, "record_type", *PARTS)) if number else {}
    if number and stored["record_type"] != record:
        raise NotFound()
    errors: dict[str | None, list[str]] = {}
    if request.posted:
        try:
            with request.attempt():
                if request.value("do") == "delete":
                    env.delete(MOVE, [number])
                elif number:
                    env.update(MOVE, number, _posted(request))
                else:
                    env.create(MOVE, {"record_type": record, "field_name": place.rtype.moves, **_posted(request)})
            request.flash(env.t(_("Saved.")), undo=env.batch)
            return request.redirect(place.url)
        except ValidationFailed as error:
            errors = {name: [env.t(m) for m in messages] for name, messages in error.by_field().items()}
        except SarnakhError as error:
            errors = {None: [env.t(error.message)]}
    page = AdminPage("", form=_form(place, request, key, stored, errors))
    if number:
        page.actions = [Action(env.t(_("Delete")), place.rule_url(key), "trash", kind="post", style="danger",
                               fields={"do": "delete"}, confirm=env.t(_("Delete this gate?")))]
    return admin_page(env, request, _("Gate") if number else _("New gate"), page, active=BASE, status=422 if errors else 200)


def _posted(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {n: request.value(n).strip() or None for n in ("from_value", "to_value", "condition", "message")}
    return {**values, "profiles": [v for v in request.values("profiles") if v.isdecimal()],
            "required_fields": list(request.values("required_fields"))}


def _form(place: _Place, request: Request, key: str, stored: dict[str, Any], errors: dict[str | None, list[str]]) -> FormPage:
    env = place.env
    held = {link.id for link in stored.get("profiles") or ()}
    profiles = [(str(r["id"]), r["name"], r["id"] in held) for r in env.query("base.profile").select("name").rows(limit=200)]
    named = set(stored.get("required_fields") or ())
    asks = sorted(((f.name, env.t(f.label), f.name in named) for f in _askable(place)), key=lambda one: env.sort_key(one[1]))
    fields = [
        select(env, request, "from_value", _("From", context="move"), [("", env.t(_("Anywhere"))), *place.starts().items()],
               stored.get("from_value") or "", required=False),
        select(env, request, "to_value", _("To", context="move"), list(place.ends.items()), stored.get("to_value") or ""),
        _several(request, "profiles", env.t(_("For profiles")), profiles, env.t(_("None marked: for everybody."))),
        _several(request, "required_fields", env.t(_("Required fields")), asks),
        text(env, request, "condition", _("Condition"), stored.get("condition") or "", "code",
             help=_("An expression that must hold after the move, such as: amount > 1000 and count(lines) > 0")),
        text(env, request, "message", _("What to say"), stored.get("message") or "", "longtext",
             help=_("Why the move is refused, in your words; empty says what is missing."))]
    for one in fields:
        one.errors = errors.get(one.name, [])
        one.width = 1 if one.name in ("from_value", "to_value") else 2
    return FormPage("", place.rule_url(key), [Section("rule", fields=fields)], errors=errors.get(None, []) + errors.get("record_type", []),
                    cancel_url=place.url, intro=env.t(_(
                        "Several gates of one and the same move are ways of making it: one must be open. Gates from anywhere hold "
                        "beside.")),
                    actions=[Action(env.t(_("Save")), kind="submit", style="primary")])


def _askable(place: _Place) -> list[Any]:
    """The fields that a gate may require: those that people fill in, lines among them."""
    return [f for n, f in place.rtype.fields.items() if not f.system and n != place.rtype.moves
            and (not f.readonly or f.type_name == "children") and f.type_name not in ("data", "secret")
            and place.env.access.readable(place.rtype.name, n)]


def _several(request: Request, name: str, label: str, options: list[tuple[str, str, bool]], about: str = "") -> FieldView:
    chosen = set(request.values(name)) if request.posted else {value for value, _label, on in options if on}
    return FieldView(name, label, "multichoice", sorted(chosen), help=about, multiple=True,
                     options=[Option(value, shown, selected=value in chosen) for value, shown, _on in options])
