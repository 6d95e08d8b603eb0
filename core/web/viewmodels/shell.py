"""The frame round every page: navigation, search, person, messages."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.web.viewmodels.parts import Action, Crumb, Flash, Kept, Person


@dataclass(slots=True)
class NavItem:
    """One entry of an app's menu."""

    label: str
    url: str
    icon: str = ""
    active: bool = False
    count: str = ""
    live: str = ""                   # name of a live count (hook live_counts) that scripts put beside it


@dataclass(slots=True)
class NavApp:
    """One app of the app bar."""

    name: str
    label: str
    icon: str
    url: str
    active: bool = False
    items: list[NavItem] = field(default_factory=list)


@dataclass(slots=True)
class Shell(Kept):
    """The frame round every page. `vendor_url` and `theme_url` are prefixes (no trailing slash) like
    `/static/vendor/<version>` and `/static/theme-default/<version>`, so that files can be cached for ever and ES
    modules may import each other relatively. Style sheets reach the fonts as `/static/vendor/current/...`."""

    app_name: str = "Sarnakh"
    logo_url: str = ""
    logo_dark_url: str = ""          # another one for dark pages
    brand_url: str = ""              # style sheet with the installation's own colours
    lang: str = "en"
    dir: str = "ltr"
    theme: str = "auto"              # light | dark | auto
    density: str = "comfortable"     # comfortable | compact
    digits: str = "latn"             # latn | arabext
    calendar: str = "gregorian"      # gregorian | jalali
    today: str = ""                  # ISO date in the reader's time zone
    vendor_url: str = "/static/vendor/current"
    theme_url: str = "/static/theme-default/current"
    home_url: str = "/"
    title: str = ""
    breadcrumbs: list[Crumb] = field(default_factory=list)
    nav: list[NavApp] = field(default_factory=list)
    user: Person | None = None
    user_menu: list[Action] = field(default_factory=list)
    recent: list[NavItem] = field(default_factory=list)
    primary: Action | None = None    # the one primary button of the screen
    create_menu: list[Action] = field(default_factory=list)   # what `c` and the + button offer
    search_url: str = ""
    search_text: str = ""
    palette_url: str = ""
    bell_url: str = ""
    preferences_url: str = ""
    card_url: str = ""               # business card: `card_url + "<record>/<id>"` gives fragments/card.html
    csrf_token: str = ""
    flashes: list[Flash] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)   # extra style sheets of addons
    scripts: list[str] = field(default_factory=list)  # extra ES modules of addons
    go_to: dict[str, str] = field(default_factory=dict)   # letter after `g` -> URL
    notice: str = ""                 # a line above everything (maintenance, broken addon)
