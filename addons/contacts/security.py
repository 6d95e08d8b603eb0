"""Who may do what with companies and people."""

from core.api import Grant, PermissionSet, _

PEOPLE = ("contacts.account", "contacts.contact")
PARTS = ("contacts.contact_point", "contacts.account_point", "contacts.address", "contacts.contact_role")

PERMISSION_SETS = [
    PermissionSet("contacts.user", _("Contacts: user"), implies=["base.user"],
                  help=_("Works with the accounts and contacts that are open to them.")),
    PermissionSet("contacts.manager", _("Contacts: manager"), implies=["contacts.user"],
                  help=_("Also deletes, imports, transfers and merges them.")),
]

GRANTS = [
    *(Grant(name, "contacts.user", "cru", also=("export", "share")) for name in PEOPLE),
    *(Grant(name, "contacts.manager", "crud", also=("import", "export", "mass_edit", "transfer", "share"))
      for name in PEOPLE),
    *(Grant(name, "contacts.user", "crud", also=("export",)) for name in PARTS),
    *(Grant(name, "contacts.manager", "", also=("import", "mass_edit"))
      for name in PARTS),
    Grant("contacts.merge", "contacts.manager", "r", where="created_by == me"),
]
