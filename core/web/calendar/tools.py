"""The bar over a calendar: ways to show days, a day to go to, whose entries, what colours mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.env import Env
from core.i18n.messages import _
from core.records.fields import USER
from core.web.calendar.colours import FIELD, PEOPLE
from core.web.calendar.span import MODES, Span
from core.web.viewmodels import Action, BoardPicker, CalendarView, FieldView, Option

if TYPE_CHECKING:
    from core.web.calendar.face import Calendaring

ICONS = {"month": "calendar3", "week": "calendar3-week", "day": "calendar3-event", "agenda": "list-ul"}
KEYS = {"month": "m", "week": "w", "day": "d", "agenda": "a"}


def mode_links(cal: Calendaring) -> list[Action]:
    """Month, week, day, agenda."""
    env = cal.env
    day = "" if cal.span.day == env.today else cal.span.day.isoformat()
    return [Action(env.t(label), cal.url(mode="" if mode == "month" else mode, date=day), ICONS[mode], active=cal.span.mode == mode,
                   shortcut=KEYS[mode], id=f"as-{mode}") for mode, label in MODES.items()]


def date_field(env: Env, span: Span) -> FieldView:
    """The day to go to."""
    label = env.t(_("Go to a day"))
    return FieldView("date", label, "date", env.format.date(span.day, "short"), attrs={"aria-label": label})


def colour_picker(cal: Calendaring, made: CalendarView) -> None:
    """Colours by a field or by person, where there is a choice."""
    env, when = cal.env, cal.when
    if when.colour is None or when.people is None or when.colour is when.people:
        return
    options = [Action(env.t(f.label), cal.url(colour="" if by == FIELD else by), active=cal.by == by)
               for by, f in ((FIELD, when.colour), (PEOPLE, when.people))]
    shown = next(o.label for o in options if o.active)
    made.pickers.append(BoardPicker(env.t(_("Colours: {field}", field=shown)), options, "palette"))


def people_tools(cal: Calendaring, made: CalendarView, most: int) -> None:
    """Whose entries: everybody's, one's own, one's people's, or those of chosen people, who stand side by side."""
    env, field = cal.env, cal.when.people
    if field is None or not env.can("read", USER):
        return
    me = env.actor.id
    chosen = ",".join(map(str, cal.people))
    made.people_links = [Action(env.t(_("Everybody")), cal.url(people=""), "people", active=not cal.people)]
    if me is not None:
        made.people_links.append(Action(env.t(_("Only me")), cal.url(people=str(me)), "person", active=chosen == str(me)))
    mine = ",".join(map(str, ([] if me is None else [me]) + sorted(env.actor.subordinate_ids)[:most - 1]))
    if env.actor.subordinate_ids:
        made.people_links.append(Action(env.t(_("Me and my people")), cal.url(people=mine), "diagram-3", active=chosen == mine))
    made.people = FieldView("people", env.t(_("People")), "many", multiple=True, lookup_url=f"/lookup/{USER}",
                            selected=[Option(str(k), name, selected=True) for k, name in cal.people.items()],
                            help=env.t(_("At most {count}, side by side in the week and on the day.", count=env.format.number(most))))
    names = list(cal.people.values())
    made.people_label = env.t(_("Everybody")) if not names else names[0] if len(names) == 1 else env.t(
        _("{count} people", count=env.format.number(len(names))))
    made.people_url = cal.made.state.path
    made.people_hidden = {k: v for k, v in cal.made.state.query().items() if k != "people"}
