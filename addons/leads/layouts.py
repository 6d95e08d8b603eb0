"""How leads, sources and forms are shown."""

from core.api import ME, TODAY, Button, Card, F, Form, Kanban, List, Place, Quick, Related, Search, Section, Tab, _, fn

from .choices import ACTIVE

ADDRESS = ("street", "city", "state", "postal_code", "country")
OPEN = F.status.isin(ACTIVE)

LEAD_FORM = Form(
    "leads.lead",
    Button("mark_contacted"), Button("convert", style="primary"), Button("junk"), Button("dead"), Button("recycle"),
    Button("reactivate"),
    Section("main", "first_name", "last_name", "company", "job_title", "status", "rating", "owner", "number",
            label=_("Lead"), columns=2),
    Section("reach", "mobile", "phone", "email", "website", label=_("Reach"), columns=2),
    Section("again", "next_try_on", label=_("Recycled"), columns=2, visible=F.status == "recycle"),
    Section("closed", "junk_reason", "dead_reason", Place("close_note", span=2), label=_("Why it was closed"), columns=2,
            visible=F.status.isin(("junk", "dead"))),
    Tab("company_tab", Section("firm", "industry", "employees", "annual_revenue", "currency", "national_id",
                               label=_("The company"), columns=2),
        Section("address", *ADDRESS, label=_("Address"), columns=2),
        Section("about", Place("description", span=2), Place("tags", span=2), Place("co_owners", span=2), label=_("About"),
                columns=2), label=_("Details"), icon="building"),
    Tab("qualification",
        Section("bant", "bant_budget", "bant_budget_amount", "bant_authority", "bant_need", "bant_timeline", "bant_score",
                Place("bant_notes", span=2), label=_("BANT"), columns=2, visible=F.sheet.isin(("bant", "both"))),
        Section("champ", "champ_challenges", Place("champ_challenges_text", span=2), "champ_authority", "champ_money",
                "champ_priority", "champ_score", Place("champ_notes", span=2), label=_("CHAMP"), columns=2,
                visible=F.sheet.isin(("champ", "both"))),
        Section("which", "sheet", label=_("Sheet"), columns=2), label=_("Qualification"), icon="ui-checks"),
    Tab("marketing",
        Section("origin", "source", "source_detail", "campaign", label=_("Where it comes from"), columns=2),
        Section("touches", "first_touch_at", "first_touch_channel", "last_touch_at", "last_touch_channel",
                label=_("Touches"), columns=2),
        Section("consent", "do_not_call", "do_not_email", "do_not_sms", "preferred_language", "consent_at",
                Place("consent_text", span=2), label=_("Do not disturb"), columns=2), label=_("Marketing"), icon="megaphone"),
    Tab("conversion_tab",
        Section("became", "converted_at", "converted_by", "converted_account", "converted_contact", "days_to_convert",
                "status_changed_at", label=_("Conversion"), columns=2),
        label=_("Conversion"), icon="arrow-left-right"),
    aliases={"lead_source": "source"})

SEARCH = Search(
    "leads.lead", text=["name", "company", "email", "mobile", "phone", "city", "number"],
    quick=["status", "rating", "source", "owner", "industry", "city", "created_at"],
    filters={
        "mine": (_("Mine"), (F.owner == ME) & OPEN),
        "new_week": (_("New this week"), "created_at in this_week()"),
        "hot": (_("Hot"), (F.rating == "hot") & OPEN),
        "stale": (_("Stale: untouched for 30 days"), (F.last_touch_at < fn.add_days(TODAY, -30)) & OPEN),
        "again": (_("Due for another try"), (F.status == "recycle") & (F.next_try_on <= TODAY)),
        "open": (_("Open", context="not finished"), OPEN),
        "converted": (_("Converted"), F.status == "converted"),
        "lost": (_("Junk and dead"), F.status.isin(("junk", "dead")))})

LAYOUTS = [
    LEAD_FORM, SEARCH,
    List("leads.lead", Place("name", pinned=True, pixels=220), "company", "status", "rating", "mobile", "email", "source",
         "owner", "last_touch_at", "created_at", order=["-created_at"]),
    Card("leads.lead", "company", "status", "rating", "mobile", "email", "owner", title="name", subtitle="company"),
    Kanban("leads.lead", column="status", card=["company", "rating", "owner", "last_touch_at"], title="name"),
    Quick("leads.lead", "first_name", "last_name", "company", "mobile", "email", "source", "rating"),
    Form("leads.source",
         Section("main", "name", "kind", "cost", "earned", "currency", "starts", "ends", "active", label=_("Lead source"),
                 columns=2),
         Section("about", Place("description", span=2), label=_("About"), columns=2),
         Related("leads", columns=["name", "company", "status", "owner", "created_at"], label=_("Leads"))),
    List("leads.source", Place("name", pinned=True, pixels=240), "kind", "cost", "earned", "currency", "starts", "ends", "active",
         order=["name"]),
    Search("leads.source", text=["name"], quick=["kind", "active"], filters={"in_use": (_("In use"), F.active)}),
    Form("leads.web_form",
         Section("main", "name", "title", Place("intro", span=2), "language", "active", label=_("Web form"), columns=2),
         Section("fields", "shown", "needed", Place("consent", span=2), label=_("What is asked for"), columns=2),
         Section("lead", "owner", "share_among", "source", "campaign", label=_("The leads"), columns=2),
         Section("after", Place("thanks", span=2), "redirect_url", label=_("Afterwards"), columns=2),
         Section("guards", Place("origins", span=2), "per_hour", label=_("Protection"), columns=2),
         Related("submissions", columns=["created_at", "verdict", "reason", "summary", "lead", "given_to"], label=_("Submissions"))),
    List("leads.web_form", Place("name", pinned=True, pixels=240), "language", "source", "owner", "active", order=["name"]),
    Form("leads.submission",
         Section("main", "form", "verdict", "reason", "summary", "lead", "given_to", label=_("Submission"), columns=2), Button("release")),
    List("leads.submission", "created_at", "verdict", "reason", "summary", "form", "lead", order=["-created_at"]),
    Search("leads.submission", text=["summary"], quick=["verdict", "form", "created_at"],
           filters={"held": (_("Held back"), F.verdict.isin(("spam", "too_many")))}),
]
