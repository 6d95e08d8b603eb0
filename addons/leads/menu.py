"""The Leads app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("leads", _("Leads"), icon="person-plus", record="leads.lead", order=10),
    MenuItem("lead_list", _("Leads"), icon="person-plus", record="leads.lead", app="leads", order=10),
    MenuItem("lead_sources", _("Sources"), icon="signpost-split", record="leads.source", app="leads", order=20),
    MenuItem("lead_returns", _("Return on sources"), icon="graph-up", url="/x/leads/sources", app="leads", order=25),
    MenuItem("lead_forms", _("Web forms"), icon="window", record="leads.web_form", app="leads", order=30),
    MenuItem("lead_quarantine", _("Submissions"), icon="inbox", record="leads.submission", app="leads", order=40),
    MenuItem("lead_settings", _("Settings"), icon="gear", url="/x/leads/settings", app="leads", order=90),
)
