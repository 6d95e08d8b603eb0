"""Buttons on records and lists of others, and the block of the home page."""

from __future__ import annotations

from core.api import ME, NOW, TODAY, ActionLink, Env, F, Tile, _, n_
from core.web_api import record_url, with_query

from . import agenda, times, today_page
from .choices import CALL, ICONS
from .doing import ACTIVITY, URL

HOME_ROWS = 6


def _carries(env: Env, record_name: str) -> bool:
    rtype = env.registry.records.get(record_name)
    return rtype is not None and {"noted", "shared_owners"} <= rtype.traits and record_name != ACTIVITY and env.can("create", ACTIVITY)


def of_record(env: Env, record_name: str, key: int) -> list[ActionLink]:
    """A call about this record is written down."""
    if not _carries(env, record_name):
        return []
    url = with_query(f"{URL}/log/{CALL}", {"about": f"{record_name}:{key}", "next": record_url(record_name, key)})
    return [ActionLink(_("Log a call"), url, icon=ICONS[CALL], sheet=True)]


def of_list(env: Env, record_name: str) -> list[ActionLink]:
    """For chosen records a call is written down, or an activity planned; planned activities are done and moved together."""
    if record_name == ACTIVITY and env.can("update", ACTIVITY):
        return [ActionLink(_("Done", context="button"), f"{URL}/done", icon="check2", bulk=True, sheet=True),
                ActionLink(_("Reschedule"), f"{URL}/reschedule", icon="calendar-range", bulk=True, sheet=True)]
    if not _carries(env, record_name):
        return []
    back = {"record": record_name, "next": f"/r/{record_name}"}
    return [ActionLink(_("Log a call"), with_query(f"{URL}/log/{CALL}", back), icon=ICONS[CALL], bulk=True, sheet=True),
            ActionLink(_("Plan an activity"), with_query(f"{URL}/plan", back), icon="calendar-plus", bulk=True, sheet=True)]


def tile(env: Env) -> Tile:
    """What is overdue and what is for today, the first of it."""
    mine = env.query(ACTIVITY).where(F.status == "planned", F.owner == ME, F.due_at.not_null())
    counted = agenda.count(env, mine)
    rows = mine.where((F.due_at <= TODAY) | (F.due_at < NOW)).order("due_at", "id").select(
        "subject", "all_day", "first_day", "last_day", "starts_at").rows(HOME_ROWS)
    title = env.t(_("Today"))
    late, today = counted[agenda.OVERDUE], counted[agenda.ON_DAY]
    if late or today:
        title = env.t(_("Today: {count}", count=env.t(n_("{count} activity", "{count} activities", late + today))))
    return Tile(title, rows=[(r["subject"], record_url(ACTIVITY, r["id"]), times.when(env, r)) for r in rows], url=today_page.PAGE,
                icon="check2-square", order=5, empty=env.t(_("Nothing is planned for today.")))
