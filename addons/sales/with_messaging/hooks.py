"""Sending a paper by e-mail: its PDF attached, with the customer's link where it has one."""

from __future__ import annotations

from html import escape
from typing import Any

from addons.messaging import accounts
from addons.sales import links, panels, printing
from core.api import ActionLink, Env, Installation, NotFound, SarnakhError, _, hookimpl
from core.web_api import Pages, Request, Response, with_query

pages = Pages("sales_mail")
SENT = {record: kind for record, kind in panels.KINDS.items() if record not in ("sales.purchase", "sales.shipment", "sales.payment")}
RECORDS = {kind: record for record, kind in SENT.items()}
DAYS = 30


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """The page that makes the PDF and opens the composer."""
    return [pages]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """For papers that go to customers, where there is an account to write from."""
    kind = SENT.get(record_name)
    if kind is None or record.get("status") in (None, "draft") or not env.can("read", "messaging.message"):
        return []
    if not accounts.usable(env, "mail"):
        return []
    return [ActionLink(_("Send by e-mail"), f"/x/sales_mail/{kind}/{record.id}", icon="envelope", post=True)]


@pages.route("/<any(quote, order, invoice, contract):kind>/<int:key>", methods=("POST",))
def begin(env: Env, request: Request, kind: str, key: int) -> Response:
    """Keep the PDF with the paper, and go on to the composer."""
    record = RECORDS.get(kind)
    if record is None:
        raise NotFound
    head = env.get(record, key, "name", "status")
    if head.status == "draft":
        raise SarnakhError(_("Drafts are not shown to customers yet."))
    file, name = printing.kept(env, record, key)
    subject = name.removesuffix(".pdf")
    text = f"<p>{escape(env.t(_('Please find {name} attached.', name=subject)))}</p>"
    if record in links.SHOWN and env.allowed_ids("action:send" if kind == "quote" else "update", record, [key]):
        token, _end = links.token(env, record, key, DAYS)
        address = f"{accounts.public_address(env) or request.base_url}/x/sales/p/{token}"
        text += f'<p><a href="{escape(address)}">{escape(env.t(_("Look at it in the browser")))}</a></p>'
    return request.redirect(with_query("/x/messaging/compose", {
        "record": record, "id": str(key), "channel": "mail", "files": str(file), "subject": subject, "text": text,
        "next": f"/r/{record}/{key}"}))
