"""What the import pages show: the steps of the wizard made of an import's state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.env import Env
from core.exchange import importing, rejected
from core.exchange import plan as plans
from core.exchange.background import KEPT_DAYS
from core.exchange.detect import Table
from core.exchange.encodings import OFFERED
from core.exchange.fields import ImportField
from core.exchange.importing import Previewed
from core.exchange.mapping import SURE
from core.exchange.matching import can_match
from core.exchange.offered import NUMBER, import_fields
from core.exchange.plan import Import
from core.exchange.proposing import guesses_for
from core.exchange.reasons import Reason
from core.exchange.values import as_text
from core.i18n.messages import Message, _, n_
from core.i18n.text import isolate
from core.jobs import admin
from core.jobs.tables import State
from core.web.urls import list_url
from core.web.viewmodels import (
    Action,
    FieldView,
    Flash,
    FormSelect,
    MappingRow,
    Option,
    PreviewRow,
    Progress,
    Section,
    Tile,
    WizardPage,
)

ACCEPT = ".csv,.tsv,.txt,.xlsx"
STEPS = (_("File"), _("Columns"), _("Choices"), _("Import"))
STATES: dict[str, Message] = {
    "draft": _("Not finished"), "ready": _("Ready"), "checking": _("Being checked"), "running": _("Running"),
    "done": _("Done"), "failed": _("Failed"), "cancelled": _("Stopped"), "undoing": _("Being taken back"),
    "undone": _("Taken back")}
ROW_STATES = {"new": _("New"), "update": _("Update"), "skip": _("Skip"), "error": _("Error")}
POLICIES = ((plans.SKIP, _("Skip the row")), (plans.UPDATE, _("Overwrite the record")),
            (plans.FILL, _("Fill only the record's empty fields")), (plans.CREATE, _("Create it all the same")))
BIN = ((plans.CREATE, _("Create it anew")), (plans.SKIP, _("Skip the row")),
       (plans.RESTORE, _("Bring the record back, then as chosen above")))
DELIMITERS = ((",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Vertical line")))
NO_OPTION = "-"
_TYPED = frozenset({"choice", "link", "tags", "flag"})


def wizard(env: Env, plan_record: str, current: int, **parts: Any) -> WizardPage:
    """A page of the wizard at one of its steps."""
    title = env.t(_("Import {records}", records=env.registry.record(plan_record).plural))
    return WizardPage(title, [env.t(step) for step in STEPS], current, **parts)


def upload_page(env: Env, record: str, errors: Sequence[str] = (), like: Import | None = None) -> WizardPage:
    """Step 1: choose a file, perhaps one to be read as that of an earlier import."""
    most = env.installation.settings.security.max_upload_mb
    intro = env.t(_("Columns and choices will be those of “{file}”.", file=isolate(like.file_name))) if like is not None else ""
    return wizard(
        env, record, 0, action_url=f"{list_url(record)}/import" + (f"?like={like.id}" if like is not None else ""),
        upload="file", accept=ACCEPT, intro=intro,
        upload_hint=env.t(_("CSV or XLSX, at most {most} MB. The first row names the columns.", most=env.format.number(most))),
        actions=[Action(env.t(_("Continue")), kind="submit", style="primary", icon="arrow-right")],
        cancel_url=list_url(record), errors=list(errors),
        downloads=[Action(env.t(_("Earlier imports")), "/imports", "clock-history")])


# -------------------------------------------------------------------------------------------------- columns
def columns_page(env: Env, plan: Import, errors: Sequence[str] = (), chosen: dict[int, str] | None = None) -> WizardPage:
    """Step 2: how the file is read, and which column goes where."""
    with importing.table_of(env, plan) as table:
        sample = table.sample(200)
        notices = [Flash(env.t(note), "warning") for note in table.notes]
        reading = _reading_section(env, plan, table)
    page = wizard(env, plan.record, 1, action_url=f"/imports/{plan.id}/columns", cancel_url=list_url(plan.record),
                  back_url=f"{list_url(plan.record)}/import", notices=notices, errors=list(errors), form=[reading])
    rows = env.t(n_("“{file}” has {shown} row.", "“{file}” has {shown} rows.", plan.total, file=isolate(plan.file_name),
                    shown=env.format.number(plan.total)))
    page.intro = rows
    page.mapping = _mapping_rows(env, plan, sample, chosen)
    page.actions = [Action(env.t(_("Continue")), kind="submit", name="do", value="save", style="primary", icon="arrow-right"),
                    Action(env.t(_("Read the file again")), kind="submit", name="do", value="read", icon="arrow-clockwise")]
    return page


def _reading_section(env: Env, plan: Import, table: Table) -> Section:
    reading = plan.reading
    fields: list[FieldView] = []
    if reading.kind == "csv":
        previews = {one.name: one for one in table.encodings()}
        names = list(dict.fromkeys([str(reading.encoding), *previews, *OFFERED]))
        options = [Option(name, _encoding_label(name, previews.get(name))) for name in names]
        fields += [FieldView("encoding", env.t(_("Character set")), "select", reading.encoding, options=options, required=True),
                   FieldView("delimiter", env.t(_("Delimiter")), "select", _shown_delimiter(reading.delimiter), required=True,
                             options=[Option(_shown_delimiter(sign), env.t(label)) for sign, label in _delimiters(reading.delimiter)]),
                   FieldView("other_delimiter", env.t(_("Another delimiter")), "text", help=env.t(_("One character.")))]
    elif len(table.sheets) > 1:
        fields.append(FieldView("sheet", env.t(_("Sheet")), "select", str(reading.sheet), required=True,
                                options=[Option(str(sheet.index), sheet.name) for sheet in table.sheets]))
    header = "" if reading.header_row in (None, -1) else str((reading.header_row or 0) + 1)
    fields.append(FieldView("header_row", env.t(_("Row with the names of the columns")), "integer", header,
                            help=env.t(_("Empty when there is none."))))
    is_plain = table.confidence >= SURE and not table.notes
    return Section("reading", env.t(_("How the file is read")), fields=fields, collapsed=is_plain)


def _delimiters(found: str | None) -> list[tuple[str, str]]:
    """The usual delimiters, and the one that the file is read with."""
    usual: list[tuple[str, str]] = list(DELIMITERS)
    return usual if found in (None, *dict(usual)) else [*usual, (str(found), str(found))]


def _encoding_label(name: str, candidate: Any) -> str:
    preview = " ".join(str(candidate.preview).split())[:60] if candidate is not None else ""
    return f"{name}: {preview}" if preview else name


def _shown_delimiter(sign: str | None) -> str:
    return "tab" if sign == "\t" else sign or ","


def _mapping_rows(env: Env, plan: Import, sample: list[list[Any]], chosen: dict[int, str] | None) -> list[MappingRow]:
    offered = import_fields(env, plan.record)
    groups = [(env.t(_("Fields")), [(f.name, f.label) for f in sorted(offered, key=lambda f: env.sort_key(f.label)) if f.name != NUMBER]),
              (env.t(_("To find records")), [(NUMBER, f.label) for f in offered if f.name == NUMBER])]
    guesses = {g.column: g for g in guesses_for(env, plan.record, plan.headers, sample)}
    settled = chosen if chosen is not None else {t.column: t.field for t in plan.mapping}
    rows = []
    for column, header in enumerate(plan.headers):
        filled = (row[column] for row in sample[:50] if column < len(row) and row[column] not in (None, ""))
        cells = list(dict.fromkeys(as_text(value)[:40] for value in filled))
        guess = guesses.get(column)
        value = settled.get(column, "")
        row = MappingRow(header, cells[:3], FormSelect(f"column.{column}", groups, value, env.t(_("Goes to"))))
        if guess is not None and guess.field == value:
            row.confidence, row.note = "sure" if guess.confidence >= SURE else "likely", env.t(guess.reason)
        rows.append(row)
    return rows


# -------------------------------------------------------------------------------------------------- choices and preview
def options_page(env: Env, plan: Import, shown: Sequence[Previewed], errors: Sequence[str] = ()) -> WizardPage:
    """Step 3: duplicates, empty cells, fields without a column; the first rows as they would go in."""
    form = [_duplicates(env, plan), *_choices(env, plan), *_defaults(env, plan)]
    page = wizard(env, plan.record, 2, action_url=f"/imports/{plan.id}/options", back_url=f"/imports/{plan.id}/columns",
                  cancel_url=list_url(plan.record), errors=list(errors), form=form)
    page.actions = [
        Action(env.t(n_("Import {shown} row", "Import {shown} rows", plan.total, shown=env.format.number(plan.total))),
               kind="submit", name="do", value="start", style="primary", icon="upload"),
        Action(env.t(_("Check all rows")), kind="submit", name="do", value="check", icon="check2-all",
               title=env.t(_("Goes through everything and writes nothing."))),
        Action(env.t(_("Update the preview")), kind="submit", name="do", value="save", icon="arrow-clockwise")]
    columns = _bad_first([t.column for t in plan.mapping], [one.row.reasons for one in shown])
    page.headings = [plan.headers[column] for column in columns]
    page.preview = [_shown_row(env, one.number, one.row.cells, one.state, one.row.reasons, columns) for one in shown]
    if plan.checked is not None:
        page.notices.append(Flash(env.t(_("All rows were checked; nothing was written.")), "success"))
        page.figures = figures(env, plan.checked)
        page.reasons = _reasons(env, plan)
        page.downloads = downloads(env, plan, plan.checked)
    if plan.error:
        page.errors.append(env.t(plan.error))
    return page


def _bad_first(columns: Sequence[int], reasons: Sequence[Sequence[Reason]]) -> list[int]:
    """The columns, those with mistakes before the others: in a wide file they would stand out of sight."""
    bad = {reason.column for several in reasons for reason in several}
    return sorted(columns, key=lambda column: column not in bad)


def _shown_row(env: Env, number: int, cells: Sequence[Any], state: str, reasons: Sequence[Reason],
               columns: Sequence[int]) -> PreviewRow:
    """A row of the file with its mistakes at their cells; those about the row as a whole beside its state."""
    texts = ["" if column >= len(cells) or cells[column] is None else as_text(cells[column])[:80] for column in columns]
    row = PreviewRow(env.format.number(number), texts, state, env.t(ROW_STATES[state]))
    for reason in reasons:
        if reason.column in columns:
            row.errors[columns.index(reason.column)] = env.t(reason.message)
        else:
            row.state_label = f"{row.state_label}: {env.t(reason.message)}"
    return row


def _duplicates(env: Env, plan: Import) -> Section:
    fields = env.registry.record(plan.record).fields
    mapped = [fields[t.field] for t in plan.mapping if can_match(fields.get(t.field))]
    chosen = ["+".join(names) for names in plan.options.keys]
    keys = [Option(f.name, env.t(f.label), selected=f.name in chosen) for f in mapped]
    known = {o.value for o in keys}
    keys += [Option(c, " + ".join(env.t(fields[n].label) for n in c.split("+")), selected=True) for c in chosen if c not in known]
    targets = {fields[t.field].target for t in plan.mapping if fields[t.field].type_name in ("link", "many")}  # type: ignore[attr-defined]
    creatable = sorted(t for t in targets if env.can("create", t))
    views = [
        FieldView("duplicates", env.t(_("A row that is there already")), "select", plan.options.duplicates, required=True,
                  options=[Option(value, env.t(label)) for value, label in POLICIES]),
        FieldView("keys", env.t(_("Two are the same when one of these agrees")), "multichoice", options=keys,
                  value=[o.value for o in keys if o.selected]),
        FieldView("deleted", env.t(_("A row whose record is in the recycle bin")), "select", plan.options.deleted, required=True,
                  options=[Option(value, env.t(label)) for value, label in BIN if value != plans.RESTORE
                           or env.can("delete", plan.record)]),
        FieldView("clear", env.t(_("Empty cells empty the field of a record that is overwritten")), "flag", plan.options.clear)]
    if creatable:
        made = plan.options.create_links
        views.append(FieldView(
            "create_links", env.t(_("Create what is named but not there")), "multichoice", value=list(made),
            options=[Option(t, env.t(env.registry.record(t).plural), selected=t in made) for t in creatable]))
    linked = sorted(t.field for t in plan.mapping if fields[t.field].type_name in ("link", "many"))
    if linked:
        views.append(FieldView(
            "empty_links", env.t(_("Leave empty where what is named is not there")), "multichoice",
            value=list(plan.options.empty_links),
            options=[Option(n, env.t(fields[n].label), selected=n in plan.options.empty_links) for n in linked]))
    orders = [Option("DMY", env.t(_("Day, month, year"))), Option("MDY", env.t(_("Month, day, year"))),
              Option("YMD", env.t(_("Year, month, day")))]
    if any(fields[t.field].type_name in ("date", "datetime") for t in plan.mapping):
        views.append(FieldView("date_order", env.t(_("Order of dates that could be read in two ways")), "select",
                               plan.options.date_order, options=orders, placeholder=env.t(_("As the column shows"))))
    return Section("duplicates", env.t(_("What to do")), fields=views)


def _choices(env: Env, plan: Import) -> list[Section]:
    """The texts that are no option, each with the options it may stand for."""
    fields = env.registry.record(plan.record).fields
    texts = {name: list(said) for name, said in plan.options.choices.items()}
    for name, found in importing.unknown_choices(env, plan).items():
        texts.setdefault(name, []).extend(found)
    views = []
    for name, several in texts.items():
        options = [Option(NO_OPTION, env.t(_("Leave it empty"))),
                   *(Option(o.value, env.t(o.label)) for o in fields[name].options if o.active)]  # type: ignore[attr-defined]
        for index, text in enumerate(several):
            said = plan.options.choices.get(name, {}).get(text)
            views.append(FieldView(f"text.{name}.{index}", "", "hidden", text))
            views.append(FieldView(f"option.{name}.{index}", f"{env.t(fields[name].label)}: {text}", "select",
                                   NO_OPTION if said == "" else said or "", options=options,
                                   placeholder=env.t(_("Refuse the row"))))
    return [Section("choices", env.t(_("Texts in the file that are no option")), fields=views)] if views else []


def _defaults(env: Env, plan: Import) -> list[Section]:
    mapped = {t.field for t in plan.mapping}
    rtype = env.registry.record(plan.record)
    found = [f for f in import_fields(env, plan.record) if f.name not in mapped and f.name != NUMBER
             and (f.type in _TYPED or rtype.fields[f.name].required)]
    if not found:
        return []
    needed = any(rtype.fields[f.name].required and rtype.fields[f.name].default is None for f in found)
    views = [_default_view(env, plan, f) for f in found]
    return [Section("defaults", env.t(_("Values for fields without a column")), fields=views,
                    collapsed=not needed and not plan.options.defaults)]


def _default_view(env: Env, plan: Import, field: ImportField) -> FieldView:
    view = FieldView(f"default.{field.name}", field.label, "text", plan.options.defaults.get(field.name, ""))
    if field.type == "choice":
        view.kind, view.options = "select", [Option(o.value, o.labels.get(env.lang) or o.value) for o in field.options]
    elif field.type == "flag":
        view.kind, view.options = "select", [Option("1", env.t(_("Yes"))), Option("0", env.t(_("No")))]
    elif field.target:
        view.help = env.t(_("The name of one of the {records}.", records=env.registry.record(field.target).plural))
    return view


# -------------------------------------------------------------------------------------------------- running and result
def running_page(env: Env, plan: Import) -> WizardPage:
    """Step 4 while it runs."""
    page = wizard(env, plan.record, 3, progress=progress(env, plan))
    page.intro = env.t(_("You can leave this page; the import goes on."))
    return page


def progress(env: Env, plan: Import) -> Progress:
    """How far an import, a check or an undo is."""
    stuck = is_stuck(env, plan)
    done = plan.counts.get("undone", 0) + plan.counts.get("left", 0) if plan.state == "undoing" else plan.done
    whole = plan.counts.get("created", 0) + plan.counts.get("updated", 0) if plan.state == "undoing" else plan.total
    active = plan.state in plans.ACTIVE and not stuck
    model = Progress(env.t(STATES[plan.state]), min(100, done * 100 // max(whole, 1)),
                     env.t(_("{done} of {whole}", done=env.format.number(done), whole=env.format.number(whole))),
                     "running" if active else "failed" if stuck else "done", f"/imports/{plan.id}/progress" if active else "",
                     figures=figures(env, plan.counts))
    if stuck:
        model.actions.append(Action(env.t(_("Go on")), f"/imports/{plan.id}/resume", "play", kind="post"))
    if plan.state in ("running", "checking"):
        model.actions.append(Action(env.t(_("Stop")), f"/imports/{plan.id}/cancel", "stop", kind="post"))
    refresh = _("Refresh") if active else _("Show the result")
    model.actions.append(Action(env.t(refresh), f"/imports/{plan.id}", "arrow-clockwise" if active else "arrow-right"))
    return model


def is_stuck(env: Env, plan: Import) -> bool:
    """Whether nothing works on an import that should be running: its job gave up, or its command was interrupted."""
    if plan.state not in plans.ACTIVE:
        return False
    info = admin.job_status(env.connection, plan.job_id) if plan.job_id else None
    return info is None or info.state in (State.DEAD, State.CANCELLED, State.DONE)


def figures(env: Env, counts: dict[str, int]) -> list[Tile]:
    """The counts as tiles."""
    labels = (("created", _("Created"), "plus-circle", "green"), ("updated", _("Updated"), "pencil", "blue"),
              ("skipped", _("Skipped as duplicates"), "files", "grey"), ("rejected", _("Not imported"), "x-octagon", "red"),
              ("undone", _("Taken back"), "arrow-counterclockwise", "blue"),
              ("left", _("Left as changed since"), "pause", "yellow"))
    return [Tile(env.t(label), env.format.number(counts[name]), icon=icon, colour=colour)
            for name, label, icon, colour in labels if name in counts]


def downloads(env: Env, plan: Import, counts: dict[str, int]) -> list[Action]:
    """The rows that were set aside, as files."""
    base = f"/imports/{plan.id}/rows"
    found = []
    if counts.get("rejected"):
        found += [Action(env.t(_("Rows that were not imported (Excel)")), f"{base}/error.xlsx", "download"),
                  Action(env.t(_("Rows that were not imported (CSV)")), f"{base}/error.csv", "filetype-csv")]
    if counts.get("skipped"):
        found.append(Action(env.t(_("Duplicates that were skipped (Excel)")), f"{base}/duplicate.xlsx", "download"))
    return found


def result_page(env: Env, plan: Import) -> WizardPage:
    """Step 4 when it is over: counts, the rows left out with their reasons, the way back."""
    page = wizard(env, plan.record, 4 if plan.state == "done" else 3, figures=figures(env, plan.counts),
                  downloads=downloads(env, plan, plan.counts))
    level = {"done": "success", "undone": "info", "failed": "error"}.get(plan.state, "warning")
    state = env.t(STATES[plan.state])
    if plan.state == "done" and not any(plan.counts.get(name) for name in ("created", "updated", "skipped")):
        level, state = "warning", env.t(_("No row was imported"))
    page.notices = [Flash(f"{state}: {isolate(plan.file_name)}", level)]
    page.reasons = _reasons(env, plan)
    if plan.error:
        page.errors = [env.t(plan.error)]
    rows = plans.rows_aside(env, plan.id, limit=50)
    if rows:
        page.intro = env.t(_("The rows below were not imported. Download them, mend them and import that file; it is kept "
                             "for {days} days.", days=env.format.number(KEPT_DAYS)))
        columns = _bad_first(range(len(plan.headers)), [row.reasons for row in rows])
        page.headings = [plan.headers[column] for column in columns]
        page.preview = [_shown_row(env, row.number, row.cells, "error", row.reasons, columns) for row in rows]
    _ways_on(env, plan, page)
    return page


def _reasons(env: Env, plan: Import) -> list[tuple[str, str, str]]:
    return [(env.format.number(count), column, text) for count, column, text in rejected.commonest(env, plan)]


def _ways_on(env: Env, plan: Import, page: WizardPage) -> None:
    page.downloads.append(Action(env.t(_("To the list")), list_url(plan.record), "list"))
    if plan.counts.get("rejected") and plan.state in plans.UNDOABLE:
        page.downloads.append(Action(env.t(_("Try these rows again")), f"/imports/{plan.id}/again", "arrow-repeat", kind="post",
                                     title=env.t(_("A new import of the rows that were left out, with the same choices."))))
    page.downloads.append(Action(env.t(_("Another file like this")), f"{list_url(plan.record)}/import?like={plan.id}", "copy",
                                 title=env.t(_("Columns and choices stay as they were."))))
    page.downloads.append(Action(env.t(_("Import another file")), f"{list_url(plan.record)}/import", "upload"))
    if plan.state in ("failed", "cancelled"):
        page.downloads.insert(0, Action(env.t(_("Go on")), f"/imports/{plan.id}/resume", "play", kind="post", style="primary"))
    if plan.state in plans.UNDOABLE and (plan.counts.get("created") or plan.counts.get("updated")):
        page.downloads.append(Action(
            env.t(_("Undo the whole import")), f"/imports/{plan.id}/undo", "arrow-counterclockwise", kind="post", style="danger",
            confirm=env.t(_("New records go to the recycle bin and changed ones get their old values, unless somebody "
                            "changed them since. Undo the import?"))))
