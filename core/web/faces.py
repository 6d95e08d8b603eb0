"""The faces of a list, which show the same records: list, board, calendar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.env import Env
from core.i18n.messages import Message, _
from core.registry.compose import RecordType
from core.web.board import columns as board_columns
from core.web.calendar import fields as calendar_fields
from core.web.liststate import BOARD, CALENDAR
from core.web.viewmodels import Action

if TYPE_CHECKING:
    from core.web.lists import Listing


def offered(env: Env, rtype: RecordType) -> list[tuple[str, Message, str, str]]:
    """The faces that a type has, each with its label, icon and id."""
    faces = [("", _("List"), "list-ul", "as-list")]
    if board_columns.offered(env, rtype):
        faces.append((BOARD, _("Board"), "kanban", "as-board"))
    if calendar_fields.offered(env, rtype):
        faces.append((CALENDAR, _("Calendar"), "calendar3", "as-calendar"))
    return faces


def switches(made: Listing) -> list[Action]:
    """From each face to the others, where a type has more than its list."""
    env, state = made.env, made.state
    faces = offered(env, made.rtype)
    if len(faces) == 1:
        return []
    return [Action(env.t(label), replace(state, face=face, extra=state.extra if face == state.face else ()).url(
        **({"group": ""} if face else {})), icon, active=state.face == face, id=key) for face, label, icon, key in faces]
