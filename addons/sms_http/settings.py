"""What a gateway is described by. Settings whose names end with `_path` are places in JSON, with `_pattern` regular expressions."""

from __future__ import annotations

from typing import Final

from addons.messaging.contract import CHOICE, LONG, SECRET, Setting
from core.api import _

_PATH: Final = _("A place in the answer as JSON, such as data.messages[0].id.")
_PATTERN: Final = _("A regular expression over what stands there, or over the whole answer; its first group counts.")
_FIELD: Final = _("The name of the field, or its place in JSON.")
_VALUES: Final = _("Values stand in double braces: to, text, sender, number, key, parameters, template, kind, username, api_key, password, "
                   "callback. Filters: tojson, urlencode, b64, default, upper, lower, trim, replace, join.")

SETTINGS: Final = (
    Setting("address", _("Address"), required=True, help=_("With values after the host only, each put into the form of addresses.")),
    Setting("method", _("Method"), CHOICE, default="POST", options=[("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")]),
    Setting("kind", _("How values go"), CHOICE, default="form", options=[
        ("form", _("As a form")), ("json", _("As JSON")), ("query", _("In the address"))]),
    Setting("body", _("Body"), LONG, help=_("A line for each field, name=value; or JSON, where every text may be a template.")),
    Setting("headers", _("Headers"), LONG, help=_VALUES),
    Setting("username", _("User name")),
    Setting("api_key", _("API key"), SECRET),
    Setting("password", _("Password"), SECRET),
    Setting("numbers", _("Numbers"), CHOICE, default="plus", options=[
        ("plus", "+989121234567"), ("digits", "989121234567"), ("national", _("09121234567, abroad 0049…"))]),
    Setting("country", _("Country code of national numbers"), default="98"),
    Setting("success_path", _("Success: place"), section="answer", help=_PATH),
    Setting("success_pattern", _("Success: pattern"), section="answer",
            help=_("Where neither is given, every answer with an HTTP status of 200 to 299 is one of success.")),
    Setting("id_path", _("Number of the message: place"), section="answer", help=_PATH),
    Setting("id_pattern", _("Number of the message: pattern"), section="answer", help=_PATTERN),
    Setting("code_path", _("Error code: place"), section="answer", help=_("Where none is given or found, the HTTP status is the code.")),
    Setting("code_pattern", _("Error code: pattern"), section="answer", help=_PATTERN),
    Setting("error_path", _("Error text: place"), section="answer", help=_PATH),
    Setting("error_pattern", _("Error text: pattern"), section="answer", help=_PATTERN),
    Setting("codes", _("What error codes mean"), LONG, section="answer",
            help=_("Lines such as 418=refused. later: try again; refused: the account must be mended; unclear: nobody knows; elsewhere: "
                   "another account may; address_bad: no such number; unwanted: wants no messages. All others reject the message.")),
    Setting("status_address", _("Address to ask for the state"), section="reports",
            help=_("With the number of the message as id. Empty: it is not asked for.")),
    Setting("status_body", _("Body of the question"), LONG, section="reports", help=_("Empty: asked with GET.")),
    Setting("state_path", _("State: place"), section="reports", help=_PATH),
    Setting("state_pattern", _("State: pattern"), section="reports", help=_PATTERN),
    Setting("states", _("What states mean"), LONG, section="reports",
            default="DELIVRD=delivered\nACCEPTD=sent\nENROUTE=waiting\nUNDELIV=failed\nREJECTD=failed\nEXPIRED=failed\nDELETED=cancelled",
            help=_("Lines such as DELIVRD=delivered. Others: sent, read, failed, cancelled, waiting, address_bad, unwanted.")),
    Setting("call_header", _("Header with the secret"), section="calls",
            help=_("Where the gateway can send one with its calls. A call without it is refused.")),
    Setting("call_secret", _("Secret of that header"), SECRET, section="calls"),
    Setting("call_items", _("List in a call"), section="calls", help=_("Where one call tells of several messages: the place of the list.")),
    Setting("call_id", _("Report: number of the message"), section="calls", help=_FIELD),
    Setting("call_key", _("Report: key that we gave"), section="calls", help=_FIELD),
    Setting("call_state", _("Report: state"), section="calls", help=_FIELD),
    Setting("call_error", _("Report: reason"), section="calls", help=_FIELD),
    Setting("in_from", _("Incoming: from"), section="calls", help=_FIELD),
    Setting("in_to", _("Incoming: to"), section="calls", help=_FIELD),
    Setting("in_text", _("Incoming: text"), section="calls", help=_FIELD),
    Setting("in_id", _("Incoming: its number"), section="calls", help=_("Without one a call that is repeated is taken in twice.")),
    Setting("call_answer", _("What the gateway is answered"), section="calls"),
)
