"""Kinds, states and other picklists of activities."""

from core.api import Option, _

TASK, CALL, MEETING, EMAIL, NOTE = "task", "call", "meeting", "email", "note"
KINDS = [
    Option(TASK, _("Task"), "blue"), Option(CALL, _("Call"), "green"), Option(MEETING, _("Meeting"), "violet"),
    Option(EMAIL, _("E-mail", context="activity"), "orange"), Option(NOTE, _("Note to follow up"), "grey")]
ICONS = {TASK: "check2-square", CALL: "telephone", MEETING: "people", EMAIL: "envelope", NOTE: "sticky"}

PLANNED, DONE, CANCELLED = "planned", "done", "cancelled"
STATUSES = [Option(PLANNED, _("Planned"), "blue"), Option(DONE, _("Done"), "green"), Option(CANCELLED, _("Cancelled"), "grey")]

PRIORITIES = [Option("low", _("Low"), "grey"), Option("normal", _("Normal"), "blue"), Option("high", _("High"), "red")]
DIRECTIONS = [Option("out", _("Outgoing"), "blue"), Option("in", _("Incoming"), "green")]
ANSWERS = [Option("waiting", _("No answer yet"), "grey"), Option("accepted", _("Accepted"), "green"),
           Option("tentative", _("Maybe"), "orange"), Option("declined", _("Declined"), "red")]
CALENDARS = [("gregorian", _("Gregorian")), ("jalali", _("Jalali"))]
COLOURS = [Option("grey", _("Grey"), "grey"), Option("green", _("Green"), "green"), Option("orange", _("Orange"), "orange"),
           Option("red", _("Red"), "red"), Option("blue", _("Blue"), "blue")]

NEVER, DAILY, WEEKLY, MONTHLY, YEARLY, CUSTOM = "never", "daily", "weekly", "monthly", "yearly", "custom"
REPEATS = [Option(NEVER, _("Never", context="repetition"), "grey"), Option(DAILY, _("Daily"), "blue"), Option(WEEKLY, _("Weekly"), "blue"),
           Option(MONTHLY, _("Monthly"), "blue"), Option(YEARLY, _("Yearly"), "blue"), Option(CUSTOM, _("By a rule of its own"), "purple")]
WEEKDAYS = [Option("SA", _("Saturday")), Option("SU", _("Sunday")), Option("MO", _("Monday")), Option("TU", _("Tuesday")),
            Option("WE", _("Wednesday")), Option("TH", _("Thursday")), Option("FR", _("Friday"))]
ON_DATE, ON_WEEKDAY, ON_LAST_WEEKDAY, ON_LAST_DAY = "date", "weekday", "last_weekday", "last_day"
REPEAT_BY = [Option(ON_DATE, _("On the same day of the month")), Option(ON_WEEKDAY, _("On the same weekday, counted from the first")),
             Option(ON_LAST_WEEKDAY, _("On the last such weekday")), Option(ON_LAST_DAY, _("On the last day of the month"))]
ONE, FOLLOWING, ALL = "one", "following", "all"
SCOPES = [Option(ONE, _("Only this one")), Option(FOLLOWING, _("This and following ones")), Option(ALL, _("All that are planned"))]
UNITS = [Option("minutes", _("minutes before")), Option("hours", _("hours before")), Option("days", _("days before")),
         Option("weeks", _("weeks before"))]
USUAL = [Option("none", _("None", context="reminder")), Option("0m", _("When it begins")), Option("5m", _("5 minutes before")),
         Option("15m", _("15 minutes before")), Option("30m", _("30 minutes before")), Option("1h", _("An hour before")),
         Option("1d", _("A day before"))]
USUAL_DAYS = [Option("none", _("None", context="reminder")), Option("0d", _("That day at nine")), Option("1d", _("The day before at nine")),
              Option("1w", _("A week before at nine"))]
