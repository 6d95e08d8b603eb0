"""Numbers that get the codes of a two-step sign-in, and how many codes were sent."""

from core.api import Record, _, fields


class CodeNumber(Record):
    """The mobile number of somebody who signs in with codes by SMS, and the code that was sent last."""

    record_name = "sms.code_number"
    record_label = _("Number for codes")
    record_plural = _("Numbers for codes")
    record_icon = "phone"
    record_title = "number"
    record_by_hand = False
    record_help = _("Where codes for signing in go. People confirm their number under My settings > Two-step sign-in.")

    user = fields.Link("base.user", _("User"), required=True, unique=True, on_delete="cascade", readonly=True)
    number = fields.Text(_("Mobile"), size=20, readonly=True, copyable=False)
    confirmed_at = fields.DateTime(_("Confirmed"), readonly=True, copyable=False, tracked=False)
    pending = fields.Text(_("Number to be confirmed"), size=20, readonly=True, copyable=False, tracked=False, sensitive=True)
    digest = fields.Text(_("Digest of the code"), size=120, readonly=True, copyable=False, tracked=False, sensitive=True)
    purpose = fields.Text(_("Purpose"), size=20, readonly=True, copyable=False, tracked=False)
    expires_at = fields.DateTime(_("Worthless after"), readonly=True, copyable=False, tracked=False)
    tries = fields.Integer(_("Attempts"), readonly=True, copyable=False, tracked=False, default=0)


class CodeRequest(Record):
    """That a code was asked for: what the limits against fraud count. Kept for a day."""

    record_name = "sms.code_request"
    record_label = _("Request for a code")
    record_plural = _("Requests for codes")
    record_icon = "shield-lock"
    record_title = "at"
    record_order = ("-at",)
    record_by_hand = False
    record_indexes = (("user", "at"), ("address", "at"), ("prefix", "at"))

    user = fields.Link("base.user", _("User"), required=True, on_delete="cascade", readonly=True, index=False)
    at = fields.DateTime(_("Date and time"), required=True, readonly=True, tracked=False, default=lambda env: env.now, index=True)
    address = fields.Text(_("Network address"), size=64, readonly=True, tracked=False)
    prefix = fields.Text(_("Beginning of the number"), size=20, readonly=True, tracked=False)
