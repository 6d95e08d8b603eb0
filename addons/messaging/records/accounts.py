"""Accounts at providers, mass sendings through them, and the ledger of consents."""

from collections.abc import Iterator
from typing import Any

from addons.base.one_default import OneDefault
from addons.messaging import accounts, actions, choices, ledger, purposes, quiet
from core.api import Change, Env, F, Invalid, Message, Record, _, action, fields, validates


class Account(Record):
    """An account at a provider: a mail box, a line, a number."""

    record_name = "messaging.account"
    record_outward = "active"
    record_label = _("Messaging account")
    record_plural = _("Messaging accounts")
    record_icon = "broadcast-pin"
    record_order = ("channel", "position", "id")
    record_by_hand = False
    record_help = _("What messages leave through and come in by: an account at an SMS provider, a mail box.")

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    channel = fields.Name(_("Channel"), of=accounts.named_channels, size=20, required=True, readonly=True)
    provider = fields.Name(_("Provider"), of=accounts.named_providers, size=60, required=True, readonly=True)
    active = fields.Flag(_("Active"), default=True)
    position = fields.Integer(_("Position"), default=10, required=True, help=_("Of several accounts of a channel the first is used."))
    person = fields.Link("base.user", _("Personal account of"), help=_("Only this person writes from it, and what comes is theirs alone."))
    members = fields.Many("base.user", _("Members"), help=_("Who writes from it and reads what comes; nobody named: everybody."))
    sender = fields.Text(_("Sender"), size=320, help=_("The line, number or address messages leave from."))
    settings = fields.Data(_("Settings"), tracked=False)
    secrets = fields.Secret(_("Secret settings"))
    per_minute = fields.Integer(_("Most messages a minute"), minimum=0, maximum=100000, default=0, help=_("0: as the provider allows."))
    price = fields.Decimal(_("Price of a part"), places=4, minimum=0, help=_("For the cost shown before sending."))
    price_currency = fields.Text(_("Currency of the price"), size=3)
    stand_in = fields.Link("messaging.account", _("Stand-in"), on_delete="clear", index=False,
                           help=_("Takes the messages that this account's provider does not take."))
    takes = fields.Text(_("What strangers write becomes"), size=60, help=_("Empty: it waits in the inbox."))
    takes_all = fields.Flag(_("Also what people write whom we know"), help=_("Unless it answers something of ours."))
    commercial = fields.Flag(_("For commercial messages"), default=True)
    health = fields.Choice(_("Health", context="account"), options=choices.HEALTH, readonly=True, tracked=False, default=choices.WORKING)
    problem = fields.Text(_("Problem"), size=500, readonly=True, tracked=False)
    problem_since = fields.DateTime(_("Problem since"), readonly=True, tracked=False)
    fetched_at = fields.DateTime(_("Fetched"), readonly=True, tracked=False)
    balance = fields.Decimal(_("Balance"), places=4, readonly=True, tracked=False)
    balance_currency = fields.Text(_("Currency of the balance"), size=3, readonly=True, tracked=False)
    balance_at = fields.DateTime(_("Balance as of"), readonly=True, tracked=False)
    low_balance = fields.Decimal(_("Warn below"), places=4, minimum=0)
    token = fields.Text(_("Secret address"), size=64, readonly=True, unique=True, copyable=False, tracked=False, sensitive=True)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Every account has a secret address of its own."""
        super().before_save(env, change)
        accounts.fill(env, change)

    @validates("channel", "provider")
    def known_provider(records: list[Any], env: Env) -> Iterator[Invalid]:
        """There is such a provider."""
        yield from accounts.problems(env, records)

    @validates("stand_in", "channel")
    def fitting_stand_in(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A stand-in is another account of the same channel."""
        yield from accounts.stand_in_problems(env, records)


class Batch(Record):
    """One text to many people: who gets it, and how far it is."""

    record_name = "messaging.batch"
    record_label = _("Mass sending")
    record_plural = _("Mass sendings")
    record_icon = "send"
    record_order = ("-created_at",)
    record_traits = ("owned",)
    record_by_hand = False
    record_help = _("The same template to the people of a list, each in their language.")

    name = fields.Text(_("Name"), size=120, required=True, search=True, help=_("What the campaign is called on the messages."))
    channel = fields.Name(_("Channel"), of=accounts.named_channels, size=20, required=True, readonly=True)
    account = fields.Link("messaging.account", _("Account", context="messaging"), readonly=True, on_delete="restrict")
    kind = fields.Choice(_("Kind"), options=choices.KINDS, required=True, default=choices.COMMERCIAL, readonly=True)
    purpose = fields.Name(_("Purpose"), of=purposes.named_purposes, size=60, readonly=True)
    record_type = fields.RecordType(_("Record type"), required=True, readonly=True)
    chosen = fields.Data(_("Recipients"), readonly=True, tracked=False)
    content = fields.Data(_("Content"), readonly=True, tracked=False)
    state = fields.Choice(_("State"), options=choices.BATCH_STATES, required=True, default=choices.PREPARING, readonly=True)
    scheduled_at = fields.DateTime(_("Planned for"), readonly=True)
    total = fields.Integer(_("Recipients"), readonly=True, tracked=False)
    prepared = fields.Integer(_("Prepared"), readonly=True, default=0, tracked=False)

    @action(_("Pause"), icon="pause", where=F.state == choices.RUNNING)
    def pause(records: list[Any], env: Env) -> Message:
        """What has not left yet waits."""
        return actions.pause(env, records)

    @action(_("Go on"), icon="play", primary=True, where=F.state == choices.PAUSED)
    def go_on(records: list[Any], env: Env) -> Message:
        """What waits goes on."""
        return actions.go_on(env, records)

    @action(_("Stop for good"), icon="x-octagon", where=F.state.isin((choices.PREPARING, choices.RUNNING, choices.PAUSED)),
            confirm=_("What has not left yet will not be sent."))
    def stop(records: list[Any], env: Env) -> Message:
        """What has not left yet is cancelled."""
        return actions.stop(env, records)


class Policy(OneDefault, Record):
    """When people are written to, for the whole installation."""

    record_name = "messaging.policy"
    record_label = _("Rules of messages")
    record_plural = _("Rules of messages")
    record_icon = "moon-stars"

    name = fields.Text(_("Name"), size=80, required=True)
    is_default = fields.Flag(_("In force"))
    quiet_from = fields.Text(_("Quiet from"), size=5, default="21:00",
                             help=_("Commercial messages wait until the morning, in the recipient's time zone."))
    quiet_to = fields.Text(_("Quiet until"), size=5, default="09:00")
    quiet_service = fields.Flag(_("Other messages wait, too"), help=_("One-time codes never wait."))
    most_a_week = fields.Integer(_("Commercial messages a week"), minimum=0, default=0,
                                 help=_("To one person and in one channel; 0: any number."))
    closing = fields.Flag(_("Add how to opt out"), default=True, help=_("To commercial messages, in the recipient's language."))

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """All processes take over the new rules."""
        super().after_save(env, change)
        env.changed(quiet.POLICY)

    @validates("quiet_from", "quiet_to")
    def times(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Times of day."""
        for record in records:
            for name in ("quiet_from", "quiet_to"):
                if record[name] and quiet.time_of(record[name]) is None:
                    yield Invalid(record, name, _("Write a time of day, like 21:00."))


class Consent(Record):
    """One entry of the ledger: somebody agreed to be written to, or no longer does."""

    record_name = "messaging.consent"
    record_label = _("Consent")
    record_plural = _("Ledger of consents")
    record_icon = "person-check"
    record_title = "address"
    record_order = ("-at", "-id")
    record_by_hand = False
    record_locked = "id > 0"
    record_locked_reason = _("The ledger is not changed afterwards: add a further entry.")
    record_indexes = (("address", "channel", "purpose", "id"),)
    record_help = _("What counts is the last entry for an address, a channel and a purpose.")

    address = fields.Text(_("Number or address"), size=320, required=True, search=True)
    channel = fields.Name(_("Channel"), of=accounts.named_channels, size=20, required=True)
    purpose = fields.Name(_("Purpose"), of=purposes.named_purposes, size=60, required=True, default="*")
    state = fields.Choice(_("Consent"), options=choices.CONSENTS, required=True)
    source = fields.Choice(_("Source"), options=choices.SOURCES, required=True)
    at = fields.DateTime(_("Given or withdrawn"), required=True, default=lambda env: env.now)
    proof = fields.LongText(_("Proof"), size=4000, help=_("The text they agreed to, the answer they sent."))
    iys_type = fields.Choice(_("İYS type"), options=choices.IYS)
    person = fields.AnyLink(_("Person"))

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Addresses stand there in the one form that they are looked up by."""
        super().before_save(env, change)
        ledger.tidy(env, change)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """The flags of the people behind an address say the same."""
        super().after_save(env, change)
        ledger.flags_follow(env, change)

    @validates("channel", "address", "purpose", "iys_type")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """There are such a channel and purpose, and the address is one."""
        yield from ledger.problems(env, records)
