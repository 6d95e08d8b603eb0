"""Templates of messages with a text for each language, and blocks that several templates share."""

from collections.abc import Iterator
from typing import Any

from addons.messaging import purposes
from addons.messaging import template_checks as checks
from addons.messaging import template_choices as choices
from core.api import Env, Invalid, Portable, Record, _, fields, validates


class Template(Record):
    """A text for messages about records of one type, in one channel, in any number of languages."""

    record_name = "messaging.template"
    record_label = _("Template")
    record_plural = _("Templates")
    record_icon = "file-richtext"
    record_order = ("name",)
    record_by_hand = False
    record_indexes = (("record_type", "channel", "active"),)
    record_help = _("Fields of the record are filled in with what the sender may read; the record's language decides the text.")
    record_portable = Portable(("record_type", "channel", "name"))

    name = fields.Text(_("Name"), size=160, required=True, search=True)
    record_type = fields.RecordType(_("For"), size=80, required=True, default="contacts.contact",
                              help=_("The kind of record that the messages are about."))
    channel = fields.Choice(_("Channel"), options=choices.CHANNELS, required=True, default=choices.MAIL)
    kind = fields.Choice(_("Kind"), options=choices.TEMPLATE_KINDS, required=True, default="service",
                         help=_("Commercial messages go to people who agreed to them."))
    purpose = fields.Name(_("Purpose"), of=purposes.named_purposes, size=60, help=_("What consents are asked for."))
    active = fields.Flag(_("Active"), default=True)
    folder = fields.Text(_("Folder"), size=120, search=True, index=True)
    tags = fields.Tags(_("Tags"))
    versions = fields.Children("messaging.template_version", _("Languages"), by="template", owned=True)

    @validates("record_type", "channel")
    def fits(records: list[Any], env: Env) -> Iterator[Invalid]:
        """There is such a type, and the texts written so far fit it."""
        yield from checks.of_templates(env, records)


class TemplateVersion(Record):
    """The text of a template in one language."""

    record_name = "messaging.template_version"
    record_mentions = ("subject", "body", "design")
    record_label = _("Text of a template")
    record_plural = _("Texts of templates")
    record_icon = "translate"
    record_title = "language"
    record_order = ("template", "language")
    record_parent = "template"
    record_by_hand = False
    record_unique = (("template", "language"),)
    record_portable = Portable(("template", "language"))

    template = fields.Link("messaging.template", _("Template"), required=True, on_delete="cascade")
    language = fields.Choice(_("Language"), options=choices.LANGUAGES, required=True, default="en")
    subject = fields.Text(_("Subject"), size=500, search=True)
    body = fields.LongText(_("Text"), size=100_000, search=True)
    design = fields.Data(_("Design"), tracked=False)
    files = fields.Many("base.file", _("Attachments"))
    approved = fields.Text(_("Approved template"), size=120,
                           help=_("The name under which the provider approved this text, where it asks for that."))
    parameters = fields.LongText(_("Parameters"), size=4000, help=_(
        "What the provider fills in, one on a line: its name, a colon, and a text such as {{ last_name }}."))

    @validates("template", "subject", "body", "parameters")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Placeholders name what there is and the writer may read."""
        yield from checks.of_versions(env, records)


class Block(Record):
    """A piece of text that templates put in by its name: an address, a signature, a footer."""

    record_name = "messaging.block"
    record_label = _("Text block")
    record_plural = _("Text blocks")
    record_icon = "puzzle"
    record_order = ("name",)
    record_help = _("Templates put it in by its name, so that it is changed in one place.")
    record_portable = Portable(("name",))

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    channel = fields.Choice(_("Channel"), options=choices.CHANNELS, required=True, default=choices.MAIL)
    description = fields.Text(_("Description"), size=255)
    versions = fields.Children("messaging.block_version", _("Languages"), by="block", owned=True)

    @validates("name")
    def a_plain_name(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Names stand in quotation marks inside of texts."""
        for record in records:
            if set(record.name or "") & set("\"'%{}<>&"):
                yield Invalid(record, "name", _("Names of blocks hold no quotation marks and brackets."))


class BlockVersion(Record):
    """The text of a block in one language."""

    record_name = "messaging.block_version"
    record_label = _("Text of a block")
    record_plural = _("Texts of blocks")
    record_icon = "translate"
    record_title = "language"
    record_order = ("block", "language")
    record_parent = "block"
    record_unique = (("block", "language"),)
    record_portable = Portable(("block", "language"))

    block = fields.Link("messaging.block", _("Text block"), required=True, on_delete="cascade")
    language = fields.Choice(_("Language"), options=choices.LANGUAGES, required=True, default="en")
    body = fields.LongText(_("Text"), size=20_000, required=True, search=True)

    @validates("body")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The text can be read; which fields there are shows in the templates that use it."""
        yield from checks.of_blocks(records)
