"""Activities about the deals of the demo company."""

from __future__ import annotations

from addons.activities import demo
from addons.deals.choices import OPEN
from core.api import Env, F, hookimpl


@hookimpl
def demo_data(env: Env) -> None:
    """About the open deals."""
    demo.create(env, "deals.deal", env.query("deals.deal").where(F.status == OPEN), 1406)
