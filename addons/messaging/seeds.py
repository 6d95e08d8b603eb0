"""What a new installation begins with."""

from __future__ import annotations

from addons.base.shipping import give_sets, translate_names
from core.api import Env, _

from . import purposes
from .quiet import POLICY

SETS = {"administrator": "messaging.manager", "standard": "messaging.user"}
RULES = _("Rules of messages")


def first(env: Env) -> None:
    """Quiet hours from nine in the evening to nine in the morning; enabling the addon again changes nothing that is there."""
    if not env.query(POLICY).archived(None).deleted(None).exists():
        env.create(POLICY, {"name": env.t(RULES), "is_default": True})
    purposes.ship(env)
    give_sets(env, SETS)


def translate(env: Env, lang: str) -> None:
    """Shipped names follow the language of the installation."""
    translate_names(env, POLICY, [RULES], lang)
    translate_names(env, purposes.PURPOSE, [label for _key, label in purposes.SHIPPED], lang)
