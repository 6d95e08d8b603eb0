"""Who may do what with service levels, escalations and assignment."""

from core.api import ME, F, FieldGrant, Grant

from .sla_choices import AGENT, ALERT, LEVEL, POLICY, RULE, SKILL, STEP, TARGET, TICKET, TURN

_ARRANGED = (POLICY, TARGET, RULE, LEVEL, SKILL, AGENT)

SERVICE_GRANTS = [
    *(Grant(name, "tickets.agent", "r") for name in (*_ARRANGED, TURN, STEP)),
    *(Grant(name, "tickets.manager", "cud", also=("import", "export")) for name in _ARRANGED),
    Grant(STEP, "tickets.manager", "r", also=("export",)),
    Grant(ALERT, "tickets.agent", "r", where=F.user == ME),
    FieldGrant(TICKET, ["chosen_policy"], "tickets.manager", "ru"),
]
