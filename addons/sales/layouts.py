"""How papers, payments and contracts are shown."""

from typing import Any

from core.api import ME, TODAY, Button, Card, F, Form, Kanban, List, Place, Quick, Related, Search, Section, Tab, _, fn, on

_LINES = ["description", "quantity", "unit", "unit_price", "discount_percent", "tax", "total"]
_SUMS = Section("sums", "discount", "net", "tax", "total", label=_("Sums"), columns=2)
_ADDRESSES = Section("addresses", "billing_address", "shipping_address", "customer_reference", label=_("Addresses"), columns=2)
_TEXTS = Section("texts", Place("terms", span=2), Place("remarks", span=2), label=_("Texts"), columns=2)
_PRICES = Section("prices", "discount_percent", "discount_amount", "price_list", "language", "in_toman", "company",
                  label=_("Conditions"), columns=2)


def _details(*first: Any) -> Any:
    return Tab("details", *first, _ADDRESSES, _PRICES, _TEXTS, Section("people", "owner", "co_owners", label=_("People"), columns=2),
               label=_("Details"), icon="list-columns")


def _trade(record: str, *names: str, buttons: tuple[str, ...], related: tuple[Any, ...] = (),
           more: tuple[Any, ...] = (), lines: tuple[str, ...] = ()) -> Any:
    return Form(record, *(Button(name) for name in buttons),
                Section("main", Place("subject", span=2), "account", "contact", "status", "number", "date", *names, "currency",
                        label=_("Paper"), columns=2),
                Section("lines_section", Place("lines", span=2), label=_("Lines"), columns=1), _SUMS,
                *more, _details(), Related("paper_lines", record=f"{record}_line", by="paper", columns=[*_LINES, *lines],
                                           label=_("Lines")), *related)


_OPEN_INVOICE = F.status.isin(("issued", "partly_paid", "overdue")) & (F.kind == "invoice")

LAYOUTS = [
    _trade("sales.quote", "valid_until", buttons=("send", "accept", "decline", "revise", "order"),
           more=(Tab("answer", Section("answered", "sent_at", "answered_at", "answered_by", "answered_from",
                                       Place("decline_reason", span=2), "revision", "revision_of", label=_("Answer"), columns=2,
                                       visible=F.status != "draft"),
                     label=_("Answer"), icon="chat-square-text"),),
           related=(Related("orders", columns=["name", "status", "date", "total"], label=_("Orders")),
                    Related("revisions", columns=["name", "status", "date", "total"], label=_("Revisions")))),
    List("sales.quote", Place("name", pinned=True, pixels=260), "account", "status", "date", "valid_until", "total", "owner",
         order=["-date"]),
    Card("sales.quote", "account", "status", "total", "valid_until", "owner", title="name", subtitle="account"),
    Kanban("sales.quote", column="status", card=["account", "total", "valid_until", "owner"], title="name"),
    Quick("sales.quote", "subject", "account", "contact", "currency", "valid_until"),
    Search("sales.quote", text=["name", "number", "subject", "customer_reference"], quick=["status", "account", "owner",
        "date", "total"], filters={
        "mine": (_("Mine"), (F.owner == ME) & F.status.isin(("draft", "sent"))),
        "waiting": (_("Waiting for an answer"), F.status == "sent"),
        "ending": (_("Ending within a week"), (F.status == "sent") & (F.valid_until <= fn.add_days(TODAY, 7))),
        "to_order": (_("Accepted this month"), "status == \"accepted\" and answered_at in this_month()")}),
    _trade("sales.order", "deliver_on", "quote", buttons=("confirm", "ship", "invoice", "cancel"), lines=("delivered",),
           related=(Related("shipments", columns=["number", "status", "date", "carrier", "tracking"], label=_("Shipments")),
                    Related("invoices", columns=["name", "status", "due_on", "total", "balance"], label=_("Invoices")))),
    List("sales.order", Place("name", pinned=True, pixels=260), "account", "status", "date", "deliver_on", "total", "owner",
         order=["-date"]),
    Card("sales.order", "account", "status", "total", "deliver_on", "owner", title="name", subtitle="account"),
    Kanban("sales.order", column="status", card=["account", "total", "deliver_on", "owner"], title="name"),
    Search("sales.order", text=["name", "number", "subject", "customer_reference"], quick=["status", "account", "owner",
        "date", "total"], filters={
        "to_deliver": (_("To be delivered"), F.status.isin(("confirmed", "partly"))),
        "late": (_("Late"), F.status.isin(("confirmed", "partly")) & (F.deliver_on < TODAY)),
        "mine": (_("Mine"), F.owner == ME)}),
    Form("sales.shipment", Button("shipped"),
         Section("main", "order", "account", "status", "number", "date", "carrier", "tracking", "owner", Place("remarks", span=2),
                 label=_("Shipment"), columns=2),
         Section("lines_section", Place("lines", span=2), label=_("Lines"), columns=1),
         Related("paper_lines", record="sales.shipment_line", by="paper", columns=["name", "quantity", "order_line"], label=_("Lines"))),
    List("sales.shipment", Place("number", pinned=True, pixels=180), "order", "account", "status", "date", "carrier", "tracking",
         order=["-date"]),
    Search("sales.shipment", text=["number", "tracking"], quick=["status", "account", "date"],
           filters={"drafts": (_("To be sent"), F.status == "draft")}),
    _trade("sales.invoice", "due_on", "kind", "order", "credits", "paid", "balance", buttons=("issue", "pay", "credit"),
           related=(Related("allocations", columns=["payment", "credit", "amount", "date"], label=_("Paid by")),
                    Related("credit_notes", columns=["name", "status", "date", "total"], label=_("Credit notes")))),
    List("sales.invoice", Place("name", pinned=True, pixels=260), "account", "kind", "status", "date", "due_on", "total",
         "balance", "owner",
         order=["-date"]),
    Card("sales.invoice", "account", "status", "total", "balance", "due_on", title="name", subtitle="account"),
    Kanban("sales.invoice", column="status", card=["account", "total", "balance", "due_on"], title="name"),
    Search("sales.invoice", text=["name", "number", "subject", "customer_reference"],
           quick=["status", "kind", "account", "owner", "date", "due_on", "total"], filters={
        "open": (_("Open", context="not paid"), _OPEN_INVOICE), "overdue": (_("Overdue"), F.status == "overdue"),
        "drafts": (_("To be issued"), F.status == "draft"), "mine": (_("Mine"), F.owner == ME)}),
    Form("sales.payment", Button("post"), Button("allocate"), Button("cancel"),
         Section("main", "account", "kind", "status", "number", "amount", "currency", "date", "method", "reference", "allocated", "left",
                 "language", "in_toman", "owner", Place("remarks", span=2), label=_("Payment"), columns=2),
         Related("allocations", columns=["invoice", "amount", "date"], label=_("Allocations"))),
    List("sales.payment", Place("number", pinned=True, pixels=180), "account", "kind", "status", "date", "method", "amount", "left",
         order=["-date"]),
    Search("sales.payment", text=["number", "reference"], quick=["status", "kind", "account", "method", "date"],
           filters={"to_allocate": (_("To be allocated"), (F.status == "posted") & (F.left > 0))}),
    _trade("sales.purchase", "expected_on", buttons=("send", "receive", "receive_part", "cancel"), lines=("received",)),
    List("sales.purchase", Place("name", pinned=True, pixels=260), "account", "status", "date", "expected_on", "total",
         "owner", order=["-date"]),
    Search("sales.purchase", text=["name", "number", "subject"], quick=["status", "account", "owner", "date"],
           filters={"coming": (_("Still to come"), F.status.isin(("sent", "partly")))}),
    Form("sales.contract", Button("activate"), Button("renew"), Button("end"),
         Section("main", Place("subject", span=2), "account", "contact", "status", "number", "starts", "ends", "amount",
                 "currency", "date",
                 "order", label=_("Contract"), columns=2),
         Section("time", "notice_days", "notice_on", "remind_days", "automatic", "renewal_of", "reminded_at",
                 label=_("Notice and renewal"),
                 columns=2),
         Section("texts", Place("terms", span=2), Place("remarks", span=2), "language", "in_toman", "company", "owner",
                 "co_owners", label=_("Texts"), columns=2),
         Related("renewals", columns=["name", "status", "starts", "ends", "amount"], label=_("Renewals"))),
    List("sales.contract", Place("name", pinned=True, pixels=260), "account", "status", "starts", "ends", "notice_on", "amount", "owner",
         order=["ends"]),
    Search("sales.contract", text=["name", "number", "subject"], quick=["status", "account", "owner", "ends"], filters={
        "in_force": (_("In force"), F.status == "active"),
        "notice": (_("Notice within 60 days"), (F.status == "active") & (F.notice_on <= fn.add_days(TODAY, 60)))}),
    List("sales.series", "kind", "pattern", "calendar", order=["kind"]),
    on("contacts.account", "form")
    .insert(Related("sales_quotes", record="sales.quote", by="account", columns=["name", "status", "date", "total"], label=_("Quotes")))
    .insert(Related("sales_orders", record="sales.order", by="account", columns=["name", "status", "date", "total"], label=_("Orders")))
    .insert(Related("sales_invoices", record="sales.invoice", by="account", columns=["name", "status", "due_on", "total", "balance"],
                    label=_("Invoices")))
    .insert(Related("sales_contracts", record="sales.contract", by="account", columns=["name", "status", "starts", "ends"],
                    label=_("Contracts"))),
]
