"""Everything an addon may use, and the only module of the core that it imports.

Versioned by `API_VERSION`: names are added freely, and removed or changed only with the next version.
"""

from core.addons.lifecycle import change_customising
from core.addons.manifest import API_VERSION
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
from core.expressions import ME, MY_COMPANIES, MY_TEAMS, NOW, TODAY, Context, F, Node, fn, parse, to_python, to_text
from core.first_start import DEMO_PASSWORD
from core.hookspecs import hookimpl
from core.i18n import identifiers
from core.i18n.calendars import calendar
from core.i18n.catalogs import LANGUAGES, direction
from core.i18n.messages import Message, _, n_
from core.i18n.text import fold, latin_digits
from core.installation import Installation
from core.jobs.definitions import GiveUp, Postpone, Schedule, job, on_event
from core.jobs.run import Job
from core.layouts.build import (
    Block,
    Button,
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
from core.query.query import Query
from core.records import fields_api as fields
from core.records.base import Extension, Record, action, change, computed, rollup, validates
from core.records.changes import Change, ChangeSet
from core.records.fields import Link, Option
from core.schema.steps import step
from core.security.accounts import Account, end_session, end_sessions, sessions_of
from core.security.actor import ANONYMOUS, SYSTEM, Actor, Reach
from core.security.grants import NOBODY, OPERATIONS, FieldGrant, Grant, PermissionSet, Profile
from core.security.links import password_token
from core.security.shares import share, shares_of, unshare
from core.ui import ActionLink, ConversionTarget, Figure, HealthCheck, MenuItem, Panel, Tile

__all__ = [
    "ANONYMOUS", "API_VERSION", "AccessDenied", "Account", "ActionLink", "Actor", "Block", "Button", "Card", "Change",
    "ChangeSet", "Column", "Columns", "Conflict", "Context", "ConversionTarget", "DEMO_PASSWORD", "DefinitionError",
    "Env", "ExpressionError", "Extension", "F", "FieldGrant", "Figure", "Filter", "Form", "GiveUp", "Grant",
    "HealthCheck", "Installation", "Invalid", "Job", "Kanban", "LANGUAGES", "LayoutLink", "Link", "List", "ME",
    "MY_COMPANIES", "MY_TEAMS", "MatchPolicy", "MenuItem", "Message", "NOBODY", "NOW", "Node", "NotFound", "OPERATIONS",
    "Option", "Panel", "PermissionSet", "Place", "Postpone", "Print", "Profile", "Query", "Quick", "Reach", "Record",
    "Related", "SYSTEM", "SarnakhError", "Schedule", "Search", "Section", "Spacer", "TODAY", "Tab", "Tile",
    "ValidationFailed", "_", "action", "calendar", "change", "change_customising", "computed", "direction",
    "end_session", "end_sessions", "fields", "fn", "fold", "hookimpl", "identifiers", "job", "latin_digits",
    "match_keys", "n_", "normalised", "on", "on_event", "parse", "password_token", "rollup", "sessions_of", "share",
    "shares_of", "step", "to_python", "to_text", "unshare", "validates",
]
