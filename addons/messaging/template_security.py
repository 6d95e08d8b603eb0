"""Who reads and writes templates and blocks."""

from core.api import Grant

_ALL = ("messaging.template", "messaging.template_version", "messaging.block", "messaging.block_version")

TEMPLATE_GRANTS = [
    *(Grant(name, "messaging.user", "r") for name in _ALL),
    *(Grant(name, group, "crud", also=("export", "import", "mass_edit")) for name in _ALL
      for group in ("messaging.template_editor", "messaging.manager")),
]
