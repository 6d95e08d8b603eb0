"""What is chosen at the top of the pages of figures: pipeline, person, team, source; read from the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.api import Env, _
from core.web_api import FieldView, FormPage, Option, Period, Request, Section, Tab, with_query

from .figures import Chosen

USER, TEAM, PIPELINE, SOURCE = "base.user", "base.team", "deals.pipeline", "leads.source"


def chosen_of(env: Env, request: Request, period: Period) -> Chosen:
    """What the address asks for; numbers that mean nothing are as good as none."""
    made = Chosen(period, pipeline=_known(env, PIPELINE, request.arg_int("pipeline")),
                  source=_known(env, SOURCE, request.arg_int("source")))
    person = _known(env, USER, request.arg_int("person"))
    team = team_of(env, request)
    if person is not None:
        return replace(made, people=(person,))
    if team is not None:
        return replace(made, people=members(env, team))
    return made


def team_of(env: Env, request: Request) -> int | None:
    """The team that is chosen."""
    return _known(env, TEAM, request.arg_int("team"))


def members(env: Env, team: int) -> tuple[int, ...]:
    """The people of a team."""
    rows = env.query(TEAM).with_ids([team]).select("members").rows()
    return tuple(m.id for m in rows[0]["members"]) if rows else ()


def _known(env: Env, record: str, key: int) -> int | None:
    return key if key and key in env.visible_ids(record, [key]) else None


def choice(env: Env, request: Request, name: str, label: str, options: Iterable[tuple[int, str]], nothing: str) -> FieldView:
    """A select of records that sends its form when it is changed."""
    now = request.arg(name)
    return FieldView(name, env.t(label), "select", now, attrs={"data-submit": ""}, required=True,
                     options=[Option("", env.t(nothing), selected=not now),
                              *(Option(str(k), t, selected=str(k) == now) for k, t in options)])


def offered(env: Env, record: str, where: Any = None) -> list[tuple[int, str]]:
    """Records to choose from, by their names."""
    rtype = env.registry.record(record)
    return [(r["id"], str(r[rtype.title])) for r in env.query(record).where(where).order(*rtype.order).select(rtype.title).rows(500)]


def people(env: Env) -> list[tuple[int, str]]:
    """Those whose figures one may look at: oneself and the people below; everybody for who sees everything."""
    query = env.query(USER).where("active")
    if not env.access.unlimited:
        query = query.with_ids({env.actor.id or 0, *env.actor.subordinate_ids})
    return [(r["id"], r["name"]) for r in query.order("name").select("name").rows(500)]


def form(env: Env, url: str, fields: list[FieldView], hidden: Mapping[str, str] | None = None) -> FormPage:
    """The filters of a page."""
    return FormPage("", url, [Section("filters", fields=fields)], method="get", hidden=dict(hidden or {}))


def tabs(env: Env, active: str, request: Request) -> list[Tab]:
    """The pages of figures; what is chosen goes along."""
    kept = {n: request.arg(n) for n in ("pipeline", "person", "team") if request.arg(n)}
    entries = (("/x/deals/forecast", _("Forecast"), "graph-up-arrow"), ("/x/deals/analysis", _("Analysis"), "bar-chart-line"))
    return [Tab(url.rsplit("/", 1)[1], env.t(label), url=with_query(url, kept), active=url == active, icon=icon)
            for url, label, icon in entries]
