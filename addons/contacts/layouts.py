"""How accounts, contacts and what belongs to them are shown."""

from core.api import ME, TODAY, Card, F, Form, List, Place, Quick, Related, Search, Section, Tab, _, fn

ADDRESS = ("street", "city", "state", "postal_code", "country")

ACCOUNT_FORM = Form(
    "contacts.account",
    Section("main", "name", "type", "parent", "industry", "rating", "owner", label=_("Account"), columns=2),
    Section("reach", "phone", "email", "website", "fax", label=_("Reach"), columns=2),
    Tab("details", Section("firm", "size", "employees", "annual_revenue", "currency", "territory", "source",
                           label=_("The company"), columns=2),
        Section("numbers", "national_id", "economic_code", "registration_number", label=_("Official numbers"), columns=2),
        Section("about", Place("description", span=2), Place("tags", span=2), Place("co_owners", span=2), "logo",
                label=_("About"), columns=2), label=_("Details"), icon="card-text"),
    Tab("addresses", Section("billing", *(f"billing_{n}" for n in ADDRESS), label=_("Billing address"), columns=2),
        Section("shipping", *(f"shipping_{n}" for n in ADDRESS), label=_("Shipping address"), columns=2),
        Section("place", "latitude", "longitude", label=_("Geographic position"), columns=2, collapsed=True),
        label=_("Addresses"), icon="geo-alt"),
    Related("contacts", columns=["name", "job_title", "mobile", "email"], label=_("Contacts")),
    Related("roles", columns=["contact", "role", "primary", "notes"], label=_("Contact roles")),
    Related("points", columns=["kind", "label", "value", "notes"], label=_("Phones and e-mails")),
    Related("places", columns=["kind", "name", "city", "phone"], label=_("Further addresses")),
    Related("children", columns=["name", "type", "billing_city", "owner"], label=_("Subsidiaries")),
    aliases={"city": "billing_city", "country": "billing_country"})

CONTACT_FORM = Form(
    "contacts.contact",
    Section("main", "first_name", "last_name", "account", "job_title", "department", "owner", label=_("Contact"), columns=2),
    Section("reach", "mobile", "phone", "email", "preferred_channel", label=_("Reach"), columns=2),
    Section("consent", "do_not_call", "do_not_email", "do_not_sms", label=_("Do not disturb"), columns=3),
    Tab("details", Section("person", "salutation", "birthday", "preferred_language", "national_id", "reports_to", "source",
                           label=_("The person"), columns=2),
        Section("address", *ADDRESS, label=_("Address"), columns=2),
        Section("about", Place("description", span=2), Place("tags", span=2), Place("co_owners", span=2), "photo",
                label=_("About"), columns=2), label=_("Details"), icon="card-text"),
    Related("points", columns=["kind", "label", "value", "primary"], label=_("Phones and e-mails")),
    Related("roles", columns=["account", "role", "primary", "notes"], label=_("Roles in accounts")),
    Related("reports", columns=["name", "job_title", "mobile", "email"], label=_("Direct reports")))

POINT_COLUMNS = ("kind", "label", "value", "primary", "notes")
REACH_COLUMNS = ("kind", "label", "value", "notes")
PLACE_COLUMNS = ("kind", "name", "street", "city", "state", "postal_code", "country", "phone", "notes")
ROLE_COLUMNS = ("account", "contact", "role", "primary", "notes")
QUIET = fn.add_days(TODAY, -90)

LAYOUTS = [
    ACCOUNT_FORM,
    List("contacts.account", Place("name", pinned=True, pixels=260), "type", "industry", "billing_city", "phone", "website",
         "owner", "updated_at", order=["name"]),
    Card("contacts.account", "type", "industry", "phone", "website", "billing_city", "owner", title="name", subtitle="industry",
         picture="logo"),
    Search("contacts.account", text=["name", "email", "phone", "website", "national_id", "economic_code", "billing_city"],
           quick=["type", "industry", "rating", "size", "territory", "billing_city", "owner"],
           filters={"mine": (_("Mine"), F.owner == ME), "customers": (_("Customers"), F.type == "customer"),
                    "prospects": (_("Prospects"), F.type == "prospect"),
                    "partners": (_("Partners"), F.type == "partner"),
                    "quiet": (_("Untouched for 90 days"), fn.date(F.updated_at) < QUIET),
                    "new": (_("New in the last 30 days"), fn.date(F.created_at) >= fn.add_days(TODAY, -30)),
                    "top": (_("Top of their group"), F.parent.is_null() & F.children.any())}),
    Quick("contacts.account", "name", "type", "phone", "email", "website", "billing_city"),
    CONTACT_FORM,
    List("contacts.contact", Place("name", pinned=True, pixels=220), "account", "job_title", "mobile", "email", "owner",
         "updated_at", order=["name"]),
    Card("contacts.contact", "account", "job_title", "mobile", "phone", "email", "owner", title="name", subtitle="job_title",
         picture="photo"),
    Search("contacts.contact", text=["name", "email", "mobile", "phone", "job_title", "city"],
           quick=["account", "job_title", "department", "preferred_language", "city", "owner"],
           filters={"mine": (_("Mine"), F.owner == ME),
                    "customers": (_("At customers"), F.account.type == "customer"),
                    "quiet": (_("Untouched for 90 days"), fn.date(F.updated_at) < QUIET),
                    "unreachable": (_("No phone and no e-mail"),
                                    F.mobile.is_null() & F.phone.is_null() & F.email.is_null()),
                    "alone": (_("Without an account"), F.account.is_null()),
                    "birthday": (_("Birthday this month"), fn.month(F.birthday) == fn.month(TODAY))}),
    Quick("contacts.contact", "first_name", "last_name", "account", "job_title", "mobile", "email"),
    Form("contacts.contact_point", Section("main", "contact", *POINT_COLUMNS, label=_("Phone or e-mail"), columns=2)),
    List("contacts.contact_point", "value", "kind", "label", "primary", "contact", order=["value"]),
    Quick("contacts.contact_point", "contact", *POINT_COLUMNS),
    Form("contacts.account_point", Section("main", "account", *REACH_COLUMNS, label=_("Phone or e-mail"), columns=2)),
    List("contacts.account_point", "value", "kind", "label", "account", order=["value"]),
    Quick("contacts.account_point", "account", *REACH_COLUMNS),
    Form("contacts.address", Section("main", "account", *PLACE_COLUMNS, label=_("Address"), columns=2)),
    List("contacts.address", "name", "kind", "city", "phone", "account", order=["name"]),
    Quick("contacts.address", "account", *PLACE_COLUMNS),
    Form("contacts.contact_role", Section("main", *ROLE_COLUMNS, label=_("Contact role"), columns=2)),
    List("contacts.contact_role", *ROLE_COLUMNS),
    Quick("contacts.contact_role", *ROLE_COLUMNS),
    List("contacts.merge", "title", "kept", "created_by", "created_at", order=["-created_at"]),
]
