"""Setting up accounts: choosing a provider, its settings, tests; shared accounts by managers, personal ones by their owners."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from core.api import Env, F, NotFound, SarnakhError, ValidationFailed, _
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    CatalogueCard,
    Cell,
    Crumb,
    Dialog,
    EmptyState,
    Flash,
    FormPage,
    Panel,
    Request,
    Response,
    WorkItem,
    dialog,
    form,
    list_url,
    settings_page,
    text,
    with_query,
)

from . import account_calls, accounts, queueing, showing
from .account_forms import AccountForm, abilities
from .choices import ACCOUNT, FAILING, MESSAGE, QUEUED, SENDING
from .contract import BALANCE, CALLBACK, LINES, STATUS, Provider
from .quiet import POLICY
from .routes import pages

URL = "/x/messaging/account"
PATHS = ("name", "channel", "provider", "active", "person", "sender", "members", "position", "commercial", "per_minute", "price",
         "price_currency", "low_balance", "stand_in", "takes", "takes_all", "health", "problem", "problem_since", "balance",
         "balance_currency", "balance_at", "fetched_at")
TESTED_SECONDS = 3
LINE = Markup('<li class="line-tight"><bdi dir="ltr" class="num">{}</bdi><button type="button" class="btn btn-quiet btn-sm" '
              'data-copy="{}" hidden>{}</button></li>')


def _is_manager(env: Env) -> bool:
    return env.can("create", POLICY)


def _crumbs(env: Env, personal: bool) -> list[Crumb]:
    return [Crumb(env.t(_("My accounts")), "/x/messaging/mine") if personal else Crumb(env.t(_("Messaging accounts")), list_url(ACCOUNT))]


# ---------------------------------------------------------------- a new one
@pages.route("/account/new")
def choose_provider(env: Env, request: Request) -> Response:
    """Channels and their providers, as cards."""
    personal = request.arg("mine") == "1"
    _may_set_up(env, personal)
    page = AdminPage(env.t(_("New account")), env.t(_("Choose who carries your messages. What they need is asked next.")))
    for name, channel in accounts.channels(env).items():
        for provider in sorted(accounts.providers(env, name).values(), key=lambda p: env.sort_key(env.t(p.label))):
            url = with_query(f"{URL}/new/{name}/{provider.name}", {"mine": "1"} if personal else {})
            told = env.t(provider.help) if provider.help else ""
            page.cards.append(CatalogueCard(provider.name, env.t(provider.label), told, channel.icon, category=env.t(channel.label),
                                            state="enabled",
                                            state_label=env.t(channel.label), adds=list(abilities(env, provider)), url=url,
                                            actions=[Action(env.t(_("Choose")), url, "arrow-right")]))
    if not page.cards:
        page.notices.append(Flash(env.t(_("No provider is enabled yet. An administrator enables addons of channels and gateways, such as "
                                          "SMS and e-mail, in the administration.")), "info"))
    return request.render("admin/page.html", page, title=page.title, crumbs=_crumbs(env, personal), active=ACCOUNT)


def _may_set_up(env: Env, personal: bool) -> None:
    env.require("read", ACCOUNT)
    if not personal and not _is_manager(env):
        env.require("create", ACCOUNT)


@pages.route("/account/new/<channel>/<provider>", methods=("GET", "POST"))
def new_account(env: Env, request: Request, channel: str, provider: str) -> Response:
    """The form of a new account."""
    personal = request.arg("mine") == "1"
    _may_set_up(env, personal)
    known = accounts.providers(env, channel).get(provider) if channel in accounts.channels(env) else None
    if known is None:
        raise NotFound
    row = {"name": env.t(known.label), "active": True, "position": 10, "commercial": True, "per_minute": 0,
           "price_currency": known.currency}
    made = AccountForm(env, request, known, row, None, personal)
    if request.posted:
        key = made.save()
        if key is not None:
            request.flash(env.t(_("The account is set up. Test it before anybody relies on it.")))
            return request.redirect(f"{URL}/{key}")
    url = with_query(f"{URL}/new/{channel}/{provider}", {"mine": "1"} if personal else {})
    page = _form(env, made, url, env.t(_("New account: {provider}", provider=known.label)))
    page.intro = env.t(known.help) if known.help else ""
    page.cancel_url = "/x/messaging/mine" if personal else list_url(ACCOUNT)
    return request.render("form.html", page, title=page.title, crumbs=_crumbs(env, personal), active=ACCOUNT,
                          status=422 if request.posted else 200)


def _form(env: Env, made: AccountForm, url: str, title: str) -> FormPage:
    sections = made.sections()
    return FormPage(title, url, sections, errors=made.whole, actions=[Action(env.t(_("Save")), kind="submit", style="primary")])


# ---------------------------------------------------------------- one account
@pages.route("/account/<int:key>", methods=("GET", "POST"))
def account(env: Env, request: Request, key: int) -> Response:
    """Settings, health and tests of an account, for those who may change it."""
    row = _row(env, key)
    provider = accounts.provider_of(env, row)
    personal = row["person"] is not None
    if provider is None:
        page = AdminPage(row["name"], notices=[Flash(env.t(_("There is no provider “{name}”. Its addon is not enabled.",
                                                             name=row["provider"])), "error")])
        return request.render("admin/page.html", page, title=page.title, crumbs=_crumbs(env, personal), active=ACCOUNT)
    made = AccountForm(env, request, provider, row, key, personal)
    if request.posted and made.save() is not None:
        request.flash(env.t(_("Saved.")))
        return request.redirect(f"{URL}/{key}")
    page = AdminPage(row["name"], f"{_channel(env, row['channel'])} · {env.t(provider.label)}")
    page.form = _form(env, made, f"{URL}/{key}", "")
    page.notices = _notices(env, row)
    page.facts = _facts(env, row)
    page.actions = _actions(env, key, provider)
    further = accounts.channel(env, row["channel"]).pages
    page.actions += [Action(env.t(label), url, icon) for label, url, icon in further(env, key)] if further else []
    tested = request.arg_int("tested")
    if tested:
        page.panels.append(_outcome(env, page, tested, key))
    secret = _secret_address(env, key, provider)
    if secret is not None:
        page.panels.append(secret)
    return request.render("admin/page.html", page, title=page.title, crumbs=_crumbs(env, personal), active=ACCOUNT,
                          status=422 if request.posted else 200)


def _row(env: Env, key: int) -> dict[str, Any]:
    if env.allowed_ids("update", ACCOUNT, [key]) != {key}:
        raise NotFound
    rows = env.query(ACCOUNT).archived(None).with_ids([key]).select(*PATHS).rows(1)
    if not rows:
        raise NotFound
    return rows[0]


def _channel(env: Env, name: str) -> str:
    known = accounts.channels(env).get(name)
    return env.t(known.label) if known else name


def _notices(env: Env, row: dict[str, Any]) -> list[Flash]:
    if row["health"] != FAILING:
        return []
    since = env.format.datetime(row["problem_since"]) if row["problem_since"] else ""
    return [Flash(env.t(_("It has not worked since {when}: {problem}", when=since, problem=row["problem"] or "")), "error")]


def _facts(env: Env, row: dict[str, Any]) -> list[tuple[str, Cell]]:
    works = row["health"] != FAILING
    badge = Badge(env.t(_("Working") if works else _("Failing")), "green" if works else "red")
    found = [(env.t(_("Health", context="account")), Cell("choice", badges=[badge]))]
    if row["balance"] is not None:
        text_ = showing.cost(env, row["balance"], row["balance_currency"] or "")
        when = env.format.relative(row["balance_at"], env.now) if row["balance_at"] else ""
        found.append((env.t(_("Balance")), Cell(text=env.t(_("{amount}, {when}", amount=text_, when=when)))))
    if row["fetched_at"] is not None:
        found.append((env.t(_("Looked for messages")), Cell(text=env.format.relative(row["fetched_at"], env.now))))
    return found


def _actions(env: Env, key: int, provider: Provider) -> list[Action]:
    found = [Action(env.t(_("Test sending")), f"{URL}/{key}/test", "send", kind="dialog")]
    if {BALANCE, LINES, STATUS} & provider.can:
        found.append(Action(env.t(_("Check connection and balance") if BALANCE in provider.can else _("Check connection")),
                            f"{URL}/{key}/check", "activity", kind="post"))
    if LINES in provider.can:
        found.append(Action(env.t(_("Lines", context="of a provider")), f"{URL}/{key}/lines", "list-ol", kind="dialog"))
    if provider.website.startswith(("https://", "http://")):
        found.append(Action(env.t(_("Provider's site")), provider.website, "box-arrow-up-right"))
    return found


def _secret_address(env: Env, key: int, provider: Provider) -> Panel | None:
    """The address that the provider calls: shown to whoever may change the account, to be copied there."""
    if CALLBACK not in provider.can:
        return None
    title = env.t(_("Address for {provider}", provider=provider.label))
    public = accounts.public_address(env)
    if not public:
        return Panel(title, html=Markup('<p class="muted">{}</p>').format(env.t(_(
            "The provider can call this server with reports and messages, once it knows under which address it is reached from outside: "
            "set server.public_url in the settings file."))), icon="link-45deg")
    with env.elevated("the secret address is shown to whoever looks after the account") as sudo:
        token = sudo.query(ACCOUNT).archived(None).with_ids([key]).select("token").rows(1)[0]["token"]
    address = f"{public}/x/messaging/in/{token}"
    html = Markup('<p class="muted">{}</p><div class="joined"><input class="input num" dir="ltr" readonly value="{}" aria-label="{}">'
                  '<button type="button" class="btn affix" data-copy="{}" hidden title="{}"><i class="bi bi-copy" aria-hidden="true"></i>'
                  '<span class="visually-hidden">{}</span></button></div>').format(
        env.t(_("Enter it at the provider, for delivery reports and incoming messages. Whoever knows it can "
                "write reports: keep it secret.")),
        address, title, address, env.t(_("Copy")), env.t(_("Copy")))
    return Panel(title, html=html, icon="link-45deg")


# ---------------------------------------------------------------- tests
@pages.route("/account/<int:key>/check", methods=("POST",))
def check(env: Env, request: Request, key: int) -> Response:
    """Ask the provider whether the account works."""
    level, said = account_calls.check(env, key)
    request.flash(said, level)
    return request.redirect(f"{URL}/{key}")


@pages.route("/account/<int:key>/lines", writes=True)
def lines(env: Env, request: Request, key: int) -> Response:
    """The lines that messages may leave from. A refusal is written down: the account is red then."""
    found, wrong = account_calls.lines(env, key)
    title = env.t(_("Lines", context="of a provider"))
    if wrong:
        return dialog(request, Dialog(title, wrong))
    rows = Markup("").join(LINE.format(one, one, env.t(_("Copy"))) for one in found)
    return dialog(request, Dialog(title, env.t(_("Put the one you want into “Sender”.") if found else _("The provider names no lines.")),
                                  html=Markup("<ul>{}</ul>").format(rows) if found else ""))


@pages.route("/account/<int:key>/test", methods=("GET", "POST"))
def test(env: Env, request: Request, key: int) -> Response:
    """Send a message through this account, as any other leaves, and see what becomes of it."""
    row = _row(env, key)
    channel = accounts.channel(env, row["channel"])
    errors: list[str] = []
    if request.posted:
        try:
            with request.attempt():
                if not request.value("to").strip():
                    raise SarnakhError(_("Say who it goes to."))
                ids = queueing.queue(env, [queueing.Draft(row["channel"], request.value("to").strip()[:320], request.value("text")[:1000],
                                                          env.t(_("Test message")) if channel.formatted else "", account=key)])
            return request.redirect(with_query(f"{URL}/{key}", {"tested": str(ids[0])}))
        except ValidationFailed as failed:
            errors = list(dict.fromkeys(env.t(e.message) for e in failed.errors))
        except SarnakhError as error:
            errors = [env.t(error.message)]
    title = env.t(_("Test sending"))
    fields = [text(env, request, "to", _("To", context="message"), required=True, dir="ltr", autocomplete="off"),
              text(env, request, "text", _("Text"), env.t(_("A test message from {name}", name=row["name"])), kind="longtext", rows="3")]
    made = form(env, f"{URL}/{key}/test", fields, submit=_("Send"), errors=errors)
    return dialog(request, Dialog(title, env.t(_("It leaves as any other message does, and may cost something.")), form=made),
                  422 if errors else 200)


def _outcome(env: Env, page: AdminPage, tested: int, account: int) -> Panel:
    """What became of the test message so far."""
    rows = env.query(MESSAGE).where(F.account == account).with_ids([tested]).select(*showing.paths(env)).rows(1)
    if not rows:
        raise NotFound
    one = showing.shown(env, rows[0], f"{URL}/{account}")
    if rows[0]["state"] in (QUEUED, SENDING):
        page.refresh_seconds = TESTED_SECONDS
    said = env.t(_(" · ")).join(t for t in (one.address, one.reason, one.facts, one.waiting) if t)
    return Panel(env.t(_("Test message")), [WorkItem(one.name if one.incoming else env.t(_("To {name}", name=one.address)), one.url, said,
                                                     one.when, one.icon, badge=one.state)], icon="send")


# ---------------------------------------------------------------- one's own
@pages.route("/mine")
def mine(env: Env, request: Request) -> Response:
    """Accounts of the person alone, among their settings."""
    env.require("read", ACCOUNT)
    rows = env.query(ACCOUNT).archived(None).where(F.person == env.actor.id).order("channel", "id").select(
        "name", "channel", "sender", "health", "problem", "active").rows(100)
    items = [WorkItem(r["name"], f"{URL}/{r['id']}", r["problem"] or r["sender"] or "", _channel(env, r["channel"]), "broadcast-pin",
                      badge=Badge(env.t(_("Failing")), "red") if r["health"] == FAILING else Badge(
                          env.t(_("Working") if r["active"] else _("Switched off")), "green" if r["active"] else "grey")) for r in rows]
    page = AdminPage("", env.t(_("Accounts that only you write from. What comes to them is yours alone, unless you put it to a record.")))
    page.actions = [Action(env.t(_("New account")), f"{URL}/new?mine=1", "plus-lg", style="primary")]
    if items:
        page.panels.append(Panel(env.t(_("My accounts")), items, icon="broadcast-pin"))
    else:
        page.empty = EmptyState(env.t(_("No account of your own")),
                                env.t(_("Shared accounts are set up by those who look after messaging.")), "broadcast-pin")
    return settings_page(env, request, _("My accounts"), page)
