"""Every hook an addon may implement, in its `hooks.py`, with `@hookimpl`.

An implementation may take fewer arguments than the specification. Collecting hooks return a list; deciding hooks
return the first answer that is not None, an extending addon being asked before what it extends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from core.env import Env
    from core.errors import Invalid
    from core.installation import Installation
    from core.records.changes import ChangeSet
    from core.security.accounts import AccountKeeper
    from core.security.actor import Actor

hookspec = pluggy.HookspecMarker("sarnakh")
hookimpl = pluggy.HookimplMarker("sarnakh")


# ---------------------------------------------------------------- decide: the first answer wins
@hookspec(firstresult=True)
def load_actor(env: Env, user_id: int) -> Actor | None:
    """When: a request or job starts to act for a person and permissions changed since the last time.
    With what: an elevated env and the user's number.
    Result: the complete Actor, None when there is no such active user (the first answer wins).
    Example: `return Actor(id=user_id, name=..., profile=...)`.
    """


@hookspec(firstresult=True)
def authenticate(env: Env, login: str, password: str) -> int | None:
    """When: somebody signs in with a name and a password.
    With what: an elevated env, what was typed.
    Result: the user's number, None to let the next addon try (the first answer wins).
    Example: an LDAP addon checks the directory and returns the number of the matching user.
    """


@hookspec(firstresult=True)
def account_keeper(env: Env) -> AccountKeeper | None:
    """When: passwords, second factors or the first administrator are dealt with.
    With what: the acting env; the keeper's own functions are then given elevated ones.
    Result: an object with the functions of core.security.accounts.AccountKeeper (the first answer wins).
    Example: a directory addon returns one that changes passwords in the directory.
    """


@hookspec(firstresult=True)
def choose_theme(env: Env) -> str | None:
    """When: a page is rendered.
    With what: the reader's env.
    Result: the name of a theme folder, None for the setting's (the first answer wins).
    Example: `return "brand" if env.actor.company_ids == (2,) else None`.
    """


@hookspec(firstresult=True)
def status_moves(env: Env, record_name: str, record_id: int, status: str) -> dict[str, str] | None:
    """When: the status path on a record's page is drawn for somebody who may change the record.
    With what: the person's env, the record type's name, the record's number and its present status.
    Result: statuses it may go to, each with "" or the address of a page that asks for more; None to let the picklist's
    own transitions decide (the first answer wins). It only draws: what is refused is said by `validate_changes`.
    Example: `return {"contacted": "", "junk": f"/x/leads/{record_id}/junk"}`.
    """


@hookspec(firstresult=True)
def limit_exceeded(env: Env, matter: str, record_name: str, cases: list[dict[str, Any]]) -> dict[int, bool] | None:
    """When: somebody goes over a limit that is set for them (a discount above their ceiling), and it would be held.
    With what: the acting env, what it is about ("catalogue.discount"), the record type, and for each record a dict of its
    "id", the "value" and the "limit".
    Result: by record number True (released) or False (held, perhaps with an approval begun); what is not named is held. None
    leaves all to the next addon (the first answer wins).
    Example: `return {case["id"]: case["value"] < 20 for case in cases}`.
    """


# ---------------------------------------------------------------- collect: lists, read in dependency order
@hookspec
def menus(env: Env) -> list[Any]:
    """When: the navigation is built for a person.
    With what: the person's env; entries whose record type may not be read are dropped by the core.
    Result: a list of MenuItem (all lists are joined).
    Example: `return [MenuItem("leads", _("Leads"), icon="person-plus", record="leads.lead", order=20)]`.
    """


@hookspec
def record_actions(env: Env, record_name: str, record: Any) -> list[Any]:
    """When: the header of a record's page is built.
    With what: the reader's env, the record type's name, the record.
    Result: a list of ActionLink to pages of the addon (all lists are joined).
    Example: `return [ActionLink(_("Convert"), f"/x/leads/{record.id}/convert", primary=True)]`.
    """


@hookspec
def program_actions(env: Env, record_name: str) -> list[Any]:
    """When: other programs act on records (the API), or ask what they may do.
    With what: the caller's env, the record type's name.
    Result: a list of ProgramAction (all lists are joined); one that is called like an action of the record type stands for it.
    Example: `return [ProgramAction("convert", _("Convert"), convert, right="action:convert")]`.
    """


@hookspec
def list_actions(env: Env, record_name: str) -> list[Any]:
    """When: the bar over a list is built.
    With what: the reader's env, the record type's name.
    Result: a list of ActionLink (all lists are joined); `bulk=True` ones get the chosen records as `ids`, a
        `primary` one is the page on which new records begin.
    Example: `return [ActionLink(_("Merge"), "/x/contacts/merge", bulk=True)]`.
    """


@hookspec
def record_panels(env: Env, record_name: str, record: Any) -> list[Any]:
    """When: a record's page is built, after its related lists.
    With what: the reader's env, the record type's name, the record.
    Result: a list of Panel(title, html) whose html the addon rendered from its own template (all lists are joined).
    Example: the leads addon shows qualification progress.
    """


@hookspec
def timeline_sources(env: Env, record_name: str) -> list[Any]:
    """When: the timeline of a record is read, or its next page.
    With what: the reader's env, the record type's name.
    Result: a list of TimelineSource (all lists are joined), each a kind of entries that the reader may filter by.
    Example: `return [TimelineSource("activity", _("Activities"), fetch, planned)]`.
    """


@hookspec
def providers(kind: str) -> list[Any]:
    """When: a service by other companies is used or set up: "sms", "mail", and other channels of messages.
    With what: the kind.
    Result: a list of providers (all lists are joined); of messages those of `addons.messaging.contract`.
    Example: `return [Kavenegar()] if kind == "sms" else []`.
    """


@hookspec
def message_takers(env: Env) -> list[Any]:
    """When: it is set up what becomes of messages by strangers, and when such a message came.
    With what: an env.
    Result: a list of `addons.messaging.contract.Taker` (all lists are joined), one for each kind of record that a message may open.
    Example: `return [Taker("lead", _("A new lead"), open_leads)]`.
    """


@hookspec
def second_factors(env: Env) -> list[Any]:
    """When: somebody with two-step sign-in has to show a code, or sets that up.
    With what: an elevated env.
    Result: a list of objects with the functions of core.security.accounts.SecondFactor (all lists are joined).
    Example: `return [CodesBySms()]`.
    """


@hookspec
def macro_steps(env: Env, record_name: str) -> list[Any]:
    """When: macros of a record type are written or run.
    With what: the acting env, the record type's name.
    Result: a list of MacroStep (all lists are joined): further things that a macro may do with records of this type.
    Example: `return [MacroStep("reply", _("Reply with a canned answer"), run, choices)]`.
    """


@hookspec
def conversion_targets(env: Env, record_name: str, record: Any) -> list[Any]:
    """When: a record is about to be converted into others (a lead into an account and a contact).
    With what: the person's env, the record type's name and the record with all its own fields.
    Result: a list of ConversionTarget (all lists are joined and ordered); those the person may not create say so.
    Example: `return [ConversionTarget("deals.deal", _("Deal"), links={"account": "contacts.account"}, order=30)]`.
    """


@hookspec
def list_summary(env: Env, record_name: str, query: Any) -> list[Any]:
    """When: a list was shown; the figures are fetched after it, so they may read the whole list.
    With what: the reader's env, the record type's name and the list's query, filters included.
    Result: a list of Figure(label, value) shown over the list (all lists are joined).
    Example: the leads addon shows the conversion rate.
    """


@hookspec
def calendar_days(env: Env, first: dt.date, last: dt.date) -> dict[dt.date, Any]:
    """When: a calendar is drawn.
    With what: the reader's env, the first and the last day drawn.
    Result: a CalendarDay for each day there is something to say of: a holiday's name, whether it is off, the working hours
    (of several answers all names are shown, one that is off makes it off, and the first hours count).
    Example: `return {dt.date(2026, 3, 21): CalendarDay(_("Nowruz"), off=True)}`.
    """


@hookspec
def earned(env: Env, record_name: str, ids: list[int]) -> dict[int, Any]:
    """When: the return on something that cost money is shown (lead sources, campaigns).
    With what: the reader's env, the record type's name, numbers of its records.
    Result: what each brought in, as a Decimal in the currency of the record (dicts are added up); others are left out.
    Example: the deals addon adds up the won deals of the leads from each source.
    """


@hookspec
def service_entitlements(env: Env, record_name: str, ids: list[int]) -> list[dict[int, int]]:
    """When: it is decided which service level counts for records that customers are promised something about (tickets).
    With what: an elevated env, the record type's name, numbers of its records.
    Result: a list with a dict of the service level (its number) of each record whose customer is entitled to one, by a contract
        or a product (all lists are joined; of several for a record the first counts).
    Example: `return [{ticket: level for ticket, level in contracts_of(env, ids)}]`.
    """


@hookspec
def dashboard_tiles(env: Env) -> list[Any]:
    """When: the home page is built.
    With what: the reader's env.
    Result: a list of Tile(title, figure or rows, url) (all lists are joined).
    Example: `return [Tile(_("My open leads"), value=str(n), url="/r/leads.lead?f=...")]`.
    """


@hookspec
def block_kinds() -> list[Any]:
    """When: blocks of record pages and home pages are drawn, or arranged.
    With what: nothing.
    Result: a list of BlockKind (all lists are joined); one with the name of an earlier one takes its place.
    Example: `return [BlockKind("weather", _("Weather"), draw, options=[OptionSpec("town", _("Town"), required=True)])]`.
    """


@hookspec
def live_counts(env: Env) -> dict[str, Any]:
    """When: a page that stays open asks what is new, every minute or more often (with the bell's number, in one request).
    With what: the reader's env.
    Result: by a name of the addon's choice a dict of `count`, `text` (the number as it is shown, "" for none) and further plain
    values (dicts are merged); be quick, a single statement. Scripts hear the event `sarnakh:live`, and elements with
    `data-live-count="<name>"` show the text.
    Example: `return {"tickets": {"count": n, "text": env.format.number(n) if n else ""}}`.
    """


@hookspec
def blueprints(installation: Installation) -> list[Any]:
    """When: the web application of a registry is built.
    With what: the installation.
    Result: a list of `core.web_api.Pages`, mounted under /x/<their name> (all lists are joined).
    Example: `return [convert_pages]`.
    """


@hookspec
def record_created_defaults(env: Env, record_name: str) -> dict[str, Any]:
    """When: an empty form for a new record is shown.
    With what: the user's env, the record type's name.
    Result: values to fill in (dicts are merged, later addons win).
    Example: `return {"source": "phone"}`.
    """


@hookspec
def personal_pages(env: Env) -> list[Any]:
    """When: the menu of a person's own settings is built.
    With what: the person's env.
    Result: a list of ActionLink to the addon's own pages of personal settings (all lists are joined); they are shown by
    `core.web_api.settings_page`.
    Example: `return [ActionLink(_("My mail box"), "/x/mail/mine", icon="envelope")]`.
    """


@hookspec
def settings_pages(env: Env) -> list[Any]:
    """When: the administration's start page is built.
    With what: the admin's env.
    Result: a list of ActionLink to the addon's own settings pages (all lists are joined).
    Example: `return [ActionLink(_("Lead conversion"), "/x/leads/settings", icon="shuffle")]`.
    """


@hookspec
def notice_kinds(env: Env) -> list[Any]:
    """When: people choose how they want to be told of what.
    With what: the person's env.
    Result: a list of pairs of a kind (as `addons.base.notices.Notice` has it) and what it is called (all lists are joined).
    Example: `return [("shop.late", _("An order is late"))]`.
    """


@hookspec
def health_checks(env: Env) -> list[Any]:
    """When: the health page or `check` runs.
    With what: an elevated env.
    Result: a list of HealthCheck(name, ok, message) (all lists are joined).
    Example: a gateway addon reports its balance.
    """


@hookspec
def demo_data(env: Env) -> None:
    """When: a demo company is loaded (`--demo`).
    With what: an env of a super-administrator; addons are called in dependency order, each in its transaction.
    Result: none; the hook creates records.
    Example: `env.create("leads.lead", believable_leads(env))`.
    """


@hookspec
def language_chosen(env: Env, lang: str) -> None:
    """When: the first administrator signs up and says which language this installation speaks.
    With what: an elevated env, the code of the language.
    Result: none; the hook puts what its addon shipped before, and nobody has renamed, into that language.
    Example: sources called "Fair" become "نمایشگاه".
    """


@hookspec
def cli_commands() -> list[Any]:
    """When: the command line starts with an installation at hand.
    With what: nothing.
    Result: a list of click commands (all lists are joined).
    Example: `return [score_command]`.
    """


# ---------------------------------------------------------------- the change pipeline: batches, in the transaction
@hookspec
def before_changes(env: Env, changes: ChangeSet) -> None:
    """When: a batch is about to be validated and written.
    With what: the acting env and the changes of one record type.
    Result: none; values may be set with `change.set(record, field, value)`.
    Example: fill `first_touch` of new leads.
    """


@hookspec
def validate_changes(env: Env, changes: ChangeSet) -> Iterable[Invalid] | None:
    """When: a batch was cleaned and is about to be written.
    With what: the acting env and the changes of one record type.
    Result: Invalid items; any one refuses the whole batch (all are joined).
    Example: refuse deleting an account that has open deals.
    """


@hookspec
def after_changes(env: Env, changes: ChangeSet) -> None:
    """When: a batch was written, before the commit.
    With what: the acting env and the changes of one record type.
    Result: none; further writes and events join the same transaction.
    Example: `env.emit("leads.assigned", {...})`.
    """


@hookspec
def after_action(env: Env, record_name: str, action: str, ids: list[int]) -> None:
    """When: an action of a record type (a button, a call of the API) was run on records, before the commit.
    With what: the acting env, the record type's name, the action's name, the numbers of the records.
    Result: none; further writes and events join the same transaction.
    Example: the API addon queues webhooks.
    """


# ---------------------------------------------------------------- lifecycle
@hookspec
def addon_enabled(env: Env, addon: str) -> None:
    """When: an addon (any, compare `addon`) was enabled and its tables exist.
    With what: an elevated env, the addon's name.
    Result: none; the hook may create shipped records.
    Example: `if addon == "leads": create_default_sources(env)`.
    """


@hookspec
def addon_disabled(env: Env, addon: str) -> None:
    """When: an addon is about to be disabled.
    With what: an elevated env, the addon's name.
    Result: none.
    Example: withdraw scheduled messages.
    """


@hookspec
def access_changed(env: Env) -> None:
    """When: permissions of somebody may have changed (users, profiles, roles, sharing).
    With what: the acting env.
    Result: none; caches of the addon that depend on permissions are dropped.
    Example: `my_cache.clear()`.
    """
