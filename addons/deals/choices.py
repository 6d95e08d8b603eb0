"""What can be chosen on deals, stages and plans."""

from core.api import MY_TEAMS, F, _

OPEN, WON, LOST = "open", "won", "lost"
STATUSES = [(OPEN, _("Open", context="deal"), "blue"), (WON, _("Won"), "green"), (LOST, _("Lost"), "red")]

PIPELINE, BEST_CASE, COMMIT = "pipeline", "best_case", "commit"
CATEGORIES = [
    (PIPELINE, _("Pipeline", context="forecast category"), "grey"), (BEST_CASE, _("Best case"), "blue"),
    (COMMIT, _("Commit", context="forecast category"), "teal"), (WON, _("Closed won"), "green"), (LOST, _("Closed lost"), "red")]
"""How sure a stage is, for the forecast; the last two close the deal."""

OPEN_CATEGORIES = (PIPELINE, BEST_CASE, COMMIT)

TYPES = [
    ("new", _("New business"), "blue"), ("renewal", _("Renewal"), "teal"), ("upsell", _("Up-sell"), "violet"),
    ("crosssell", _("Cross-sell"), "pink")]

ROLES = [
    ("decision_maker", _("Decision maker"), "red"), ("influencer", _("Influencer"), "violet"),
    ("champion", _("Champion", context="person for us"), "green"), ("evaluator", _("Evaluator"), "blue"),
    ("user", _("User", context="of the product"), "teal"), ("payer", _("Payer"), "yellow"), ("blocker", _("Opponent"), "grey")]

COLOURS = [
    ("grey", _("Grey")), ("blue", _("Blue")), ("teal", _("Teal")), ("green", _("Green")), ("yellow", _("Yellow")),
    ("orange", _("Orange")), ("red", _("Red")), ("violet", _("Violet")), ("pink", _("Pink"))]

REASON_KINDS = [("lost", _("Lost"), "red"), ("won", _("Won"), "green"), ("both", _("Won and lost"), "grey")]

PERIODS = [("month", _("Month")), ("quarter", _("Quarter")), ("year", _("Year"))]
CALENDARS = [("gregorian", _("Gregorian")), ("jalali", _("Jalali (Solar Hijri)"))]

OPEN_TO_ME = ~F.teams.any() | F.teams.any(F.id.isin(MY_TEAMS))
"""Which pipelines and stages the teams of whoever asks may use."""
