"""What every installation has: people and what they may do, the company and its money, tags, notes, files, views."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from core.api import OPERATIONS, Change, Env, ExpressionError, F, Invalid, Portable, Record, _, computed, fields, validates

from .. import guard, macros, money, moverules, notices, travelling

LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("tr", "Türkçe")]
CALENDARS = [("gregorian", _("Gregorian")), ("jalali", _("Jalali (Solar Hijri)"))]
DIGITS = [("latn", "0123456789"), ("arabext", "۰۱۲۳۴۵۶۷۸۹")]


class User(Record):
    """A person who signs in. Password and second factor are in fields that only elevated code reaches."""

    record_name = "base.user"
    record_label = _("User")
    record_plural = _("Users")
    record_icon = "person"
    record_order = ("name",)

    name = fields.Text(_("Full name"), required=True, search=True, index=True, semantic="person_name")
    login = fields.Text(_("Login name"), required=True, unique=True, search=True)
    email = fields.Email(_("E-mail"), search=True)
    phone = fields.Phone(_("Phone"))
    job_title = fields.Text(_("Job title"))
    active = fields.Flag(_("Active"), default=True)
    is_super = fields.Flag(_("Super-administrator"), help=_("Sees and may do everything."))
    profile = fields.Link("base.profile", _("Profile"), on_delete="restrict")
    extra_sets = fields.Data(_("Extra permission sets"))
    role = fields.Link("base.role", _("Role"), on_delete="restrict")
    manager = fields.Link("base.user", _("Reports to"))
    companies = fields.Many("base.company", _("Companies"))
    language = fields.Choice(_("Language"), options=LANGUAGES, default="en", required=True)
    time_zone = fields.Text(_("Time zone"), size=60, default="UTC", required=True)
    calendar = fields.Choice(_("Calendar"), options=CALENDARS, default="gregorian", required=True)
    digits = fields.Choice(_("Digits"), options=DIGITS, default="latn", required=True)
    theme = fields.Choice(_("Appearance"), options=[("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
                          default="auto", required=True)
    density = fields.Choice(_("Density"), options=[("comfortable", _("Comfortable")), ("compact", _("Compact"))],
                            default="comfortable", required=True)
    toman = fields.Flag(_("Show Rial as Toman"))
    photo = fields.Image(_("Photo"))
    password_hash = fields.Text("", sensitive=True, readonly=True, copyable=False, size=300)
    totp_secret = fields.Secret("", readonly=True)
    totp_step = fields.Integer("", sensitive=True, readonly=True, copyable=False)
    recovery_codes = fields.Data("", sensitive=True, readonly=True, copyable=False)
    password_changed_at = fields.DateTime(_("Password changed"), readonly=True, copyable=False, tracked=False)
    last_login_at = fields.DateTime(_("Last sign-in"), readonly=True, copyable=False, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Login names are compared in lower case; nobody is given more by somebody who may not give it."""
        super().before_save(env, change)
        if change.touches("login"):
            for record in change.records:
                change.set(record, "login", (record.login or "").strip().lower() or None)
        guard.check(env, change)

    @validates("manager", "role")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Nobody reports to themselves, directly or around a corner."""
        for record in records:
            if record.manager is not None and record.manager.id == record.get("id"):
                yield Invalid(record, "manager", _("Nobody reports to themselves."))

    @validates("time_zone")
    def known_zone(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The time zone is one that the system knows."""
        zones = available_timezones()
        for record in records:
            if record.time_zone not in zones:
                yield Invalid(record, "time_zone", _("There is no such time zone."))


class Profile(Record):
    """What a person may do: shipped permission sets, and this installation's own decisions over them."""

    record_name = "base.profile"
    record_label = _("Profile")
    record_plural = _("Profiles")
    record_icon = "shield-check"
    record_order = ("name",)
    record_portable = Portable(("name",), word="shipped")

    name = fields.Text(_("Name"), required=True, unique=True, search=True)
    description = fields.LongText(_("Description"))
    shipped = fields.Text(_("Shipped as"), size=40, readonly=True, copyable=False, tracked=False)
    sets = fields.Data(_("Permission sets"), default=())
    record_rights = fields.Data(_("Rights by record type"))
    field_rights = fields.Data(_("Rights by field"))
    areas = fields.Data(_("Administration areas"))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Nobody widens their own rights."""
        super().before_save(env, change)
        guard.check_profile(env, change)

    @validates("record_rights", "field_rights", "sets", "areas")
    def shapes(records: list[Any], env: Env) -> Iterator[Invalid]:
        """What is stored has the form that the permission system reads."""
        for record in records:
            rights = record.record_rights or {}
            if not isinstance(rights, dict) or any(
                    not isinstance(ops, dict) or any(not isinstance(v, bool) for v in ops.values())
                    or any(o not in OPERATIONS and not o.startswith("action:") for o in ops) for ops in rights.values()):
                yield Invalid(record, "record_rights", _("The rights are not in the form that is expected."))
            modes = record.field_rights or {}
            if not isinstance(modes, dict) or any(not isinstance(m, dict) or set(m.values()) - {"hidden", "read", "edit"}
                                                  for m in modes.values()):
                yield Invalid(record, "field_rights", _("The rights are not in the form that is expected."))


class Role(Record):
    """A place in the tree of who answers to whom: those above see what those below own."""

    record_name = "base.role"
    record_label = _("Role")
    record_plural = _("Roles")
    record_icon = "diagram-2"
    record_order = ("name",)
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), required=True, unique=True, search=True)
    parent = fields.Link("base.role", _("Above it"), on_delete="restrict")
    children = fields.Children("base.role", _("Below it"), by="parent")

    @validates("parent")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The tree stays a tree."""
        parents = {r["id"]: r["parent"].id if r["parent"] else None for r in env.query("base.role").select("parent").rows()}
        parents |= {r.id: r.parent.id if r.parent else None for r in records if r.get("id")}
        for record in records:
            seen, at = set(), record.parent.id if record.parent else None
            while at is not None and at not in seen:
                seen.add(at)
                at = parents.get(at)
            if at is not None or record.get("id") in seen:
                yield Invalid(record, "parent", _("This would make a circle."))


class Team(Record):
    """People who work together: records may be shared with them, work handed to them."""

    record_name = "base.team"
    record_label = _("Team")
    record_plural = _("Teams")
    record_icon = "people"
    record_order = ("name",)
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), required=True, unique=True, search=True)
    leader = fields.Link("base.user", _("Leader"))
    members = fields.Many("base.user", _("Members"))


class Company(Record):
    """A company of one's own: letterhead, base currency, country."""

    record_name = "base.company"
    record_label = _("Company")
    record_plural = _("Companies")
    record_icon = "building"
    record_order = ("name",)
    record_portable = Portable(("name",), named=True)

    name = fields.Text(_("Name"), required=True, unique=True, search=True)
    legal_name = fields.Text(_("Legal name"))
    currency = fields.Link("base.currency", _("Base currency"), on_delete="restrict")
    country = fields.Link("base.country", _("Country"))
    economic_code = fields.Text(_("Economic code"), size=40)
    national_id = fields.Text(_("National ID"), size=40)
    phone = fields.Phone(_("Phone"))
    email = fields.Email(_("E-mail"))
    website = fields.Url(_("Website"))
    address = fields.LongText(_("Address"))
    logo = fields.Image(_("Logo"))


class Currency(Record):
    """A currency, by its ISO 4217 code."""

    record_name = "base.currency"
    record_label = _("Currency")
    record_plural = _("Currencies")
    record_icon = "currency-exchange"
    record_title = "code"
    record_order = ("code",)
    record_portable = Portable(("code",), named=True)

    code = fields.Text(_("Code"), size=3, required=True, unique=True, search=True)
    name = fields.Text(_("Name"), required=True, search=True, tracked=False)
    places = fields.Integer(_("Decimal places"), default=2, minimum=0, maximum=4)
    active = fields.Flag(_("Active"), default=True)


class Rate(Record):
    """What a currency is worth in the base currency from a day on, until the next rate."""

    record_name = "base.rate"
    record_label = _("Exchange rate")
    record_plural = _("Exchange rates")
    record_icon = "currency-exchange"
    record_order = ("-on", "currency")
    record_unique = (("currency", "on"),)
    record_indexes = (("on",),)
    record_help = _("What foreign money is worth in the base currency, day by day; a rate holds until the next one.")

    currency = fields.Link("base.currency", _("Currency"), required=True, on_delete="restrict")
    on = fields.Date(_("From"), required=True, default=lambda env: env.today)
    rate = fields.Decimal(_("Rate"), places=6, required=True, help=_("What the units beside are worth in the base currency."))
    per = fields.Integer(_("For units"), default=1, required=True, minimum=1, maximum=1_000_000_000,
                         help=_("A weak currency is quoted for 100 or 1,000,000 units."))

    @computed("currency", "on", field=fields.Text(_("Name"), size=40, search=True, copyable=False))
    def name(records: list[Any], env: Env) -> list[Any]:
        """Code and day."""
        codes = env.labels("base.currency", {r.currency.id for r in records if r.currency})
        return [f"{codes.get(r.currency.id, '')} {r.on}" if r.currency and r.on else None for r in records]

    @validates("currency", "on", "rate")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Positive, of a foreign currency, and one a day."""
        yield from money.problems_of_rates(records, env)


class Country(Record):
    """A country, by its ISO 3166 code."""

    record_name = "base.country"
    record_label = _("Country")
    record_plural = _("Countries")
    record_icon = "globe"
    record_order = ("name",)
    record_portable = Portable(("code",), named=True)

    code = fields.Text(_("Code"), size=2, required=True, unique=True, search=True)
    name = fields.Text(_("Name"), required=True, search=True, tracked=False, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True, tracked=False)
    phone_code = fields.Text(_("Dialling code"), size=8)


class Tag(Record):
    """A free label that people put on records."""

    record_name = "base.tag"
    record_label = _("Tag")
    record_plural = _("Tags")
    record_icon = "tag"
    record_order = ("name",)
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=80, required=True, unique=True, search=True)
    colour = fields.Choice(_("Colour"), default="grey", required=True, options=[
        ("grey", _("Grey")), ("red", _("Red")), ("orange", _("Orange")), ("yellow", _("Yellow")), ("green", _("Green")),
        ("teal", _("Teal")), ("blue", _("Blue")), ("violet", _("Violet")), ("pink", _("Pink"))])


class Note(Record):
    """A note on any record, with mentions; seen by whoever sees the record."""

    record_name = "base.note"
    record_label = _("Note")
    record_plural = _("Notes")
    record_icon = "chat-left-text"
    record_title = "summary"
    record_parent = "about"
    record_remarks = True

    about = fields.AnyLink(_("About"), required=True)
    summary = fields.Text(_("Summary"), readonly=True)
    body = fields.RichText(_("Text"), required=True, search=True)
    mentions = fields.Many("base.user", _("Mentioned"))
    pinned = fields.Flag(_("Pinned"))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """The summary is the beginning of the text without its formatting."""
        super().before_save(env, change)
        if change.touches("body"):
            plain = change.rtype.fields["body"].text_of
            for record in change.records:
                change.set(record, "summary", " ".join(plain(record.body).split())[:120] or None)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """Who is named is told."""
        super().after_save(env, change)
        if change.action == "create":
            notices.mentioned(env, change)


class File(Record):
    """A stored file, on a record or by itself; its content is kept once by its digest."""

    record_name = "base.file"
    record_label = _("File")
    record_plural = _("Files")
    record_icon = "paperclip"
    record_parent = "about"

    name = fields.Text(_("Name"), required=True, search=True)
    about = fields.AnyLink(_("About"))
    digest = fields.Text(_("Checksum"), size=64, required=True, readonly=True, tracked=False)
    size = fields.Integer(_("Size"), readonly=True)
    media_type = fields.Text(_("Type"), size=120, readonly=True)


class View(Record):
    """A saved view of a list: its filters, columns, order and grouping; private, shared with everybody, or published by an
    administrator to profiles and teams, where it may be what the list opens with."""

    record_name = "base.view"
    record_mentions = ("settings",)
    record_label = _("View")
    record_plural = _("Views")
    record_icon = "layout-text-window"
    record_order = ("position", "name")
    record_traits = ("owned",)
    record_indexes = (("record_type",),)
    record_portable = Portable(("record_type", "name"), only=F.shared, numbers=travelling.view)

    name = fields.Text(_("Name"), size=80, required=True)
    record_type = fields.RecordType(_("Record type"), required=True)
    shared = fields.Flag(_("Shared with everybody"))
    pinned = fields.Flag(_("Pinned"))
    position = fields.Integer(_("Position"), default=100)
    settings = fields.Data(_("Settings"))
    profiles = fields.Many("base.profile", _("For profiles"))
    teams = fields.Many("base.team", _("For teams"))
    opens_first = fields.Flag(_("Opens first"))


class Follow(Record):
    """Somebody follows a record and is told of changes."""

    record_name = "base.follow"
    record_label = _("Follower")
    record_plural = _("Followers")
    record_title = "name"
    record_parent = "about"
    record_remarks = True

    about = fields.AnyLink(_("About"), required=True)
    user = fields.Link("base.user", _("User"), required=True, default=lambda env: env.actor.id, on_delete="cascade")
    name = fields.Text("", readonly=True)


class Notification(Record):
    """Something a person is told in the product; see addons/base/notices.py."""

    record_name = "base.notification"
    record_label = _("Notification")
    record_plural = _("Notifications")
    record_icon = "bell"
    record_title = "text"
    record_by_hand = False
    record_indexes = (("user", "read_at", "created_at"),)

    user = fields.Link("base.user", _("User"), required=True, on_delete="cascade", index=False)
    kind = fields.Text(_("Kind"), size=40, required=True)
    text = fields.Text(_("Text"), size=500, required=True, tracked=False)
    about = fields.AnyLink(_("About"))
    url = fields.Text(_("Address"), size=500)
    icon = fields.Text(_("Icon"), size=40)
    dedupe = fields.Text(_("Told once"), size=120, index=True)
    read_at = fields.DateTime(_("Read on"), tracked=False)


class Macro(Record):
    """Several changes of a record in one click; see addons/base/macros.py."""

    record_name = "base.macro"
    record_mentions = ("steps",)
    record_label = _("Macro")
    record_plural = _("Macros")
    record_icon = "lightning-charge"
    record_order = ("position", "name")
    record_indexes = (("record_type", "position"),)
    record_by_hand = False
    record_portable = Portable(("record_type", "name"), only=F.user.is_null(), numbers=travelling.macro)

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    record_type = fields.RecordType(_("Record type"), required=True)
    steps = fields.Data(_("Steps"), default=())
    profiles = fields.Many("base.profile", _("For profiles"), help=_("Empty: for everybody."))
    teams = fields.Many("base.team", _("For teams"), help=_("Empty: for everybody."))
    user = fields.Link("base.user", _("Only for"), default=lambda env: env.actor.id, on_delete="cascade",
                       help=_("Empty: shared."))
    position = fields.Integer(_("Position"), default=10, required=True)
    active = fields.Flag(_("Active"), default=True)

    @validates("record_type", "steps")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Every step is one that its writer could do by hand."""
        for record in records:
            yield from (Invalid(record, "steps", message) for message in macros.problems(env, record.record_type, record.steps or ()))


class SharingRule(Record):
    """Widens access: records owned by some people, or meeting criteria, are opened to others."""

    record_name = "base.sharing_rule"
    record_mentions = ("criteria",)
    record_label = _("Sharing rule")
    record_plural = _("Sharing rules")
    record_icon = "share"
    record_order = ("record_type", "name")
    record_portable = Portable(("record_type", "name"), numbers=travelling.sharing_rule)

    name = fields.Text(_("Name"), required=True)
    record_type = fields.RecordType(_("Record type"), required=True)
    owners = fields.Text(_("Owned by"), size=60, help=_("user:5, role:3, below:3 or team:2; empty when criteria are used."))
    criteria = fields.LongText(_("Criteria"))
    share_with = fields.Text(_("Shared with"), size=60, required=True)
    access = fields.Choice(_("Access"), options=[("read", _("Read")), ("write", _("Read and write"))], default="read",
                           required=True)
    active = fields.Flag(_("Active"), default=True)

    @validates()
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The rule names a record type with owners, and either owners or a valid expression."""
        for record in records:
            rtype = env.registry.records.get(record.record_type)
            if rtype is None or not rtype.owned:
                yield Invalid(record, "record_type", _("Choose a record type whose records have an owner."))
                continue
            if bool(record.owners) == bool(record.criteria):
                yield Invalid(record, "criteria", _("Give either owners or criteria."))
            for name, value in (("owners", record.owners), ("share_with", record.share_with)):
                kind, _colon, number = (value or "").partition(":")
                if value and (kind not in ("user", "role", "below", "team") or not number.isdigit()):
                    yield Invalid(record, name, _("Write user:5, role:3, below:3 or team:2."))
            if record.criteria:
                try:  # as the writer: what they may not see, they may not filter by here either
                    env.query(record.record_type).where(record.criteria).id_select()
                except ExpressionError as error:
                    yield Invalid(record, "criteria", error.message)


class AccessDefault(Record):
    """How far the records of a type are open to everybody, and whether the role tree opens them upwards."""

    record_name = "base.access_default"
    record_label = _("Organisation-wide default")
    record_plural = _("Organisation-wide defaults")
    record_title = "record_type"
    record_order = ("record_type",)
    record_portable = Portable(("record_type",))

    record_type = fields.RecordType(_("Record type"), required=True, unique=True)
    access = fields.Choice(_("Open to everybody"), required=True, default="private", options=[
        ("private", _("Private")), ("read", _("Everybody reads")), ("write", _("Everybody reads and writes"))])
    role_tree = fields.Flag(_("Superiors see their people's records"), default=True)


class Move(Record):
    """One rule of a move from a status or stage to another: who makes it, and what it asks for. The core enforces it."""

    record_name = "base.move"
    record_mentions = ("field_name", "condition", "required_fields")
    record_label = _("Rule of moves")
    record_plural = _("Rules of moves")
    record_icon = "signpost-2"
    record_title = "to_value"
    record_order = ("record_type", "from_value", "to_value")
    record_indexes = (("record_type", "field_name"),)
    record_by_hand = False
    record_portable = Portable(("record_type", "field_name", "from_value", "to_value"), numbers=travelling.move)

    record_type = fields.RecordType(_("Record type"), required=True)
    field_name = fields.Text(_("Field"), size=80, required=True)
    from_value = fields.Text(_("From", context="move"), size=64, help=_("Empty: from anywhere."))
    to_value = fields.Text(_("To", context="move"), size=64, required=True)
    profiles = fields.Many("base.profile", _("For profiles"), help=_("Empty: for everybody."))
    required_fields = fields.Data(_("Required fields"), default=())
    condition = fields.LongText(_("Condition"), size=4000, help=_("An expression that must hold after the move."))
    message = fields.LongText(_("What to say"), size=500, help=_("Why it is refused; empty says what is missing."))

    @validates()
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The rule speaks of what there is."""
        for record in records:
            yield from moverules.problems(env, record)
