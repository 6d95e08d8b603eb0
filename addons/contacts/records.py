"""Companies (accounts), people (contacts), how to reach them, their roles, and the memory of merges."""

from collections.abc import Iterator
from typing import Any

from core.api import Change, Env, Invalid, Record, _, computed, fields, validates

from . import checks, choices, people
from .matching import company_key, domain_key, person_key


class Account(Record):
    """A company or a part of one: prospect, customer, partner, vendor or competitor."""

    record_name = "contacts.account"
    record_label = _("Account")
    record_plural = _("Accounts")
    record_icon = "building"
    record_order = ("name",)
    record_traits = ("owned", "shared_owners", "noted")
    record_indexes = (("type", "name"),)
    record_help = _("A company, or a division of one, that you deal with.")

    name = fields.Text(_("Account name"), required=True, search=True, index=True, semantic="company")
    parent = fields.Link("contacts.account", _("Parent account"), aliases=("parent account", "شرکت مادر", "ana firma"))
    type = fields.Choice(_("Type"), options=choices.ACCOUNT_TYPES, default="prospect", required=True, semantic="type")
    industry = fields.Choice(_("Industry"), options=choices.INDUSTRIES, semantic="industry")
    rating = fields.Choice(_("Rating"), options=choices.RATINGS, semantic="rating")
    size = fields.Choice(_("Size"), options=choices.SIZES)
    employees = fields.Integer(_("Employees"), minimum=0, semantic="employees")
    annual_revenue = fields.Money(_("Annual revenue"), currency="currency", minimum=0, semantic="annual_revenue")
    currency = fields.Link("base.currency", _("Currency"), on_delete="restrict", semantic="currency")
    phone = fields.Phone(_("Phone"), index=True, search=True, semantic="phone", further="points.value")
    fax = fields.Phone(_("Fax"), semantic="fax")
    email = fields.Email(_("E-mail"), index=True, search=True, semantic="email", further="points.value")
    website = fields.Url(_("Website"), search=True, semantic="website")
    national_id = fields.Text(_("National ID"), size=40, index=True, search=True, semantic="national_id",
                              help=_("Legal ID (شناسه ملی) of Iranian companies, VKN of Turkish ones."))
    economic_code = fields.Text(_("Economic code"), size=40, search=True, semantic="tax_id")
    registration_number = fields.Text(_("Registration number"), size=40, semantic="registration_number")
    territory = fields.Text(_("Territory"), size=120, index=True)
    source = fields.Text(_("Source"), size=120, semantic="source")
    billing_street = fields.LongText(_("Billing street"), size=2000, semantic="street")
    billing_city = fields.Text(_("Billing city"), size=120, search=True, semantic="city")
    billing_state = fields.Text(_("Billing province"), size=120, semantic="state")
    billing_postal_code = fields.Text(_("Billing postal code"), size=20, semantic="postal_code")
    billing_country = fields.Link("base.country", _("Billing country"), semantic="country")
    shipping_street = fields.LongText(_("Shipping street"), size=2000)
    shipping_city = fields.Text(_("Shipping city"), size=120)
    shipping_state = fields.Text(_("Shipping province"), size=120)
    shipping_postal_code = fields.Text(_("Shipping postal code"), size=20)
    shipping_country = fields.Link("base.country", _("Shipping country"))
    latitude = fields.Decimal(_("Latitude"), places=6, minimum=-90, maximum=90)
    longitude = fields.Decimal(_("Longitude"), places=6, minimum=-180, maximum=180)
    description = fields.LongText(_("Description"), semantic="description")
    tags = fields.Tags(_("Tags"), semantic="tags")
    logo = fields.Image(_("Logo"))
    children = fields.Children("contacts.account", _("Subsidiaries"), by="parent")
    contacts = fields.Children("contacts.contact", _("Contacts"), by="account")
    roles = fields.Children("contacts.contact_role", _("Contact roles"), by="account", owned=True)
    points = fields.Children("contacts.account_point", _("Phones and e-mails"), by="account", owned=True)
    places = fields.Children("contacts.address", _("Further addresses"), by="account", owned=True)
    merged_into = fields.Link("contacts.account", _("Merged into"), readonly=True, tracked=False, copyable=False)

    @computed("name", field=fields.Text(_("Name for matching"), size=255, index=True, copyable=False))
    def match_name(records: list[Any], env: Env) -> list[str | None]:
        """The name without what does not tell two companies apart."""
        return [company_key(r.name) for r in records]

    @computed("website", "email", field=fields.Text(_("Domain for matching"), size=255, index=True, copyable=False))
    def match_domain(records: list[Any], env: Env) -> list[str | None]:
        """The domain of the website or e-mail address."""
        return [domain_key(r.website, r.email) for r in records]

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Official numbers lose their separators; the size follows the number of employees."""
        super().before_save(env, change)
        for name in ("national_id", "economic_code"):
            if change.touches(name):
                for record in change.records:
                    change.set(record, name, checks.tidy_number(getattr(record, name)))
        if change.touches("employees") and not change.touches("size"):
            for record in change.records:
                if record.employees is not None:
                    size = next((s for most, s in choices.SIZE_LIMITS if record.employees <= most), "5001+")
                    change.set(record, "size", size)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Who comes back from the recycle bin is no longer part of another."""
        super().after_save(env, change)
        people.forget_merge(env, change)

    @validates("parent")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """No company stands above itself."""
        for record in checks.circles(env, records, "contacts.account", "parent"):
            yield Invalid(record, "parent", _("A company cannot stand above itself."))

    @validates("national_id", "billing_country")
    def possible_national_id(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The number fits the rules of the company's country."""
        yield from checks.official_numbers(env, records, "national_id", "billing_country", checks.COMPANY_IDS)

    @validates("economic_code", "billing_country")
    def possible_economic_code(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The number fits the rules of the company's country."""
        yield from checks.official_numbers(env, records, "economic_code", "billing_country", checks.TAX_IDS)


class Contact(Record):
    """A person one talks to."""

    record_name = "contacts.contact"
    record_label = _("Contact")
    record_plural = _("Contacts")
    record_icon = "person-vcard"
    record_order = ("name",)
    record_traits = ("owned", "shared_owners", "noted")
    record_help = _("A person, usually in a company, that you talk to.")

    name = fields.Text(_("Full name"), size=255, search=True, index=True, tracked=False, semantic="full_name",
                       help=_("First and last name; given alone, it is split into the two."))
    salutation = fields.Choice(_("Salutation"), options=choices.SALUTATIONS, semantic="salutation")
    first_name = fields.Text(_("First name"), size=120, semantic="first_name")
    last_name = fields.Text(_("Last name"), size=120, semantic="last_name")
    account = fields.Link("contacts.account", _("Account"), semantic="company")
    job_title = fields.Text(_("Job title"), size=160, search=True, semantic="job_title")
    department = fields.Text(_("Department"), size=160, semantic="department")
    reports_to = fields.Link("contacts.contact", _("Reports to"))
    mobile = fields.Phone(_("Mobile"), index=True, search=True, semantic="mobile", further="points.value")
    phone = fields.Phone(_("Phone"), index=True, search=True, semantic="phone", further="points.value")
    email = fields.Email(_("E-mail"), index=True, search=True, semantic="email", further="points.value")
    birthday = fields.Date(_("Birthday"), semantic="birth_date")
    national_id = fields.Text(_("National ID"), size=40, index=True, semantic="national_id",
                              help=_("National code (کد ملی) of Iranians, TCKN of Turkish citizens."))
    do_not_call = fields.Flag(_("Do not call"), semantic="do_not_call")
    do_not_email = fields.Flag(_("Do not e-mail"), semantic="email_opt_out")
    do_not_sms = fields.Flag(_("Do not text"), semantic="sms_opt_out")
    preferred_language = fields.Choice(_("Preferred language"), options=choices.LANGUAGES, semantic="language")
    preferred_channel = fields.Choice(_("Preferred channel"), options=choices.CHANNELS)
    source = fields.Text(_("Source"), size=120, semantic="source")
    street = fields.LongText(_("Street"), size=2000, semantic="street")
    city = fields.Text(_("City"), size=120, search=True, semantic="city")
    state = fields.Text(_("Province"), size=120, semantic="state")
    postal_code = fields.Text(_("Postal code"), size=20, semantic="postal_code")
    country = fields.Link("base.country", _("Country"), semantic="country")
    description = fields.LongText(_("Description"), semantic="description")
    tags = fields.Tags(_("Tags"), semantic="tags")
    photo = fields.Image(_("Photo"))
    points = fields.Children("contacts.contact_point", _("Phones and e-mails"), by="contact", owned=True)
    roles = fields.Children("contacts.contact_role", _("Roles in accounts"), by="contact", owned=True)
    reports = fields.Children("contacts.contact", _("Direct reports"), by="reports_to")
    merged_into = fields.Link("contacts.contact", _("Merged into"), readonly=True, tracked=False, copyable=False)

    @computed("name", "first_name", "last_name", field=fields.Text(_("Name for matching"), size=255, index=True, copyable=False))
    def match_name(records: list[Any], env: Env) -> list[str | None]:
        """The name without titles, case and letter variants."""
        return [person_key(r.name) for r in records]

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The full name follows first and last name (or they follow it); official numbers lose their separators."""
        super().before_save(env, change)
        people.name_people(change)
        if change.touches("national_id"):
            for record in change.records:
                change.set(record, "national_id", checks.tidy_number(record.national_id, person_of_iran=True))

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """A main number typed over is no longer the primary contact point's."""
        super().after_save(env, change)
        people.forget_merge(env, change)
        people.demote_points(env, change)

    @validates("first_name", "last_name", "name")
    def has_name(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nobody is nameless."""
        for record in records:
            if not record.name:
                yield Invalid(record, "last_name", _("Write a first or a last name."))

    @validates("reports_to")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nobody reports to themselves, directly or around a corner."""
        for record in checks.circles(env, records, "contacts.contact", "reports_to"):
            yield Invalid(record, "reports_to", _("Nobody reports to themselves."))

    @validates("national_id", "country")
    def possible_national_id(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The number fits the rules of the person's country."""
        yield from checks.official_numbers(env, records, "national_id", "country", checks.PERSON_IDS)


class Reach:
    """What further numbers and addresses have in common, whomever they belong to."""

    kind = fields.Choice(_("Kind"), options=choices.POINT_KINDS, required=True, default="mobile")
    label = fields.Choice(_("Where it is"), options=choices.POINT_LABELS, default="work")
    value = fields.Text(_("Number or address"), required=True, search=True, index=True)
    notes = fields.Text(_("Notes"))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Values are stored in one form, so that they can be compared."""
        super().before_save(env, change)  # type: ignore[misc]
        people.tidy_points(env, change)

    @validates("kind", "value")
    def possible_value(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The value is one of its kind."""
        yield from people.impossible_points(env, records)


class ContactPoint(Reach, Record):
    """One more telephone number, address or handle by which a person is reached; lives and dies with the person."""

    record_name = "contacts.contact_point"
    record_label = _("Phone or e-mail")
    record_plural = _("Phones and e-mails")
    record_icon = "telephone"
    record_title = "value"
    record_order = ("-primary", "kind", "id")
    record_parent = "contact"

    contact = fields.Link("contacts.contact", _("Contact"), required=True, on_delete="cascade")
    primary = fields.Flag(_("Primary"), help=_("Stands on the person as the main one of its kind."))

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The primary one of a kind is alone, and stands on the person."""
        super().after_save(env, change)
        people.promote_points(env, change)


class AccountPoint(Reach, Record):
    """One more telephone number, address or handle of a company: sales, support, the warehouse's gate."""

    record_name = "contacts.account_point"
    record_label = _("Phone or e-mail of an account")
    record_plural = _("Phones and e-mails of accounts")
    record_icon = "telephone"
    record_title = "value"
    record_order = ("kind", "id")
    record_parent = "account"

    account = fields.Link("contacts.account", _("Account"), required=True, on_delete="cascade")


class Address(Record):
    """One more address of a company, beside those for bills and deliveries: a branch, a factory, a warehouse."""

    record_name = "contacts.address"
    record_label = _("Address")
    record_plural = _("Addresses")
    record_icon = "geo-alt"
    record_order = ("kind", "id")
    record_parent = "account"

    account = fields.Link("contacts.account", _("Account"), required=True, on_delete="cascade")
    kind = fields.Choice(_("Kind"), options=choices.ADDRESS_KINDS, required=True, default="branch")
    name = fields.Text(_("Name"), size=160, required=True, search=True, help=_("What you call it: Isfahan branch, north gate ..."))
    street = fields.LongText(_("Street"), size=2000)
    city = fields.Text(_("City"), size=120, search=True)
    state = fields.Text(_("Province"), size=120)
    postal_code = fields.Text(_("Postal code"), size=20)
    country = fields.Link("base.country", _("Country"), index=False)
    phone = fields.Phone(_("Phone"))
    notes = fields.Text(_("Notes"))


class ContactRole(Record):
    """What a person is to an account: several accounts for one person, several people for one account."""

    record_name = "contacts.contact_role"
    record_label = _("Contact role")
    record_plural = _("Contact roles")
    record_icon = "person-badge"
    record_title = "role"
    record_order = ("-primary", "role", "id")
    record_parent = "account"

    account = fields.Link("contacts.account", _("Account"), required=True, on_delete="cascade")
    contact = fields.Link("contacts.contact", _("Contact"), required=True, on_delete="cascade")
    role = fields.Choice(_("Role"), options=choices.ROLES, required=True, default="other")
    primary = fields.Flag(_("Primary"), help=_("The first to turn to in this account."))
    notes = fields.LongText(_("Notes"), size=2000)

    @validates("account", "contact", "role")
    def once(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A person has a role in an account once."""
        yield from people.repeated_roles(env, records)


class Merge(Record):
    """Remembers that records were made into one, so that it can be taken back."""

    record_name = "contacts.merge"
    record_label = _("Merge")
    record_by_hand = False
    record_plural = _("Merges")
    record_icon = "sign-merge-left"
    record_title = "title"
    record_order = ("-created_at",)

    title = fields.Text(_("Title"), readonly=True, size=500)
    kept = fields.AnyLink(_("Kept record"), readonly=True, required=True)
    gone = fields.Data(_("Merged records"), readonly=True)
    batch = fields.Text(_("Batch"), readonly=True, size=64, index=True)
