"""Lines are worked on by whoever works on deals."""

from core.api import Grant

PERMISSION_SETS: list[object] = []
GRANTS = [Grant("deals.line", "deals.user", "crud", also=("import", "export"))]
