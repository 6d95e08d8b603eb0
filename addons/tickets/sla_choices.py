"""Names and picklists of service levels, escalations and assignment."""

from core.api import _

from .choices import LIVE, PRIORITIES, QUEUE, STATES, TICKET

POLICY, TARGET = "tickets.policy", "tickets.target"
RULE, LEVEL, STEP, ALERT = "tickets.escalation", "tickets.escalation_level", "tickets.escalation_step", "tickets.alert"
SKILL, AGENT, TURN = "tickets.skill", "tickets.agent", "tickets.turn"
RULES_CHANGED = "tickets.service"
"""Change counter: service levels and their targets."""

RISING = ("low", "normal", "high", "urgent")
PAUSES = [*((value, label) for value, label, _colour in STATES if value in LIVE[1:])]

RESPONSE, RESOLUTION = "response", "resolution"
AIMS = [(RESPONSE, _("First response"), "blue"), (RESOLUTION, _("Resolution"), "purple")]
BEFORE, AFTER = "before", "after"
SIDES = [(BEFORE, _("Before it is due"), "amber"), (AFTER, _("After it was due"), "red")]
SUPERIOR, PERSON, AGAIN = "superior", "person", "queue"
HANDED = [(SUPERIOR, _("To the role above the owner")), (PERSON, _("To a person")), (AGAIN, _("To a queue"))]

BY_HAND, ROUND_ROBIN, LEAST_OPEN = "hand", "round_robin", "least_open"
METHODS = [(BY_HAND, _("By hand"), "grey"), (ROUND_ROBIN, _("In turn"), "blue"), (LEAST_OPEN, _("Least open work"), "teal")]

__all__ = ["AFTER", "AGAIN", "AGENT", "AIMS", "ALERT", "BEFORE", "BY_HAND", "HANDED", "LEAST_OPEN", "LEVEL", "LIVE", "METHODS",
           "PAUSES", "PERSON", "POLICY", "PRIORITIES", "QUEUE", "RESOLUTION", "RESPONSE", "RISING", "ROUND_ROBIN", "RULE",
           "RULES_CHANGED", "SIDES", "SKILL", "STEP", "SUPERIOR", "TARGET", "TICKET", "TURN"]
