"""View models: the only thing templates get.

Views turn records into these plain dataclasses, themes turn these into HTML; so a theme cannot query and a view
cannot write markup. Every text is already translated and formatted for the reader (language, calendar, digits),
every URL is ready to use. A template is called with `shell` (the frame of the page) and `page` (its content).

Protocols between a page and the server (the scripts of the default theme rely on them):

* **Fragment requests** carry `X-Fragment: <name>`; the answer is the fragment's template without the shell.
* **In-place edit**: a field with `edit_url`, or a list's column with `edit` (address
  `<row url>/field/<edit>`). GET gives `fragments/editor.html` with `field`; POST (form data, `csrf_token`,
  `version`) gives 200 and `fragments/cell.html` with `cell` and the header `X-Version`, or 422 and the
  editor with its errors, or 409 and `fragments/conflict.html`.
* **Lookup** (link pickers, tags, mentions): GET `lookup_url?q=...` gives JSON `{"items": [{"id", "label", "detail",
  "icon"}], "create_url": "..."|null}`.
* **Palette**: GET `palette_url?q=...` gives JSON `{"groups": [{"label", "items": [{"label", "detail", "icon",
  "url"}]}]}`.
* **Preferences** (theme, density, column widths): POST `preferences_url` with `name` and `value`, answered 204.
* **Toasts**: the header `X-Toast` (URL-quoted text) of any fragment answer is shown as a toast.
"""

from __future__ import annotations

from core.web.viewmodels.boards import BarPart, Board, BoardCard, BoardColumn, BoardPicker
from core.web.viewmodels.calendars import (
    CalendarColumn,
    CalendarDayView,
    CalendarEntry,
    CalendarHour,
    CalendarView,
    CalendarWeek,
)
from core.web.viewmodels.charts import Chart, Mark, Series
from core.web.viewmodels.forms import (
    Conflict,
    ConflictField,
    FieldView,
    FormPage,
    LineFields,
    Reason,
    Section,
    Step,
    Tab,
)
from core.web.viewmodels.lists import (
    Column,
    CriteriaField,
    FilterChip,
    ListPage,
    Row,
    RowGroup,
    Rows,
    ViewTab,
)
from core.web.viewmodels.pages import (
    AdminPage,
    AppLink,
    AuthPage,
    CatalogueCard,
    Dialog,
    ErrorPage,
    FormSelect,
    HomePage,
    MappingRow,
    Matrix,
    MatrixCell,
    MatrixRow,
    MergeField,
    MergePage,
    Notification,
    NotificationsPage,
    Panel,
    PreviewRow,
    Progress,
    ReportPage,
    SearchGroup,
    SearchHit,
    SearchPage,
    SimpleTable,
    Tile,
    TreeNode,
    WizardPage,
    WorkItem,
)
from core.web.viewmodels.parts import (
    Action,
    Badge,
    Cell,
    Crumb,
    EmptyState,
    Flash,
    Option,
    Person,
)
from core.web.viewmodels.records import (
    BusinessCard,
    Change,
    FileView,
    RecordPage,
    RelatedList,
    Timeline,
    TimelineEntry,
)
from core.web.viewmodels.shell import (
    NavApp,
    NavItem,
    Shell,
)

__all__ = [
    "Action",
    "AdminPage",
    "AppLink",
    "AuthPage",
    "Badge",
    "Board",
    "BarPart",
    "BoardCard",
    "BoardColumn",
    "BoardPicker",
    "BusinessCard",
    "CalendarColumn",
    "CalendarDayView",
    "CalendarEntry",
    "CalendarHour",
    "CalendarView",
    "CalendarWeek",
    "CatalogueCard",
    "Cell",
    "Change",
    "Chart",
    "Column",
    "Conflict",
    "ConflictField",
    "CriteriaField",
    "Crumb",
    "Dialog",
    "EmptyState",
    "ErrorPage",
    "FieldView",
    "FileView",
    "FilterChip",
    "Flash",
    "FormPage",
    "FormSelect",
    "HomePage",
    "LineFields",
    "ListPage",
    "MappingRow",
    "Mark",
    "Matrix",
    "MatrixCell",
    "MatrixRow",
    "MergeField",
    "MergePage",
    "NavApp",
    "NavItem",
    "Notification",
    "NotificationsPage",
    "Option",
    "Panel",
    "Person",
    "PreviewRow",
    "Progress",
    "Reason",
    "RecordPage",
    "RelatedList",
    "ReportPage",
    "Row",
    "RowGroup",
    "Rows",
    "SearchGroup",
    "SearchHit",
    "SearchPage",
    "Section",
    "Series",
    "Shell",
    "SimpleTable",
    "Step",
    "Tab",
    "Tile",
    "Timeline",
    "TimelineEntry",
    "TreeNode",
    "ViewTab",
    "WizardPage",
    "WorkItem",
]
