"""The first start: a link with which the first administrator signs up, and the demo company.

The link's token is derived from the installation's session key, so it is the same for every process and after a
restart, is stored nowhere, and cannot be made by who cannot read the keys. It is good for one sign-up: as soon as there
is a user, `awaits_first_user` is false and the page refuses every token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from core.addons import lifecycle
from core.editions.limits import in_force
from core.editions.moving import permitted
from core.expressions import F
from core.installation import BUILT_IN, Installation
from core.secrets import Secrets
from core.security.actor import SYSTEM

USERS = "base.user"
DEMO = "demo"
"""Name of the change counter that says the demo company was loaded."""
DEMO_PASSWORD = "sarnakh-demo-1"  # noqa: S105 - told to everybody, for a company that does not exist
"""With which the people of the demo company sign in."""


def setup_token(secrets: Secrets) -> str:
    """The token in the link for the first administrator."""
    made = hmac.new(secrets.session_key.encode(), b"first administrator", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def is_setup_token(secrets: Secrets, token: str) -> bool:
    """Whether that is the token, found out in the same time for every wrong one."""
    return hmac.compare_digest(setup_token(secrets).encode(), token.encode("utf-8", "replace"))


def awaits_first_user(installation: Installation) -> bool:
    """Whether nobody can sign in yet."""
    with installation.env(SYSTEM, write=False) as env:
        return not env.query(USERS).where(F.is_super & F.active).archived(None).exists()


def load_demo(installation: Installation, tell: Callable[[str], None], lang: str = "") -> bool:
    """Enable the addons that come along and let each fill in its part of the demo company; False when that was done.

    Names of roles and the like are in the language `lang`, without it in the installation's.
    """
    lang = lang or installation.settings.locale.default_language
    with installation.env(SYSTEM, write=False) as env:
        state = env.registry.system.state
        if env.execute(select(state.c.value).where(state.c.name == DEMO)).scalar_one_or_none():
            return False
        plan = in_force(env)
    names = [name for name, found in installation.manifests.items() if BUILT_IN in found.path.parents]
    lifecycle.enable(installation, [n for n in names if plan is None or n in permitted(installation, plan)], lang=lang)
    installation.boundless = True  # a demo company is larger than some editions
    try:
        for manifest in installation.registry.manifests:
            tell(manifest.name)
            with installation.env(SYSTEM, lang=lang) as env:
                _hook_of(installation, manifest.name)(env=env)
    finally:
        installation.boundless = False
    with installation.env(SYSTEM) as env:
        env.execute(state.insert().values(name=DEMO, value=1))
    return True


def _hook_of(installation: Installation, addon: str) -> Any:
    """The `demo_data` of one addon alone, so that each gets its own transaction; what it has with another addon comes with
    the later one of both."""
    plugins = installation.registry.plugins
    turns = {manifest.name: turn for turn, manifest in enumerate(installation.registry.manifests)}
    others = [plugin for name, plugin in plugins.list_name_plugin() if not _belongs(name, addon, turns)]
    return plugins.subset_hook_caller("demo_data", remove_plugins=others)


def _belongs(plugin: str, addon: str, turns: dict[str, int]) -> bool:
    return max(plugin.split("+"), key=lambda name: turns.get(name, -1)) == addon
