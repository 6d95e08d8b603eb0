"""Agents, a queue of their own, and a customer, for the tests of this addon."""

from __future__ import annotations

from typing import Any

import pytest

from core.api import SYSTEM, Installation
from core.testing.plugin import user_id


@pytest.fixture
def desk(installation: Installation) -> dict[str, Any]:
    """Sara and Reza are agents, Mina is a manager of tickets; Sara and Mina take what waits in the queue Billing."""
    with installation.env(SYSTEM) as env:
        agents = env.create("base.profile", {"name": "Agents", "sets": ["tickets.agent"], "areas": []})
        chiefs = env.create("base.profile", {"name": "Chiefs", "sets": ["tickets.manager"], "areas": []})
        ids = {name: user_id(installation, name) for name in ("sara", "reza", "mina", "omid")}
        env.update("base.user", [ids["sara"], ids["reza"], ids["omid"]], {"profile": agents})
        env.update("base.user", ids["mina"], {"profile": chiefs})
        billing = env.create("tickets.queue", {"name": "Billing", "members": [ids["sara"], ids["mina"]]})
        account = env.create("contacts.account", {"name": "Pars Steel", "owner": ids["sara"]})
        contact = env.create("contacts.contact", {"name": "Nima Karimi", "email": "nima@pars.example", "account": account,
                                                  "owner": ids["sara"]})
        support = env.query("tickets.queue").where('name == "Support"').ids()[0]
    return ids | {"billing": billing, "support": support, "account": account, "contact": contact}
