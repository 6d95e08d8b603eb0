"""Everything an addon may use, and the only module of the core that it imports.

Versioned by `API_VERSION`: names are added freely, and removed or changed only with the next version.
"""

from core import layouts_api as layouts
from core.addons.lifecycle import change_customising
from core.addons.manifest import API_VERSION
from core.customise import KINDS as CUSTOM_KINDS
from core.customise import (
    HistoryRow,
    Piece,
    PiecesPlan,
    StoredPiece,
    apply_pieces,
    check_pieces,
    history,
    pieces_of,
    plan_pieces,
    preview,
    revert,
    uses_of,
)
from core.customise import packages as packages
from core.documents import Edition, amount_in_words, letterhead, read_link, sign_link
from core.documents import render as render_document
from core.env import Env
from core.errors import (
    AccessDenied,
    Conflict,
    DefinitionError,
    ExpressionError,
    Invalid,
    NotFound,
    SarnakhError,
    ValidationFailed,
)
from core.exchange.dedupe import MatchPolicy, normalised
from core.exchange.dedupe import keys as match_keys
from core.exchange.writing import guarded
from core.expressions import ME, MY_COMPANIES, MY_TEAMS, NOW, TODAY, Context, F, Node, fn, parse, to_python, to_text
from core.filing import StoredFile, keep_files, read_files
from core.first_start import DEMO_PASSWORD
from core.hookspecs import hookimpl
from core.i18n import identifiers
from core.i18n.calendars import calendar
from core.i18n.catalogs import LANGUAGES, direction
from core.i18n.messages import Message, Words, _, n_
from core.i18n.reading import parse_phone
from core.i18n.text import fold, isolate, latin_digits
from core.installation import Installation
from core.jobs.definitions import GiveUp, Postpone, Schedule, job, on_event
from core.jobs.run import Job
from core.layouts.build import (
    Block,
    Button,
    Calendar,
    Card,
    Column,
    Columns,
    Filter,
    Form,
    Kanban,
    List,
    Place,
    Print,
    Quick,
    Related,
    Search,
    Section,
    Spacer,
    Tab,
)
from core.layouts.build import Link as LayoutLink
from core.layouts.changes import on
from core.layouts.store import dump_changes, load_changes
from core.lazy import Later
from core.mail import can_send as can_mail
from core.mail import send as mail
from core.outward import NotOutside, check_host, is_ours, outward_session
from core.plain import plain_text
from core.query.query import Query
from core.query.tally import tally
from core.records import externals
from core.records import fields_api as fields
from core.records.base import Extension, Record, action, change, computed, rollup, validates
from core.records.changes import Change, ChangeSet
from core.records.fields import Link, Option
from core.records.numbering import check_pattern as number_pattern
from core.records.past import past
from core.records.portable import Portable
from core.replays import begin as replay_begin
from core.replays import keep as replay_keep
from core.schema.steps import step
from core.sealing import SealBroken, Sealed
from core.security.access import Access
from core.security.accounts import Account, asks_second_factor, disable_second_factors, end_session, end_sessions, sessions_of
from core.security.actor import ANONYMOUS, SYSTEM, Actor, Bounds, Reach
from core.security.explain import access_by_sets
from core.security.grants import NOBODY, OPERATIONS, FieldGrant, Grant, PermissionSet, Profile
from core.security.links import password_token
from core.security.shares import share, shares_of, unshare
from core.ui import (
    ActionLink,
    BlockKind,
    CalendarDay,
    ConversionTarget,
    Figure,
    HealthCheck,
    MacroStep,
    MenuItem,
    OptionSpec,
    Panel,
    ProgramAction,
    Tile,
    TimelineSource,
)
from core.upkeep import forget

__all__ = [
    "ANONYMOUS", "API_VERSION", "Access", "AccessDenied", "Account", "ActionLink", "Actor", "Block", "BlockKind", "Bounds", "Button",
    "CUSTOM_KINDS", "Calendar", "CalendarDay", "Card", "Change", "ChangeSet", "Column", "Columns", "Conflict", "Context",
    "ConversionTarget", "DEMO_PASSWORD", "DefinitionError", "Edition", "Env", "ExpressionError", "Extension", "F", "FieldGrant",
    "Figure", "Filter", "Form", "GiveUp", "Grant", "HealthCheck", "HistoryRow", "Installation", "Invalid", "Job", "Kanban",
    "LANGUAGES", "Later", "LayoutLink", "Link", "List", "ME", "MY_COMPANIES", "MY_TEAMS", "MacroStep", "MatchPolicy", "MenuItem",
    "Message", "NOBODY", "NOW", "Node", "NotFound", "NotOutside", "OPERATIONS", "Option", "OptionSpec", "Panel", "PermissionSet",
    "Piece", "PiecesPlan", "Place", "Portable", "Postpone", "Print", "Profile", "ProgramAction", "Query", "Quick", "Reach", "Record",
    "Related", "SYSTEM", "SarnakhError", "Schedule", "SealBroken", "Sealed", "Search", "Section", "Spacer", "StoredFile",
    "StoredPiece", "TODAY", "Tab", "Tile", "TimelineSource", "ValidationFailed", "Words", "_", "access_by_sets", "action",
    "amount_in_words", "apply_pieces", "asks_second_factor", "calendar", "can_mail", "change", "change_customising", "check_host",
    "check_pieces", "computed", "direction", "disable_second_factors", "dump_changes", "end_session", "end_sessions", "externals",
    "fields", "fn", "fold", "forget", "guarded", "history", "hookimpl", "identifiers", "is_ours", "isolate", "job", "keep_files",
    "latin_digits", "layouts", "letterhead", "load_changes", "mail", "match_keys", "n_", "normalised", "number_pattern", "on",
    "on_event", "outward_session", "packages", "parse", "parse_phone", "password_token", "past", "pieces_of", "plain_text",
    "plan_pieces", "preview", "read_files", "read_link", "render_document", "replay_begin", "replay_keep", "revert", "rollup",
    "sessions_of", "share", "shares_of", "sign_link", "step", "tally", "to_python", "to_text", "unshare", "uses_of", "validates",
]
