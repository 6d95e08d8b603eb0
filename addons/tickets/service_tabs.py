"""The pages of service: figures, health of queues, try it."""

from __future__ import annotations

from core.api import Env, _
from core.web_api import Tab

REPORTS, HEALTH, TRY = "/x/service/figures", "/x/service/queues", "/x/service/try"
ESCALATED = "/x/service/escalated"


def tabs(env: Env, active: str) -> list[Tab]:
    """What there is beside this page."""
    entries = ((REPORTS, _("Figures"), "bar-chart-line"), (HEALTH, _("Queues now"), "inboxes"),
               (TRY, _("Try service levels"), "stopwatch"))
    return [Tab(url.rsplit("/", 1)[1], env.t(label), url=url, active=url == active, icon=icon) for url, label, icon in entries]
