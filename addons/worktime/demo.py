"""The demo company's hours: Tehran by default, Istanbul for one, a hotline in shifts round the clock, some absences."""

from __future__ import annotations

import datetime as dt

from core.api import Env, F, _

from . import rotas, seeds
from .choices import ABSENCE, ASSIGNMENT, CALENDAR, EXCEPTION, MEMBER, ROTA

HOTLINE = _("Hotline round the clock")
PATTERN = "M M E E N N - -"
MEMBERS = ("ali", "john", "ayse", "emily")


def create(env: Env) -> None:
    """Create what is missing."""
    people = {r["login"]: r["id"] for r in env.query("base.user").archived(None).select("login").rows()}
    if not {"sara", "reza", "nasrin", *MEMBERS} <= people.keys() or env.query(ROTA).deleted(None).archived(None).exists():
        return
    turkey = seeds.create_calendar(env, "TR") if not env.query(CALENDAR).where(F.time_zone == "Europe/Istanbul").exists() else None
    if turkey:
        env.create(ASSIGNMENT, {"calendar": turkey, "user": people["ayse"]})
    own = env.query(CALENDAR).where(F.is_default == True).ids()[0]  # noqa: E712
    thursday = env.today + dt.timedelta(days=(3 - env.today.weekday()) % 7 + 7)
    env.create(EXCEPTION, [
        {"calendar": own, "name": env.t(_("Annual general meeting")), "kind": "hours", "first_day": thursday, "hours": "8-10"},
        {"calendar": own, "name": env.t(_("Stocktaking")), "kind": "open", "first_day": thursday + dt.timedelta(days=8), "hours": "9-13"}])
    first = env.today - dt.timedelta(days=8)
    hotline = env.create(ROTA, {"name": env.t(HOTLINE), "pattern": PATTERN, "first_day": first, "time_zone": "Asia/Tehran"})
    env.create(MEMBER, [{"rota": hotline, "user": people[login], "offset": 1 + 2 * number} for number, login in enumerate(MEMBERS)])
    with env.elevated("the demo company") as sudo:  # as if it had been planned a week ago
        rotas.plan(sudo.back_then(env.now - dt.timedelta(days=8), env.actor.id), [hotline])
        rotas.plan(sudo, [hotline])
    today = env.today
    env.create(ABSENCE, [
        {"owner": people["reza"], "first_day": today, "last_day": today + dt.timedelta(days=2), "kind": "leave",
         "stand_in": people["sara"]},
        {"owner": people["emily"], "first_day": today + dt.timedelta(days=9), "last_day": today + dt.timedelta(days=13), "kind": "leave",
         "stand_in": people["john"]},
        {"owner": people["nasrin"], "first_day": today + dt.timedelta(days=4), "last_day": today + dt.timedelta(days=4), "kind": "mission",
         "from_time": "10:00", "until_time": "15:00"}])
