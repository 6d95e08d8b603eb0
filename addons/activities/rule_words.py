"""A rule of repetition as a sentence: “every second week on Saturday, until 5 Mehr 1405”."""

from __future__ import annotations

from core.api import Env, Message, _, calendar, n_

from . import recurrence
from .recurrence import BadRule, Rule

ORDINALS: dict[int, Message] = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"), -1: _("last"),
                                -2: _("second to last")}


def sentence(env: Env, text: str | None) -> str:
    """A rule in words, in the language and calendar of the reader; "" for none."""
    try:
        return of(env, recurrence.read(text)) if text else ""
    except BadRule:
        return text or ""


def of(env: Env, rule: Rule) -> str:
    """The same of a rule."""
    parts = [_every(env, rule)]
    on = _on(env, rule)
    if rule.count:
        parts.append(env.t(n_("{count} time", "{count} times", rule.count)))
    if rule.until:
        parts.append(env.t(_("until {day}", day=env.format.date(rule.until))))
    first = env.t(_("{every} on {days}", every=parts[0], days=on)) if on else parts[0]
    return ("، " if env.lang == "fa" else ", ").join([first, *parts[1:]])


def _every(env: Env, rule: Rule) -> str:
    if rule.interval == 2:
        return env.t({"DAILY": _("every second day"), "WEEKLY": _("every second week"), "MONTHLY": _("every second month"),
                      "YEARLY": _("every second year")}[rule.freq])
    count = rule.interval
    return env.t({"DAILY": n_("every day", "every {count} days", count), "WEEKLY": n_("every week", "every {count} weeks", count),
                  "MONTHLY": n_("every month", "every {count} months", count), "YEARLY": n_("every year", "every {count} years", count)}
                 [rule.freq])


def _on(env: Env, rule: Rule) -> str:
    """The days, listed."""
    reckoning = calendar(rule.calendar)
    names = reckoning.weekday_names(env.lang)
    months = reckoning.month_names(env.lang)
    found = []
    for number, day in sorted(rule.weekdays, key=lambda w: (w[0], (w[1] - env.actor.week_start) % 7)):
        if not number:
            found.append(names[day])
        elif number in ORDINALS:
            found.append(env.t(_("the {ordinal} {weekday}", ordinal=env.t(ORDINALS[number]), weekday=names[day])))
        else:
            found.append(env.t(_("{weekday} number {number}", weekday=names[day], number=env.format.number(number))))
    for number in rule.month_days:
        if number == -1:
            found.append(env.t(_("the last day")))
        elif number < 0:
            found.append(env.t(_("day {number} from the end", number=env.format.number(-number))))
        else:
            found.append(env.t(_("day {number}", number=env.format.number(number))))
    for number in rule.year_days:
        found.append(env.t(_("day {number} of the year", number=env.format.number(number)) if number > 0 else
                           _("day {number} from the end of the year", number=env.format.number(-number))))
    listed = env.format.list(found)
    if rule.weeks:
        weeks = env.format.list(env.t(_("week {number}", number=env.format.number(n)) if n > 0 else
                                      _("week {number} from the end", number=env.format.number(-n))) for n in rule.weeks)
        listed = env.t(_("{days} in {weeks}", days=listed, weeks=weeks)) if listed else weeks
    if rule.positions:
        which = env.format.list(env.t(ORDINALS[p]) if p in ORDINALS else env.format.number(p) for p in rule.positions)
        listed = env.t(_("the {which} of {days}", which=which, days=listed))
    if rule.months and listed:
        return env.t(_("{days} of {months}", days=listed, months=env.format.list(months[m - 1] for m in rule.months)))
    if rule.months:
        return env.format.list(months[m - 1] for m in rule.months)
    return listed
