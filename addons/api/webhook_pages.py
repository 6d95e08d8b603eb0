"""Webhooks in the administration: the list, one of them, its secret and its test."""

from __future__ import annotations

from typing import Any

from core.api import AccessDenied, Env, F, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    Flash,
    Request,
    Response,
    Row,
    SimpleTable,
    admin_page,
)

from . import webhook_rules, webhook_watch
from .site import pages
from .webhook_choices import DELIVERY, ENDED, EVENTS, HEALTH, PARKED, WAITING, WEBHOOK
from .webhook_form import PLAIN, WebhookForm, record_choice

URL = "/x/api/webhooks"
PATHS = (*PLAIN, "record_type", "watched", "sent", "actions", "health", "problem", "rest_until", "old_until")


def badge(env: Env, options: list[Any], value: str) -> Badge:
    """A choice as a badge."""
    return next((Badge(env.t(label), colour) for name, label, colour in options if name == value), Badge(value))


@pages.route("/webhooks")
def webhooks(env: Env, request: Request) -> Response:
    """All webhooks, how they are, and what waits for them."""
    env.require("create", WEBHOOK)
    paths = ("name", "url", "record_type", "events", "active", "health")
    rows = env.query(WEBHOOK).archived(None).order("name", "id").select(*paths).rows(500)
    counts: dict[tuple[int, str], int] = {}
    if rows:
        waiting = env.query(DELIVERY).where(F.state.isin((WAITING, PARKED))).aggregate(["webhook", "state"], limit=1000)
        counts = {(r["webhook"].id, r["state"]): r["count"] for r in waiting if r["webhook"]}
    page = AdminPage("", intro=env.t(_("Another program is told of changes as they happen: a signed request for each event, in order for "
                                       "each record, and again until it is taken.")))
    page.actions = [Action(env.t(_("New webhook")), f"{URL}/new", "plus-lg", style="primary")]
    if rows:
        columns = [Column("name", env.t(_("Name"))), Column("type", env.t(_("Record type"))),
                   Column("events", env.t(_("Events", context="webhook"))),
                   Column("health", env.t(_("Health", context="webhook"))), Column("waiting", env.t(_("Waiting")), align="end"),
                   Column("parked", env.t(_("Parked")), align="end")]
        page.table = SimpleTable(columns, [_row(env, r, counts) for r in rows], caption=env.t(_("Webhooks")))
    else:
        page.empty = EmptyState(env.t(_("No webhooks yet")), env.t(_("Tell another program when something changes here.")), "broadcast")
    return admin_page(env, request, _("Webhooks"), page)


def _row(env: Env, row: dict[str, Any], counts: dict[tuple[int, str], int]) -> Row:
    rtype = env.registry.records.get(row["record_type"])
    state = badge(env, HEALTH, row["health"]) if row["active"] else Badge(env.t(_("Switched off")))
    return Row(row["id"], "", [
        Cell("title", row["name"], f"{URL}/{row['id']}", title=row["url"]),
        Cell(text=env.t(rtype.plural) if rtype else row["record_type"]),
        Cell("choice", badges=[badge(env, EVENTS, e) for e in row["events"] or ()]), Cell("choice", badges=[state]),
        *(Cell(text=env.format.number(counts.get((row["id"], s), 0)), url=f"{URL}/{row['id']}/log?state={s}") for s in (WAITING, PARKED))])


@pages.route("/webhooks/new", methods=("GET", "POST"))
def new_webhook(env: Env, request: Request) -> Response:
    """First the record type, then the rest; the secret is shown once."""
    env.require("create", WEBHOOK)
    record = request.arg("record_type")
    if not webhook_rules.tellable(env, record):
        page = AdminPage("", form=record_choice(env, request, f"{URL}/new", URL))
        return admin_page(env, request, _("New webhook"), page, active=URL)
    made = WebhookForm(env, request, record, None)
    if request.posted:
        key = made.save()
        if key is not None:
            with env.elevated("a webhook's secret is shown once") as sudo:
                secret = sudo.unseal(sudo.get(WEBHOOK, key, "secret").secret) or ""
            return _secret_page(env, request, key, secret)
    page = AdminPage("", form=made.page(f"{URL}/new?record_type={record}", URL),
                     intro=env.t(_("About: {records}", records=env.registry.record(record).plural)))
    return admin_page(env, request, _("New webhook"), page, active=URL, status=422 if made.wrong else 200)


def _secret_page(env: Env, request: Request, key: int, secret: str) -> Response:
    page = AdminPage("", intro=env.t(_("Enter this secret at the receiver: it verifies with it that what comes is ours. "
                                       "It is shown only now.")))
    page.code, page.code_label = secret, env.t(_("Signing secret"))
    page.actions = [Action(env.t(_("Continue")), f"{URL}/{key}", "arrow-right", style="primary")]
    return admin_page(env, request, _("Signing secret"), page, active=URL)


@pages.route("/webhooks/<int:key>", methods=("GET", "POST"))
def webhook(env: Env, request: Request, key: int) -> Response:
    """One webhook."""
    env.require("update", WEBHOOK)
    found = vars(env.get(WEBHOOK, key, *PATHS))
    made = WebhookForm(env, request, found["record_type"], found) if found["record_type"] in env.registry.records else None
    if request.posted and made is not None and made.save() is not None:
        request.flash(env.t(_("Saved.")))
        return request.redirect(f"{URL}/{key}")
    rtype = env.registry.records.get(found["record_type"])
    page = AdminPage("", intro=env.t(_("About: {records}", records=rtype.plural if rtype else found["record_type"])))
    page.notices = _notices(env, found)
    if made is not None:
        page.form = made.page(f"{URL}/{key}", URL)
    page.actions = [
        Action(env.t(_("Log", context="webhook")), f"{URL}/{key}/log", "list-ul"),
        Action(env.t(_("Send a test")), f"{URL}/{key}/test", "send", kind="post"),
        Action(env.t(_("New secret")), f"{URL}/{key}/secret", "key", kind="post",
               confirm=env.t(_("The present secret signs along for another day. Go on?"))),
        Action(env.t(_("Delete")), f"{URL}/{key}/delete", "trash3", kind="post", style="danger",
               confirm=env.t(_("Delete this webhook? What waits for it is not sent any more.")))]
    return admin_page(env, request, found["name"], page, active=URL, status=422 if made is not None and made.wrong else 200)


def _notices(env: Env, row: dict[str, Any]) -> list[Flash]:
    found = []
    if row["health"] == ENDED:
        found.append(Flash(env.t(_("The receiver wants no more events. Switch it off and on again to begin anew.")), "warning"))
    elif row["problem"]:
        found.append(Flash(row["problem"], "error"))
        if row["rest_until"] is not None and row["rest_until"] > env.now:
            found.append(Flash(env.t(_("The next attempt is {when}.", when=env.format.relative(row["rest_until"], env.now))), "info"))
    if row["old_until"] is not None and row["old_until"] > env.now:
        found.append(Flash(env.t(_("The former secret signs along until {when}.", when=env.format.datetime(row["old_until"]))), "info"))
    return found


@pages.route("/webhooks/<int:key>/secret", methods=("POST",))
def renew_secret(env: Env, request: Request, key: int) -> Response:
    """A new secret, shown once."""
    env.require("update", WEBHOOK)
    return _secret_page(env, request, key, webhook_rules.renew(env, key))


@pages.route("/webhooks/<int:key>/delete", methods=("POST",))
def delete_webhook(env: Env, request: Request, key: int) -> Response:
    """Put it, with its log, into the recycle bin."""
    env.delete(WEBHOOK, key)
    request.flash(env.t(_("Deleted.")), undo=env.batch)
    return request.redirect(URL)


@pages.route("/webhooks/<int:key>/test", methods=("POST",))
def test_webhook(env: Env, request: Request, key: int) -> Response:
    """Queue a test event, and look at what becomes of it."""
    env.require("update", WEBHOOK)
    found = env.get(WEBHOOK, key, "record_type", "user")
    if not webhook_rules.may_act_for(env, found.user.id if found.user else None):
        raise AccessDenied(_("A webhook reads with your own rights; those of others are given by a super-administrator."))
    made = webhook_watch.test(env, key, found.record_type)
    return request.redirect(f"{URL}/{key}/log/{made}")
