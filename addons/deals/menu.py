"""The Deals app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("deals", _("Deals"), icon="briefcase", record="deals.deal", order=15),
    MenuItem("deal_list", _("Deals"), icon="briefcase", record="deals.deal", app="deals", order=10),
    MenuItem("deal_forecast", _("Forecast"), icon="graph-up-arrow", url="/x/deals/forecast", app="deals", order=20),
    MenuItem("deal_analysis", _("Analysis"), icon="bar-chart-line", url="/x/deals/analysis", app="deals", order=30),
    MenuItem("deal_quotas", _("Quotas"), icon="bullseye", record="deals.quota", app="deals", order=40),
    MenuItem("deal_competitors", _("Competitors"), icon="shield-exclamation", record="deals.competitor", app="deals", order=50),
    MenuItem("deal_pipelines", _("Pipelines"), icon="funnel", record="deals.pipeline", app="deals", order=60),
    MenuItem("deal_reasons", _("Reasons"), icon="chat-square-quote", record="deals.reason", app="deals", order=70),
)
MANAGED = {"deal_pipelines": "deals.pipeline", "deal_reasons": "deals.reason"}
"""Entries for those who may change what they list."""
