"""How deals, pipelines and plans are shown."""

from core.api import ME, TODAY, Button, Card, F, Form, Kanban, List, Place, Quick, Related, Search, Section, Tab, _, on

from .choices import LOST, OPEN, WON

IS_OPEN = F.status == OPEN
STALE = IS_OPEN & (F.stale_on <= TODAY)

DEAL_FORM = Form(
    "deals.deal",
    Button("win", style="primary"), Button("lose"), Button("reopen"),
    Section("main", Place("name", span=2), "account", "contact", "pipeline", "stage", "amount", "probability", "closes_on",
            "owner", "type", "next_step", "next_step_on", label=_("Deal"), columns=2),
    Section("closed", "status", "closed_on", "actual_amount", "reason", Place("lost_to", visible=F.status == LOST),
            Place("lead_days", visible=F.lead_days.not_null()), "cycle_days", Place("close_note", span=2),
            label=_("How it ended"), columns=2, visible=F.status != OPEN),
    Section("people_section", Place("people", span=2), label=_("People in this deal"), columns=1),
    Related("deal_people", record="deals.contact_role", by="deal", columns=["contact", "role", "note"], label=_("People in this deal")),
    Tab("details",
        Section("rivals", Place("competitors", span=2), label=_("Competitors"), columns=2),
        Section("origin", "source", "campaign", "number", label=_("Where it comes from"), columns=2),
        Related("leads", columns=["number", "name", "status", "first_touch_at"], label=_("Leads it came from"), add=False),
        Section("money", "currency", "rate_on", "rate", "amount_base", "weighted", "category", label=_("For sums and forecast"), columns=2),
        Section("about", Place("description", span=2), Place("tags", span=2), Place("co_owners", span=2), label=_("About"),
                columns=2), label=_("Details"), icon="card-text"),
    Tab("way", Section("now", "stage_since", "stale_on", "furthest", "reopened", label=_("On its way"), columns=2),
        Related("stays", columns=["stage", "entered_at", "entered_by", "left_at", "seconds", "next_stage"],
                label=_("Way through the stages"), add=False), label=_("Way through the stages"), icon="clock-history"))

DEAL_SEARCH = Search(
    "deals.deal", text=["name", "number", "account", "campaign"],
    quick=["pipeline", "stage", "status", "owner", "account", "type", "source", "closes_on", "closed_on", "reason"],
    filters={
        "mine": (_("Mine"), (F.owner == ME) & IS_OPEN),
        "open": (_("Open", context="deals"), IS_OPEN),
        "closing": (_("Closing this month"), f'status == "{OPEN}" and closes_on in this_month()'),
        "overdue": (_("Past their day"), IS_OPEN & (F.closes_on < TODAY)),
        "undated": (_("Without a day"), IS_OPEN & F.closes_on.is_null()),
        "stale": (_("Stale"), STALE),
        "won": (_("Won this month"), f'status == "{WON}" and closed_on in this_month()'),
        "lost": (_("Lost this month"), f'status == "{LOST}" and closed_on in this_month()')})

LAYOUTS = [
    DEAL_FORM, DEAL_SEARCH,
    List("deals.deal", Place("name", pinned=True, pixels=260), "account", "stage", "amount", "probability", "closes_on", "owner",
         "next_step", "status", order=["-created_at"], totals=["amount_base", "weighted"]),
    Card("deals.deal", "account", "stage", "amount", "closes_on", "owner", title="name"),
    Quick("deals.deal", "name", "account", "contact", "pipeline", "stage", "amount", "closes_on"),
    Kanban("deals.deal", column="stage", card=["account", "amount", "closes_on", "next_step", "owner", "tags"], sum="amount_base",
           order=["closes_on", "id"], title="name", also=["closes_on"], stale=STALE, figures=["probability"]),
    Form("deals.contact_role", Section("main", "deal", "contact", "role", "note", label=_("Person in a deal"), columns=2)),
    List("deals.contact_role", "deal", "contact", "role", "note", order=["deal"]),
    Quick("deals.contact_role", "deal", "contact", "role", "note"),
    List("deals.stay", "deal", "stage", "entered_at", "entered_by", "left_at", "seconds", "next_stage", order=["-entered_at"]),
    Search("deals.stay", text=["deal"], quick=["stage", "entered_at", "left_at", "entered_by"]),
    Form("deals.pipeline", Section("main", "name", "position", "active", "teams", Place("description", span=2), label=_("Pipeline"),
                                   columns=2),
         Related("stages", columns=["name", "position", "category", "probability", "colour", "idle_days"], label=_("Stages"),
                 order=["position"])),
    List("deals.pipeline", Place("name", pinned=True, pixels=240), "position", "active", "teams", order=["position", "name"]),
    Form("deals.stage", Section("main", "name", "pipeline", "position", "category", "probability", "colour", "idle_days", "teams",
                                label=_("Stage"), columns=2)),
    List("deals.stage", Place("name", pinned=True), "pipeline", "position", "category", "probability", "idle_days", "colour",
         order=["pipeline", "position"]),
    Quick("deals.stage", "name", "pipeline", "position", "category", "probability", "colour", "idle_days"),
    Form("deals.reason", Section("main", "name", "kind", "position", "active", label=_("Reason"), columns=2)),
    List("deals.reason", Place("name", pinned=True, pixels=240), "kind", "position", "active", order=["kind", "position"]),
    Search("deals.reason", text=["name"], quick=["kind", "active"]),
    Form("deals.competitor", Section("main", "name", "website", "account", "active", label=_("Competitor"), columns=2),
         Section("about", Place("strengths", span=2), Place("weaknesses", span=2), label=_("What they are like"), columns=2),
         Related("lost_deals", columns=["name", "account", "amount", "closed_on", "reason", "owner"], label=_("Deals lost to them"),
                 add=False)),
    List("deals.competitor", Place("name", pinned=True, pixels=240), "website", "account", "active", order=["name"]),
    Form("deals.quota", Section("main", "user", "team", "period", "starts", "calendar", "amount", label=_("Quota"), columns=2)),
    List("deals.quota", Place("title", pinned=True, pixels=280), "user", "team", "period", "starts", "ends", "amount", order=["-starts"]),
    Search("deals.quota", text=["title"], quick=["user", "team", "period", "starts"]),
    Form("deals.adjustment", Section("main", "user", "role", "category", "amount", "was", "starts", "ends", "owner",
                                     Place("note", span=2), label=_("Adjustment of the forecast"), columns=2)),
    List("deals.adjustment", Place("title", pinned=True, pixels=240), "category", "amount", "was", "starts", "ends", "owner",
         order=["-starts"]),
    on("contacts.account", "form").insert(
        Related("deals", columns=["name", "stage", "amount", "closes_on", "status", "owner"], label=_("Deals")),
        after=["contacts", "main"]),
    on("contacts.contact", "form").insert(
        Related("deals_roles", columns=["deal", "role", "note"], label=_("Deals")), after=["roles", "main"]),
    on("leads.lead", "form").insert("deals_deal", after=["converted_contact", "converted_account"]),
]
