"""The Activities app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("activities", _("Activities"), icon="check2-square", url="/x/activities/today", order=5),
    MenuItem("activity_today", _("Today"), icon="calendar-check", url="/x/activities/today", app="activities", order=10),
    MenuItem("activity_list", _("Activities"), icon="check2-square", record="activities.activity", app="activities", order=20),
    MenuItem("activity_calendar", _("Calendar"), icon="calendar3", url="/r/activities.activity/calendar", app="activities", order=15),
    MenuItem("activity_free", _("Who is free?"), icon="people", url="/x/activities/free", app="activities", order=30),
    MenuItem("activity_figures", _("By person"), icon="bar-chart-line", url="/x/activities/figures", app="activities", order=40),
    MenuItem("activity_outcomes", _("Outcomes"), icon="chat-square-dots", record="activities.outcome", app="activities", order=60),
    MenuItem("activity_settings", _("My calendar"), icon="calendar2-week", url="/x/activities/calendar-settings", app="activities",
             order=50),
)
MANAGED = {"activity_outcomes": "activities.outcome"}
"""Entries for those who may change what they list."""
