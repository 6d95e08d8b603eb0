"""Names and picklists that several modules of working time know."""

from core.api import _

CALENDAR, INTERVAL, EXCEPTION, ASSIGNMENT = "worktime.calendar", "worktime.interval", "worktime.exception", "worktime.assignment"
HOLIDAY_SET, HOLIDAY = "worktime.holiday_set", "worktime.holiday"
SHIFT, SHIFT_TYPE, ROTA, MEMBER, ABSENCE = ("worktime.shift", "worktime.shift_type", "worktime.rota", "worktime.rota_member",
                                            "worktime.absence")
COUNTED = frozenset({CALENDAR, INTERVAL, EXCEPTION, ASSIGNMENT, HOLIDAY_SET, HOLIDAY})
"""What clocks are made of."""
CALENDARS_CHANGED, PEOPLE_CHANGED = "worktime", "worktime.people"
"""Change counters: of what clocks are made of; of shifts and absences, which are written one after the other."""

WEEKDAYS = [("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")),
            ("5", _("Saturday")), ("6", _("Sunday"))]
CLOSED, OTHER_HOURS, WORKING_DAY = "closed", "hours", "open"
EXCEPTIONS = [(CLOSED, _("Closed"), "red"), (OTHER_HOURS, _("Other hours on days that are open"), "amber"),
              (WORKING_DAY, _("Working day, whatever else it is"), "green")]
COUNTRIES = [("IR", _("Iran")), ("TR", _("Turkey"))]
COLOURS = [("grey", _("Grey"), "grey"), ("blue", _("Blue"), "blue"), ("green", _("Green"), "green"), ("amber", _("Amber"), "amber"),
           ("red", _("Red"), "red"), ("purple", _("Purple"), "purple"), ("teal", _("Teal"), "teal"), ("pink", _("Pink"), "pink")]
ABSENCES = [("leave", _("Leave"), "blue"), ("sick", _("Sick leave"), "amber"), ("mission", _("Business trip"), "teal"),
            ("training", _("Training"), "purple"), ("other", _("Other"), "grey")]
FREE = "-"
"""A day without a shift in a pattern."""
