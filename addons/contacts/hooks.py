"""What the contacts addon answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, Env, Installation, MenuItem, Tile, _, hookimpl
from core.web_api import list_url, record_url

from . import comparing, merging, routes
from .seeds import demo

KINDS = {record: kind for kind, record in routes.KINDS.items()}
PROFILE_SETS = {"standard": "contacts.user", "administrator": "contacts.manager"}


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/contacts."""
    return [routes.pages]


@hookimpl
def menus(env: Env) -> list[Any]:
    """Accounts and contacts in the navigation."""
    return [MenuItem("contacts", _("Contacts"), icon="person-rolodex", record="contacts.account", order=20),
            MenuItem("accounts", _("Accounts"), icon="building", record="contacts.account", app="contacts", order=10),
            MenuItem("people", _("Contacts"), icon="person-vcard", record="contacts.contact", app="contacts", order=20),
            MenuItem("merges", _("Merges"), icon="sign-merge-left", record="contacts.merge", app="contacts", order=90)]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[Any]:
    """360 degrees, duplicates, and taking a merge back."""
    kind = KINDS.get(record_name)
    if kind is None:
        return []
    made = []
    if record_name == "contacts.account":
        made.append(ActionLink(_("360 degrees"), f"/x/contacts/accounts/{record.id}/360", icon="bullseye"))
    else:
        made.append(ActionLink(_("360 degrees"), f"/x/contacts/contacts/{record.id}/360", icon="bullseye"))
    if record_name == "contacts.contact" and (account := record.get("account")) is not None and account.label is not None:
        made.append(ActionLink(_("Company, 360 degrees"), f"/x/contacts/accounts/{account.id}/360", icon="bullseye"))
    made.append(ActionLink(_("Find duplicates"), f"/x/contacts/duplicates/{kind}/{record.id}", icon="copy"))
    for merge in merging.merges_of(env, record_name, record.id):
        made.append(ActionLink(_("Take back: {merge}", merge=merge["title"]), f"/x/contacts/merges/{merge['id']}/undo",
                               icon="arrow-counterclockwise", post=True, confirm=_("Make them separate records again?")))
    return made


@hookimpl
def list_actions(env: Env, record_name: str) -> list[Any]:
    """Merge the chosen records."""
    if record_name not in KINDS or not comparing.may_merge(env, record_name):
        return []
    return [ActionLink(_("Merge"), f"/x/contacts/merge/{KINDS[record_name]}", icon="sign-merge-left", bulk=True)]


@hookimpl
def dashboard_tiles(env: Env) -> list[Any]:
    """Accounts that were added lately."""
    if not env.can("read", "contacts.account"):
        return []
    rows = env.query("contacts.account").order("-created_at").select("name", "created_at").rows(6)
    shown = [
        (r["name"] or f"#{r['id']}", record_url("contacts.account", r["id"]), env.format.relative(r["created_at"]))
        for r in rows
    ]
    return [Tile(env.t(_("Recent accounts")), rows=shown, url=list_url("contacts.account"), icon="building", order=60,
                 empty=env.t(_("No accounts yet.")))]


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Give the shipped profiles this addon's permission sets, unless somebody decided about these profiles' sets before."""
    if addon != "contacts":
        return
    for profile in env.query("base.profile").select("shipped", "sets").rows():
        wanted = PROFILE_SETS.get(profile["shipped"])
        held = list(profile["sets"] or ())
        if wanted and not any(name.startswith("contacts.") for name in held):
            env.update("base.profile", profile["id"], {"sets": [*held, wanted]})


@hookimpl
def demo_data(env: Env) -> None:
    """Believable companies and people."""
    demo.create(env)
