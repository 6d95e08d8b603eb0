"""Names and picklists of templates."""

from core.api import _

TEMPLATE, VERSION, BLOCK, BLOCK_VERSION = (
    "messaging.template", "messaging.template_version", "messaging.block", "messaging.block_version")
MAIL, SMS = "mail", "sms"
CHANNELS = [(MAIL, _("E-mail"), "blue"), (SMS, _("SMS"), "teal")]
"""What the addon knows of itself; addons of further channels add theirs by `change(add_options=...)`."""
HTML_CHANNELS = frozenset({MAIL})
"""Channels whose texts are HTML."""
TEMPLATE_KINDS = [("service", _("Service"), "blue"), ("commercial", _("Commercial"), "purple"), ("code", _("One-time code"), "grey")]
LANGUAGES = [("fa", "فارسی"), ("en", "English"), ("tr", "Türkçe")]
EXTRAS = ("unsubscribe_url", "code")
"""What the sender gives beside the record; a template may name it though no record has it."""
