"""The other pages: home, settings and administration, import wizard, sign-in, errors, dialogs."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.web.viewmodels.charts import Chart
from core.web.viewmodels.forms import FormPage, Section, Tab
from core.web.viewmodels.lists import Column, Row
from core.web.viewmodels.parts import Action, Badge, Cell, EmptyState, Flash, Person

# ------------------------------------------------------------------------------------------------- home


@dataclass(slots=True)
class Tile:
    """One figure on the home page. `trend` is "up", "down" or ""; `good` says whether that is good news."""

    label: str
    value: str
    detail: str = ""
    url: str = ""
    icon: str = ""
    trend: str = ""
    trend_text: str = ""
    good: bool = True
    colour: str = ""


@dataclass(slots=True)
class WorkItem:
    """One thing waiting for this person."""

    title: str
    url: str
    detail: str = ""
    when: str = ""
    icon: str = ""
    overdue: bool = False
    badge: Badge | None = None
    action: Action | None = None


@dataclass(slots=True)
class Panel:
    """A titled box with work items, a chart, a table, ready markup, or an empty state."""

    title: str
    items: list[WorkItem] = field(default_factory=list)
    table: SimpleTable | None = None
    html: str = ""
    empty: EmptyState | None = None
    url: str = ""
    icon: str = ""
    actions: list[Action] = field(default_factory=list)
    wide: bool = False
    chart: Chart | None = None
    note: str = ""                   # what the figures count, said under the title
    tiles: list[Tile] = field(default_factory=list)
    apps: list[AppLink] = field(default_factory=list)
    lazy_url: str = ""               # where its content (fragments/panel.html) is fetched when it comes into sight


@dataclass(slots=True)
class AppLink:
    """An enabled app as a launcher tile."""

    label: str
    url: str
    icon: str
    text: str = ""
    colour: str = ""


@dataclass(slots=True)
class HomePage:
    """Greeting, figures, my work, recent items, apps."""

    greeting: str
    date: str = ""
    tiles: list[Tile] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)       # main column, in order
    side: list[Panel] = field(default_factory=list)
    apps: list[AppLink] = field(default_factory=list)
    steps: list[WorkItem] = field(default_factory=list)     # first steps of a new installation
    steps_title: str = ""
    shape: str = ""                  # an arrangement of its own: how wide its columns are
    columns: list[list[Panel]] = field(default_factory=list)
    charts: bool = False             # whether panels that come later may be charts


# ------------------------------------------------------------------------------------------------- administration


@dataclass(slots=True)
class SimpleTable:
    """A plain table: users, jobs, audit, sessions."""

    columns: list[Column]
    rows: list[Row]
    row_actions: dict[int, list[Action]] = field(default_factory=dict)   # by row id
    caption: str = ""
    empty: EmptyState | None = None
    next_url: str = ""
    previous_url: str = ""
    count_text: str = ""


@dataclass(slots=True)
class CatalogueCard:
    """One addon in the catalogue. `state` is available, enabled, disabled, broken or needs_upgrade."""

    name: str
    title: str
    summary: str
    icon: str = "puzzle"
    version: str = ""
    category: str = ""
    state: str = "available"
    state_label: str = ""
    adds: list[str] = field(default_factory=list)            # "4 record types", "2 pages", ...
    depends: list[Badge] = field(default_factory=list)
    error: str = ""
    actions: list[Action] = field(default_factory=list)
    url: str = ""


@dataclass(slots=True)
class MatrixRow:
    """One record type (or field, or area) of a permission matrix. `level` indents fields under their record type."""

    label: str
    detail: str = ""
    cells: list[MatrixCell] = field(default_factory=list)
    level: int = 0
    heading: bool = False


@dataclass(slots=True)
class MatrixCell:
    """One box of a permission matrix: a check box, or a select when it has options (value, label)."""

    name: str
    checked: bool = False
    value: str = "1"
    options: list[tuple[str, str]] = field(default_factory=list)
    disabled: bool = False
    label: str = ""                  # the accessible name


@dataclass(slots=True)
class Matrix:
    """A permission matrix, posted as one form."""

    headings: list[str]
    rows: list[MatrixRow]
    action_url: str = ""
    caption: str = ""


@dataclass(slots=True)
class TreeNode:
    """One node of a tree (roles)."""

    label: str
    url: str = ""
    detail: str = ""
    people: list[Person] = field(default_factory=list)
    children: list[TreeNode] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


@dataclass(slots=True)
class AdminPage:
    """One page of the administration or of personal settings, put together from pieces; empty pieces are not drawn.

    Order drawn: intro, notices, filters, tiles, cards (with categories), form, panels, matrix, tree, table, html.
    """

    title: str
    intro: str = ""
    menu: list[Tab] = field(default_factory=list)           # the pages of this area, at the start side
    menu_title: str = ""
    tabs: list[Tab] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    notices: list[Flash] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    cards: list[CatalogueCard] = field(default_factory=list)
    categories: list[Tab] = field(default_factory=list)
    form: FormPage | None = None
    panels: list[Panel] = field(default_factory=list)
    matrix: Matrix | None = None
    tree: list[TreeNode] = field(default_factory=list)
    table: SimpleTable | None = None
    filters: FormPage | None = None                         # GET form above the table
    facts: list[tuple[str, Cell]] = field(default_factory=list)   # label and value, drawn as a list
    code: str = ""                                          # a text to copy (recovery codes, embed snippet, plan)
    code_label: str = ""
    image: str = ""                                         # URL of an image (QR code)
    html: str = ""
    empty: EmptyState | None = None
    refresh_seconds: int = 0                                # reload the page's content while something runs


# ------------------------------------------------------------------------------------------------- reports


@dataclass(slots=True)
class ReportPage:
    """Figures that open the records they count: filters at the top (a GET form; `core.web_api.period_field` and its
    like), tiles, then panels with charts and tables, two side by side unless they are `wide`."""

    title: str
    intro: str = ""
    tabs: list[Tab] = field(default_factory=list)           # the other reports of this area
    filters: FormPage | None = None
    actions: list[Action] = field(default_factory=list)
    notices: list[Flash] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    empty: EmptyState | None = None


# ------------------------------------------------------------------------------------------------- import wizard


@dataclass(slots=True)
class MappingRow:
    """One column of an uploaded file and the field it goes to."""

    column: str
    samples: list[str]
    field: FormSelect
    confidence: str = ""             # sure | likely | none
    note: str = ""


@dataclass(slots=True)
class FormSelect:
    """A select inside a table: name, groups of (label, [(value, label)]) and the chosen value."""

    name: str
    groups: list[tuple[str, list[tuple[str, str]]]]
    value: str = ""
    label: str = ""


@dataclass(slots=True)
class PreviewRow:
    """One row of the file as it would be imported; `errors` by column index. `state` new | update | skip | error."""

    number: str
    cells: list[str]
    state: str = "new"
    state_label: str = ""
    errors: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """How far a background job is. `state` waiting | running | done | failed | cancelled."""

    label: str
    percent: int = 0
    text: str = ""
    state: str = "running"
    url: str = ""                    # fragment (fragments/progress.html) to poll while it runs
    actions: list[Action] = field(default_factory=list)
    figures: list[Tile] = field(default_factory=list)


@dataclass(slots=True)
class WizardPage:
    """A flow of several pages. `current` is the index into `steps`; empty pieces are not drawn."""

    title: str
    steps: list[str]
    current: int = 0
    intro: str = ""
    action_url: str = ""
    actions: list[Action] = field(default_factory=list)     # next first; "submit" actions send the form
    back_url: str = ""
    cancel_url: str = ""
    form: list[Section] = field(default_factory=list)
    upload: str = ""                 # name of the file input, "" for none
    upload_hint: str = ""
    accept: str = ""
    mapping: list[MappingRow] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)       # of the preview
    preview: list[PreviewRow] = field(default_factory=list)
    figures: list[Tile] = field(default_factory=list)
    reasons: list[tuple[str, str, str]] = field(default_factory=list)   # how often, column, why rows were left out
    progress: Progress | None = None
    notices: list[Flash] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    downloads: list[Action] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------- the rest


@dataclass(slots=True)
class AuthPage:
    """Sign in, first set-up, second factor, recovery, forgotten and new password. The template is chosen by the view:
    auth/login.html, auth/setup.html, auth/totp.html, auth/recovery.html, auth/forgot.html, auth/reset.html."""

    title: str
    form: FormPage
    text: str = ""
    links: list[Action] = field(default_factory=list)
    languages: list[Action] = field(default_factory=list)
    notices: list[Flash] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)          # recovery codes shown once
    actions: list[Action] = field(default_factory=list)     # further buttons below the form, each a form of its own


@dataclass(slots=True)
class ErrorPage:
    """What happened, what was kept, what to do."""

    code: int
    title: str
    text: str = ""
    kept: str = ""
    actions: list[Action] = field(default_factory=list)
    reference: str = ""


@dataclass(slots=True)
class Dialog:
    """One decision. Rendered as fragments/dialog.html into a dialog, or dialog.html as a page without scripts."""

    title: str
    text: str = ""
    form: FormPage | None = None
    html: str = ""
    actions: list[Action] = field(default_factory=list)
    danger: bool = False
    wide: bool = False
    table: SimpleTable | None = None


@dataclass(slots=True)
class MergeField:
    """One field of a merge: the candidates' values, one of which is kept."""

    name: str
    label: str
    choices: list[tuple[str, Cell]] = field(default_factory=list)   # (value posted, how it looks)
    chosen: str = ""


@dataclass(slots=True)
class MergePage:
    """Several records compared field by field."""

    title: str
    action_url: str
    records: list[Cell] = field(default_factory=list)
    fields: list[MergeField] = field(default_factory=list)
    text: str = ""
    actions: list[Action] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    cancel_url: str = ""


@dataclass(slots=True)
class SearchHit:
    """One result of the global search."""

    cell: Cell
    detail: str = ""
    badges: list[Badge] = field(default_factory=list)


@dataclass(slots=True)
class SearchGroup:
    """Results of one record type."""

    label: str
    icon: str = ""
    count: str = ""
    url: str = ""
    hits: list[SearchHit] = field(default_factory=list)


@dataclass(slots=True)
class SearchPage:
    """Everything found, by record type."""

    text: str
    url: str
    groups: list[SearchGroup] = field(default_factory=list)
    empty: EmptyState | None = None


@dataclass(slots=True)
class Notification:
    """One line of the bell."""

    text: str
    url: str = ""
    when: str = ""
    icon: str = "bell"
    unread: bool = False
    who: Person | None = None


@dataclass(slots=True)
class NotificationsPage:
    """What the bell opens (fragments/notifications.html, or notifications.html as a page)."""

    items: list[Notification] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    next_url: str = ""
