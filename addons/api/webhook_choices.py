"""Names and words of webhooks."""

from __future__ import annotations

from core.api import _

WEBHOOK, DELIVERY = "api.webhook", "api.delivery"
TOPIC = "api.webhook_send"
COUNTER = "api.webhooks"
"""Moves whenever a webhook is written: every process then reads anew who wants to be told of what."""

CREATED, CHANGED, DELETED, RESTORED, ACTION, TEST = "created", "changed", "deleted", "restored", "action", "test"
ARCHIVED, UNARCHIVED = "archived", "unarchived"
EVENTS = [(CREATED, _("Created"), "green"), (CHANGED, _("Changed"), "blue"), (DELETED, _("Deleted"), "red"),
          (RESTORED, _("Restored"), "teal"), (ARCHIVED, _("Archived"), "grey"), (UNARCHIVED, _("Put back into lists"), "teal"),
          (ACTION, _("Action run"), "violet")]
OF_CHANGE = {"create": CREATED, "update": CHANGED, "delete": DELETED, "restore": RESTORED, "archive": ARCHIVED, "unarchive": UNARCHIVED}

WAITING, SENDING, DELIVERED, PARKED, SKIPPED = "waiting", "sending", "delivered", "parked", "skipped"
STATES = [(WAITING, _("Waiting"), "grey"), (SENDING, _("Being sent"), "blue"), (DELIVERED, _("Delivered"), "green"),
          (PARKED, _("Parked"), "red"), (SKIPPED, _("Not sent"), "orange")]

WORKING, FAILING, ENDED = "working", "failing", "ended"
HEALTH = [(WORKING, _("Working"), "green"), (FAILING, _("Failing"), "red"), (ENDED, _("Ended by the receiver"), "orange")]
