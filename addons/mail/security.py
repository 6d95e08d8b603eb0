"""Who sees what of mail. A personal box, and the subjects in its ledger, are open to nobody but its person, whoever else they are."""

from core.api import ME, NOBODY, F, FieldGrant, Grant

from .choices import MEMBER, OWN, SHARED

BOX_OWN = F.mailbox.account.person == ME
BOX_MEMBER = F.mailbox.account.members.any(F.id == ME)
BOX_SHARED = F.mailbox.account.person.is_null()

GRANTS = [
    Grant("mail.mailbox", "messaging.user", "r", where=OWN | MEMBER),
    Grant("mail.mailbox", "messaging.manager", "r", where=SHARED),
    Grant("mail.mailbox", None, "rud", also=("export", "share"), where=SHARED | OWN, closed=True),
    FieldGrant("mail.mailbox", ["secret", "certificate", "cursors", "held_by", "held_until"], NOBODY),
    Grant("mail.offered", "messaging.user", "r", where=BOX_OWN | BOX_MEMBER),
    Grant("mail.offered", "messaging.manager", "r", also=("export",), where=BOX_SHARED),
    Grant("mail.offered", None, "rud", also=("export", "share"), where=BOX_SHARED | BOX_OWN, closed=True),
    FieldGrant("mail.offered", ["listed_at"], NOBODY),
    Grant("mail.picture_rule", "messaging.user", "rd", where=F.user == ME),
    Grant("mail.picture_rule", None, "rud", where=F.user == ME, closed=True),
]
