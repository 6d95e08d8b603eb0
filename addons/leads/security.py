"""Who may do what with leads, their sources, forms and settings."""

from core.api import NOBODY, F, FieldGrant, Grant, PermissionSet, _

SET_UP = "action:set_up"
"""The right to decide about sheets, allowed moves and the mapping of fields."""

PERMISSION_SETS = [
    PermissionSet("leads.user", _("Leads: user"), implies=["contacts.user"],
                  help=_("Works with the leads that are open to them, and converts them.")),
    PermissionSet("leads.manager", _("Leads: manager"), implies=["leads.user", "contacts.manager"],
                  help=_("Also deletes, imports and transfers leads, edits converted ones, and decides about sources, "
                         "web forms, allowed moves and the mapping of fields.")),
]
GRANTS = [
    Grant("leads.lead", "leads.user", "cru", also=("import", "export", "mass_edit", "share", "action:convert")),
    Grant("leads.lead", "leads.manager", "d", also=("transfer", "action:edit_converted", SET_UP)),
    Grant("leads.source", "leads.user", "r"),
    Grant("leads.source", "leads.manager", "cud", also=("import", "export", "mass_edit")),
    Grant("base.move", "leads.manager", "crud", where=F.record_type == "leads.lead"),
    Grant("leads.mapping", "leads.manager", "crud"),
    Grant("leads.web_form", "leads.manager", "crud", also=("export",)),
    Grant("leads.submission", "leads.manager", "rud", also=("export",)),
    FieldGrant("leads.submission", ["ip_hash", "nonce"], NOBODY),
]
