"""What people are written to for, automatic answers, and how users want to be told."""

from collections.abc import Iterator
from typing import Any

from addons.messaging import accounts, auto_rules, choices, purposes
from core.api import Change, Env, Invalid, Portable, Record, _, fields, validates

LANGUAGES = [("fa", "فارسی"), ("en", "English"), ("tr", "Türkçe")]


class Purpose(Record):
    """A purpose that people agree to be written to for."""

    record_name = "messaging.purpose"
    record_label = _("Purpose of messages")
    record_plural = _("Purposes of messages")
    record_icon = "bullseye"
    record_order = ("position", "name")
    record_help = _("Consents are given for a purpose, or for all of them.")
    record_portable = Portable(("key",))

    name = fields.Text(_("Name"), size=80, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"))
    key = fields.Text(_("Key"), size=60, required=True, unique=True, help=_("Stands in the ledger and in files; it is not changed later."))
    channels = fields.Text(_("Channels"), size=120, help=_("Names with commas between, such as “sms, mail”; empty: all."))
    position = fields.Integer(_("Position"), default=10, required=True)
    active = fields.Flag(_("Active"), default=True)

    @classmethod
    def after_save(cls, env: Env, change: Change) -> None:
        """All processes learn what purposes are called now."""
        super().after_save(env, change)
        env.changed(purposes.PURPOSE)

    @validates("key")
    def fit_key(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Keys are short plain words, and stay."""
        yield from purposes.problems(records)


class Autoresponder(Record):
    """Answers what came by itself."""

    record_name = "messaging.autoresponder"
    record_label = _("Automatic answer")
    record_plural = _("Automatic answers")
    record_icon = "robot"
    record_order = ("position", "name")
    record_help = _("The first that fits answers. Machines, no-reply addresses and our own are never answered.")

    name = fields.Text(_("Name"), size=120, required=True, search=True)
    account = fields.Link("messaging.account", _("Account", context="messaging"), on_delete="cascade",
                          help=_("Empty: all accounts of the channel."))
    channel = fields.Name(_("Channel"), of=accounts.named_channels, size=20, help=_("Empty: every channel."))
    when = fields.Choice(_("When"), options=choices.AUTO_WHEN, required=True, default=choices.ALWAYS)
    calendar = fields.Link("worktime.calendar", _("Working time"), on_delete="restrict", help=_("Empty: the organisation's."))
    template = fields.Link("messaging.template", _("Template"), on_delete="restrict",
                           help=_("Used for people whose kind of record it is for; the text below for others."))
    subject = fields.Text(_("Subject"), size=255)
    text = fields.LongText(_("Text"), size=4000)
    texts = fields.Children("messaging.autoresponder_text", _("In other languages"), by="answer", owned=True)
    hours = fields.Integer(_("Once in so many hours"), default=24, required=True, minimum=1, maximum=2000)
    begins_on = fields.Date(_("From"))
    ends_on = fields.Date(_("Until"))
    position = fields.Integer(_("Position"), default=10, required=True)
    active = fields.Flag(_("Active"), default=True)

    @validates("text", "template", "channel", "begins_on", "ends_on")
    def complete(records: list[Any], env: Env) -> Iterator[Invalid]:
        """There is something to say, through a channel that there is."""
        yield from auto_rules.problems(env, records)


class AutoresponderText(Record):
    """The text of an automatic answer in one language."""

    record_name = "messaging.autoresponder_text"
    record_label = _("Text of an automatic answer")
    record_plural = _("Texts of automatic answers")
    record_icon = "translate"
    record_title = "language"
    record_parent = "answer"
    record_unique = (("answer", "language"),)

    answer = fields.Link("messaging.autoresponder", _("Automatic answer"), required=True, on_delete="cascade")
    language = fields.Choice(_("Language"), options=LANGUAGES, required=True, default="en")
    subject = fields.Text(_("Subject"), size=255)
    text = fields.LongText(_("Text"), size=4000, required=True)


class Preference(Record):
    """How a user wants to be told of one kind of event."""

    record_name = "messaging.preference"
    record_label = _("Notification preference")
    record_plural = _("Notification preferences")
    record_icon = "bell"
    record_title = "kind"
    record_by_hand = False
    record_unique = (("user", "kind"),)

    user = fields.Link("base.user", _("User"), required=True, default=lambda env: env.actor.id, on_delete="cascade")
    kind = fields.Text(_("Kind"), size=40, required=True)
    bell = fields.Flag(_("Bell"), default=True)
    mail = fields.Flag(_("E-mail at once"))
    digest = fields.Flag(_("Daily summary"))
    sms = fields.Flag(_("SMS"))


class NoticeSettings(Record):
    """When a user's daily summary comes, and whether they get mails at all."""

    record_name = "messaging.notice_settings"
    record_label = _("Notification settings")
    record_plural = _("Notification settings")
    record_icon = "bell"
    record_title = "user"
    record_by_hand = False

    user = fields.Link("base.user", _("User"), required=True, unique=True, default=lambda env: env.actor.id, on_delete="cascade")
    mails = fields.Flag(_("E-mails"), default=True)
    hour = fields.Integer(_("Hour of the daily summary"), default=8, required=True, minimum=0, maximum=23)
    last_on = fields.Date(_("Last summary"), readonly=True, tracked=False)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """An hour is never empty."""
        super().before_save(env, change)
        for record in change.records:
            if record.hour is None:
                change.set(record, "hour", 8)
