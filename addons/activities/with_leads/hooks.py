"""Activities about the leads of the demo company."""

from __future__ import annotations

from addons.activities import demo
from addons.leads.choices import CLOSED
from core.api import Env, F, hookimpl

LATEST = 120


@hookimpl
def demo_data(env: Env) -> None:
    """About the leads that came last and are open."""
    newest = env.query("leads.lead").where(~F.status.isin(list(CLOSED))).order("-created_at").ids(LATEST)
    demo.create(env, "leads.lead", env.query("leads.lead").with_ids(newest), 1405)
