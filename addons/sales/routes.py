"""Pages of sales: PDFs, links for customers, why a quote was declined, payments and their allocation, statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from core.api import Edition, Env, F, NotFound, SarnakhError, _, render_document
from core.web_api import (
    Action,
    AdminPage,
    Crumb,
    FieldView,
    FormPage,
    Pages,
    RecordForm,
    Request,
    Response,
    Section,
    list_url,
    record_url,
    select,
)

from . import life, links, paper, printing, settling, statement
from .choices import CREDIT_NOTE, INVOICE, OPEN, REFUND

pages = Pages("sales")
PDF = "application/pdf"
KINDS = {"quote": "sales.quote", "order": "sales.order", "invoice": "sales.invoice", "purchase": "sales.purchase",
         "payment": "sales.payment", "shipment": "sales.shipment", "contract": "sales.contract"}


def crumbs(env: Env, record: str, key: int) -> list[Crumb]:
    """The list of a paper, and the paper."""
    rtype = env.registry.record(record)
    return [Crumb(env.t(rtype.plural), list_url(record)), Crumb(env.labels(record, [key]).get(key, f"#{key}"), record_url(record, key))]


@pages.route("/<any(quote, order, invoice, purchase, payment, shipment, contract):kind>/<int:key>/pdf")
def pdf(env: Env, request: Request, kind: str, key: int) -> Response:
    """A paper as PDF."""
    content, name = printing.pdf(env, KINDS[kind], key)
    return request.file(content, name, PDF, inline=request.arg("inline") == "1")


# ---------------------------------------------------------------- links for customers
@pages.route("/<any(quote, invoice):kind>/<int:key>/link", methods=("GET", "POST"))
def link(env: Env, request: Request, kind: str, key: int) -> Response:
    """The link under which the customer sees a paper; withdrawing the ones that were given out."""
    record = KINDS[kind]
    head = env.get(record, key, "status")
    life.require_on(env, "action:send" if kind == "quote" else "update", record, key)
    if head.status == "draft":
        raise SarnakhError(_("Drafts are not shown to customers yet."))
    if request.posted:
        links.withdraw(env, record, key)
        request.flash(env.t(_("The links given out before do not work any more.")))
        return request.redirect(f"/x/sales/{kind}/{key}/link")
    days = request.arg_int("days", 30)
    days = days if days in links.DAYS else 30
    token, end = links.token(env, record, key, days)
    address = f"{request.base_url}/x/sales/p/{token}"
    page = AdminPage(
        env.t(_("Link for the customer")), env.t(_("Whoever has this link sees the paper and its PDF, and can answer a quote, without "
                                                   "signing in. It works until {day}.", day=env.format.date(end.date()))),
        code=address, code_label=env.t(_("Send this address")),
        filters=FormPage("", f"/x/sales/{kind}/{key}/link", [Section("main", fields=[select(
            env, request, "days", _("Works for"), [(str(d), _("{days} days", days=d)) for d in links.DAYS], str(days))])], method="get",
            actions=[Action(env.t(_("Show")), kind="submit")]),
        actions=[Action(env.t(_("Look at it")), f"/x/sales/p/{token}", "eye"),
                 Action(env.t(_("Withdraw all links")), f"/x/sales/{kind}/{key}/link", "x-octagon", kind="post",
                        confirm=env.t(_("Links given out before stop working. Go on?"))),
                 Action(env.t(_("Back")), record_url(record, key))])
    return request.render("admin/page.html", page, title=page.title, crumbs=crumbs(env, record, key), active=record)


@pages.route("/p/<token>", methods=("GET", "POST"), public=True, writes=False, max_bytes=50_000)
def public(env: Env, request: Request, token: str) -> Response:
    """A paper as its customer sees it; a quote can be accepted by name or declined with a reason."""
    with env.elevated("paper shown through its link") as sudo:
        record, key = links.opened(sudo, token)
        head = sudo.get(record, key, "status", "language", *(("valid_until", "answered_by",
                                                              "answered_at", "answered_from") if record == "sales.quote" else ()))
    env.lang = head.language or env.lang
    error = ""
    if request.posted and record == "sales.quote":
        try:
            with request.attempt():
                links.answer(env, key, request.value("answer") == "yes", request.value("name"), request.value("reason"), request.ip)
            return request.redirect(f"/x/sales/p/{token}")
        except SarnakhError as wrong:
            error = env.t(wrong.message)
    with env.elevated("paper shown through its link") as sudo:
        sudo.lang = env.lang
        data = paper.sheet(sudo, record, key)
    page = {"sheet": data, "token": token, "error": error, "asks": record == "sales.quote" and links.may_answer(head, env.today),
            "status": head.status, "quote": record == "sales.quote", "name": request.value("name"), "reason": request.value("reason"),
            "answered": _answered(Edition(env, head.language or ""), head) if record == "sales.quote" and head.answered_at else "",
            "logo": f"/x/sales/p/{token}/logo" if data.get("logo") else ""}
    title = " ".join(part for part in (data["title"], data["file"]) if part)
    return request.render("sales/public.html", page, title=title, status=422 if error else 200)


def _answered(edition: Edition, head: Any) -> str:
    """Who answered through the link and when, in the paper's digits and calendar; told by telephone, only when."""
    when = edition.format.datetime(head.answered_at)
    return edition.t(_("{name}, {when}", name=head.answered_by, when=when)) if head.answered_from else when


@pages.route("/p/<token>/pdf", public=True)
def public_pdf(env: Env, request: Request, token: str) -> Response:
    """The same as PDF."""
    with env.elevated("paper shown through its link") as sudo:
        record, key = links.opened(sudo, token)
        content, name = printing.pdf(sudo, record, key)
    return request.file(content, name, PDF)


@pages.route("/p/<token>/logo", public=True)
def public_logo(env: Env, request: Request, token: str) -> Response:
    """The logo of the company that wrote the paper."""
    with env.elevated("paper shown through its link") as sudo:
        record, key = links.opened(sudo, token)
        logo = paper.sheet(sudo, record, key).get("logo")
    if logo is None:
        raise NotFound()
    content = logo.read_bytes()
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg" if content.startswith(b"\xff\xd8") else "image/webp"
    return request.file(content, "logo", kind, inline=True)


@pages.route("/quote/<int:key>/decline", methods=("GET", "POST"))
def decline(env: Env, request: Request, key: int) -> Response:
    """Why the customer did not want it, told by telephone or mail."""
    record = "sales.quote"
    head = env.get(record, key, "status")
    life.require_on(env, "action:send", record, key)
    if head.status != "sent":
        raise SarnakhError(_("This quote is not open any more."))
    if request.posted and request.value("reason").strip():
        with request.attempt():
            life.decline(env, key, request.value("reason").strip()[:2000])
        request.flash(env.t(_("Declined.")))
        return request.redirect(record_url(record, key))
    errors = [env.t(_("Write why."))] if request.posted else []
    page = FormPage(env.t(_("Why was it declined?")), f"/x/sales/quote/{key}/decline", [Section("main", columns=1, fields=[
        FieldView("reason", env.t(_("Why it was declined")), "longtext", request.value("reason"), required=True, errors=errors)])],
        cancel_url=record_url(record, key), actions=[Action(env.t(_("Declined")), kind="submit", style="primary")])
    return request.render("sales/form.html", page, title=page.title, crumbs=crumbs(env, record, key), active=record,
                          status=422 if errors else 200)


# ---------------------------------------------------------------- payments
@pages.route("/invoice/<int:key>/pay", methods=("GET", "POST"))
def pay(env: Env, request: Request, key: int) -> Response:
    """Money came for an invoice: how much, when and how."""
    record = "sales.invoice"
    env.require("action:pay", record)
    head = env.get(record, key, "status", "kind", "balance", "currency")
    if head.status not in OPEN or head.kind != INVOICE:
        raise SarnakhError(_("Nothing is open of this invoice."))
    form = RecordForm(env, request, "sales.payment", ("amount", "date", "method", "reference"))
    form.begin({"amount": head.balance, "date": env.today, "currency": head.currency.id})
    errors: list[str] = []
    typed = form.values() if request.posted else {}
    if request.posted and not form.errors:
        try:
            with request.attempt():
                settling.receive(env, key, {n: v for n, v in typed.items() if n != "currency"})
            request.flash(env.t(_("The payment is booked.")))
            return request.redirect(record_url(record, key))
        except SarnakhError as error:
            errors = form.take(error)
    page = FormPage(env.t(_("Receive payment")), f"/x/sales/invoice/{key}/pay", [Section("main", columns=2, fields=form.fields())],
                    errors=errors, cancel_url=record_url(record, key),
                    actions=[Action(env.t(_("Book payment")), kind="submit", style="primary")])
    return request.render("sales/form.html", page, title=page.title, crumbs=crumbs(env, record, key), active=record,
                          status=422 if request.posted else 200)


@pages.route("/payment/<int:key>/allocate", methods=("GET", "POST"))
def allocate(env: Env, request: Request, key: int) -> Response:
    """Which open invoices a payment settles; filled in from the oldest on."""
    record = "sales.payment"
    env.require("action:post", record)
    head = env.get(record, key, "account", "currency", "left", "kind", "status")
    kind = CREDIT_NOTE if head.kind == REFUND else INVOICE
    rows = env.query("sales.invoice").where((F.account == head.account.id) & (F.currency == head.currency.id) & (F.balance > 0)
                                            & (F.kind == kind) & F.status.isin(OPEN)).order("due_on", "id").select(
        "name", "balance", "due_on").rows(200)
    errors: list[str] = []
    if request.posted:
        try:
            shares = {r["id"]: env.format.parse_number(text) for r in rows if (text := request.value(f"share-{r['id']}").strip())}
            with request.attempt():
                settling.allocate(env, key, shares)
            request.flash(env.t(_("Allocated.")))
            return request.redirect(record_url(record, key))
        except ValueError as error:
            errors = [env.t(error.args[0]) if error.args else env.t(_("This is not a number."))]
        except SarnakhError as error:
            errors = [env.t(error.message)]
    left, shown = head.left, []
    code = head.currency.label or ""
    for row in rows:
        share, left = min(left, row["balance"]), max(left - row["balance"], Decimal(0))
        about = env.t(_("open {amount}, due {day}", amount=env.format.money(row["balance"], code), day=env.format.date(row["due_on"])))
        shown.append(FieldView(f"share-{row['id']}", row["name"] or f"#{row['id']}", "decimal", request.value(f"share-{row['id']}") if
                               request.posted else env.format.number(share) if share else "", help=about))
    page = FormPage(env.t(_("Allocate payment")), f"/x/sales/payment/{key}/allocate", [Section("main", columns=1, fields=shown)],
                    errors=errors, cancel_url=record_url(record, key),
                    intro=env.t(_("Not allocated yet: {amount}", amount=env.format.money(head.left, code))) if rows else
                    env.t(_("The account has no open invoice in this currency.")),
                    actions=[Action(env.t(_("Allocate")), kind="submit", style="primary")] if rows else [])
    return request.render("sales/form.html", page, title=page.title, crumbs=crumbs(env, record, key), active=record,
                          status=422 if errors else 200)


# ---------------------------------------------------------------- statements
@pages.route("/statement/<int:account>")
def account_statement(env: Env, request: Request, account: int) -> Response:
    """The statement of an account; `?pdf=1` as PDF."""
    env.require("read", "sales.invoice")
    env.require("read", "sales.payment")
    env.get("contacts.account", account, "name")
    choices = statement.currencies(env, account)
    currency = request.arg_int("currency") or (choices[0][0] if choices else 0)
    since, until = _day(env, request.arg("since"), env.calendar.year_bounds(env.today)[0]), _day(env, request.arg("until"), env.today)
    lang = request.arg("lang") if request.arg("lang") in ("en", "fa", "tr") else env.lang[:2]
    data: dict[str, Any] | None = statement.sheet(env, account, currency, since, until, lang) if currency else None
    if data and request.arg("pdf") == "1":
        return request.file(render_document(env, "letter", data), f"{data['title']} {data['file']}.pdf", PDF)
    names = [("en", "English"), ("fa", "فارسی"), ("tr", "Türkçe")]
    filters = FormPage("", f"/x/sales/statement/{account}", [Section("main", columns=2, fields=[
        FieldView("since", env.t(_("From")), "date", env.format.date(since, "short"), attrs={"data-iso": since.isoformat()}),
        FieldView("until", env.t(_("To")), "date", env.format.date(until, "short"), attrs={"data-iso": until.isoformat()}),
        select(env, request, "currency", _("Currency"), [(str(k), label) for k, label in choices], str(currency)),
        select(env, request, "lang", _("Language"), names, lang)])], method="get", actions=[
            Action(env.t(_("Show")), kind="submit"), Action(env.t(_("PDF")), kind="submit", name="pdf", value="1",
                                                            icon="file-earmark-pdf")])
    return request.render("sales/statement.html", {"filters": filters, "sheet": data, "title": env.t(_("Statement of account"))},
                          title=env.t(_("Statement of account")), crumbs=crumbs(env, "contacts.account", account),
                          active="contacts.account")


def _day(env: Env, text: str, usual: dt.date) -> dt.date:
    try:
        return env.format.parse_date(text) if text.strip() else usual
    except ValueError:
        return usual
