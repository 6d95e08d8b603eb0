"""SMS.ir's result codes (`status`), and what becomes of a message in a state of theirs."""

from __future__ import annotations

from addons.sms.gateway import Fault
from core.api import _

OK = 1
BUSY = 60.0

FAULTS = {
    "0": Fault(_("SMS.ir has a problem of its own."), later=BUSY),
    "10": Fault(_("SMS.ir does not know this API key."), account=True),
    "11": Fault(_("The API key is switched off at SMS.ir."), account=True),
    "12": Fault(_("The API key works from other server addresses only."), account=True),
    "13": Fault(_("The SMS.ir account is not active."), account=True),
    "14": Fault(_("The SMS.ir account is suspended."), account=True),
    "15": Fault(_("The SMS.ir account's plan does not include this."), account=True),
    "16": Fault(_("SMS.ir does not take a value of the request.")),
    "20": Fault(_("SMS.ir wants fewer requests."), later=BUSY),
    "101": Fault(_("SMS.ir does not know this line, or it is not yours."), line=True),
    "102": Fault(_("The SMS.ir account has not enough credit."), account=True),
    "103": Fault(_("The text is empty.")),
    "104": Fault(_("The number is not valid."), address_bad=True),
    "105": Fault(_("These are more than 100 numbers at once.")),
    "106": Fault(_("These are more than 100 texts at once.")),
    "107": Fault(_("The list of numbers is empty.")),
    "108": Fault(_("The list of texts is empty.")),
    "109": Fault(_("The time is not valid.")),
    "110": Fault(_("There are not as many texts as numbers.")),
    "111": Fault(_("SMS.ir does not know the message.")),
    "112": Fault(_("SMS.ir found nothing to take back.")),
    "113": Fault(_("SMS.ir does not know this template. It is named by its number.")),
    "114": Fault(_("A value of the template is longer than 25 characters.")),
    "115": Fault(_("The number is on SMS.ir's list of people who want no messages."), unwanted=True),
    "116": Fault(_("A value of the template has no name.")),
    "117": Fault(_("SMS.ir does not allow this text.")),
    "118": Fault(_("These are too many messages.")),
    "119": Fault(_("The SMS.ir account's plan does not include templates of your own."), elsewhere=True),
    "123": Fault(_("The line waits for its activation at SMS.ir."), line=True),
    "124": Fault(_("The SMS.ir account may send templates for codes only."), elsewhere=True),
}

# 8 (unknown) and none (waiting) say nothing yet.
STATES = {1: "delivered", 2: "failed", 3: "sent", 4: "failed", 5: "sent", 6: "failed", 7: "failed"}
BLACKLIST = 7
WHY = {
    2: _("It did not reach the phone."),
    4: _("It did not reach the network."),
    6: _("SMS.ir could not send it."),
    7: _("The number is on SMS.ir's list of people who want no messages."),
}
