"""What own record types come with, as an addon's do: grants, an entry in the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.hookspecs import hookimpl
from core.registry.own.names import OWN
from core.security.grants import Grant
from core.ui import MenuItem

if TYPE_CHECKING:
    from core.registry.registry import Registry

EVERYBODY, KEEPERS = "base.user", "base.setup_admin"
"""The permission sets that reach own record types without anybody's doing; a profile's own decisions go before them."""
MENU_ORDER = 60


class Offering:
    """The plugin of an installation's own definitions."""

    def __init__(self, registry: Registry) -> None:
        self._items = [MenuItem(rtype.name, rtype.plural, icon=rtype.icon, record=rtype.name, order=MENU_ORDER)
                       for rtype in registry.records.values() if rtype.addon == OWN and rtype.parent is None]

    @hookimpl
    def menus(self) -> list[Any]:
        """One entry for each own record type that stands by itself."""
        return self._items


def grants(registry: Registry) -> dict[str, list[Grant]]:
    """Who signs in works with the records of own types, as far as owner and sharing let him; set-up administrators also
    delete, import and transfer."""
    return {name: [Grant(name, EVERYBODY, "cru", also=("export", "share")),
                   Grant(name, KEEPERS, "d", also=("import", "mass_edit", "transfer"))]
            for name, rtype in registry.records.items() if rtype.addon == OWN and EVERYBODY in registry.permission_sets}
