"""The Working time app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("worktime", _("Working time"), icon="clock-history", record="worktime.shift", url="/x/worktime/rota", order=70),
    MenuItem("worktime_rota", _("Rota"), icon="calendar2-week", record="worktime.shift", url="/x/worktime/rota", app="worktime", order=10),
    MenuItem("worktime_absences", _("Absences"), icon="airplane", record="worktime.absence", app="worktime", order=30),
    MenuItem("worktime_shifts", _("Shifts"), icon="calendar2-week", record="worktime.shift", app="worktime", order=40),
    MenuItem("worktime_rotas", _("Rotas"), icon="arrow-repeat", record="worktime.rota", app="worktime", order=50),
    MenuItem("worktime_types", _("Kinds of shifts"), icon="brightness-high", record="worktime.shift_type", app="worktime", order=60),
    MenuItem("worktime_calendars", _("Working time calendars"), icon="clock-history", record="worktime.calendar", app="worktime", order=70),
    MenuItem("worktime_holidays", _("Holidays"), icon="balloon", record="worktime.holiday_set", app="worktime", order=80),
)
