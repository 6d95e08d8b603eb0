"""Own rules: expressions that must hold of what is written, whatever door it comes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.expressions import Node
from core.i18n.messages import _
from core.registry.own import names as n
from core.registry.own.fields import expression


@dataclass(frozen=True)
class Rule:
    """What must hold, what is said when it does not, and the fields it is said at."""

    target: str
    where: Node
    message: str
    fields: tuple[str, ...]


def make_rule(target: str, data: Any) -> Rule:
    """The rule that data describes; DefinitionError says what is wrong with it."""
    n.split_rule(target)
    given = n.mapping(data, target, ("where", "message", "fields", "active"))
    n.flag_of(given, "active", target, True)
    message = n.words_of(given, "message", target, most=n.MOST_HELP) or _("These values do not go together.")
    return Rule(target, expression(given, "where", target), message, tuple(n.names_of(given, "fields", target)))
