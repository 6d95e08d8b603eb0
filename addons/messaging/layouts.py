"""How messaging is shown."""

from .mass_layouts import MASS_LAYOUTS
from .template_layouts import TEMPLATE_LAYOUTS
from .ui_layouts import UI_LAYOUTS

LAYOUTS = [*TEMPLATE_LAYOUTS, *UI_LAYOUTS, *MASS_LAYOUTS]
