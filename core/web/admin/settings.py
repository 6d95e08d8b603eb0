"""The settings in force, where each comes from, and the way to the company's own data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from core.env import Env
from core.errors import SettingsError
from core.i18n.messages import _
from core.settings import GROUPS, OPTIONS
from core.settings_values import Option, read_toml
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import list_url
from core.web.viewmodels import Action, AdminPage, Cell, Column, Panel, Row, SimpleTable

pages = Pages("settings")

COMPANY = "base.company"
TITLES = {"server": _("Web server"), "database": _("Database"), "jobs": _("Background work"), "storage": _("Files and data"),
          "mail": _("Outgoing mail"), "security": _("Security"), "locale": _("Language, time and numbers"),
          "addons": _("Addons"), "web": _("Pages"), "log": _("Program log")}
"""What the groups of settings are about."""


@pages.route("/admin/settings", area="settings")
def settings(env: Env, request: Request) -> Response:
    """Read-only: settings are changed in files and variables, so that a stolen session cannot."""
    page = AdminPage("", intro=env.t(_(
        "These come from settings files, environment variables and the command line, and are changed there.")))
    if COMPANY in env.registry.records and env.can("read", COMPANY):
        page.actions = [Action(env.t(_("Company data")), list_url(COMPANY), "building")]
    files = _file_values(env)
    for group in GROUPS:
        rows = [_row(env, i, option, files) for i, option in enumerate(OPTIONS) if option.key.startswith(group + ".")]
        columns = [Column("key", env.t(_("Setting"))), Column("value", env.t(_("Value"))),
                   Column("source", env.t(_("Source")))]
        page.panels.append(Panel(env.t(TITLES.get(group, group)), table=SimpleTable(columns, rows), wide=True))
    return admin_page(env, request, _("Settings"), page)


def _row(env: Env, number: int, option: Option, files: dict[str, str]) -> Row:
    group, _dot, name = option.key.partition(".")
    value = getattr(getattr(env.installation.settings, group), name)
    return Row(number, "", [Cell(text=option.key, dir="ltr", title=env.t(option.help)),
                            Cell(text=_shown(env, option, value), dir="ltr"),
                            Cell(text=_source(env, option, value, files))])


def _shown(env: Env, option: Option, value: Any) -> str:
    if option.secret:
        return env.t(_("(set, not shown)")) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _source(env: Env, option: Option, value: Any, files: dict[str, str]) -> str:
    if option.variable in os.environ:
        return option.variable
    if option.key in files:
        return files[option.key]
    return env.t(_("default")) if value == option.default else env.t(_("worked out, or given at the start"))


def _file_values(env: Env) -> dict[str, str]:
    """Which file has the last word on each key."""
    found: dict[str, str] = {}
    own = env.installation.settings.data / "sarnakh.toml"
    for path in (Path(os.environ["SARNAKH_CONFIG"]) if os.environ.get("SARNAKH_CONFIG") else None, own):
        if path is not None and path.is_file():
            try:
                found.update((key, path.name) for key, _value in read_toml(path))
            except SettingsError:
                continue
    return found
