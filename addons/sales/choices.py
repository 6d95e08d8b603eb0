"""Picklists of sales papers, and which of their states may follow which."""

from collections.abc import Sequence

from core.api import _

LANGUAGES = [("en", "English"), ("fa", "فارسی"), ("tr", "Türkçe")]
CALENDARS = [("gregorian", _("Gregorian")), ("jalali", _("Jalali (Solar Hijri)"))]

DRAFT, SENT, ACCEPTED, DECLINED, EXPIRED, REVISED = "draft", "sent", "accepted", "declined", "expired", "revised"
QUOTE_STATUSES = [
    (DRAFT, _("Draft"), "grey"), (SENT, _("Sent"), "blue"), (ACCEPTED, _("Accepted"), "green"),
    (DECLINED, _("Declined"), "red"), (EXPIRED, _("Expired"), "amber"), (REVISED, _("Revised"), "purple")]
QUOTE_MOVES: dict[str, Sequence[str]] = {DRAFT: [SENT], SENT: [ACCEPTED, DECLINED, EXPIRED, REVISED], EXPIRED: [ACCEPTED, REVISED],
               DECLINED: [REVISED], ACCEPTED: [], REVISED: []}

CONFIRMED, PARTLY, FULFILLED, CANCELLED = "confirmed", "partly", "fulfilled", "cancelled"
ORDER_STATUSES = [
    (DRAFT, _("Draft"), "grey"), (CONFIRMED, _("Confirmed"), "blue"), (PARTLY, _("Partly fulfilled"), "amber"),
    (FULFILLED, _("Fulfilled"), "green"), (CANCELLED, _("Cancelled"), "red")]
ORDER_MOVES: dict[str, Sequence[str]] = {DRAFT: [CONFIRMED, CANCELLED], CONFIRMED: [PARTLY, FULFILLED, CANCELLED],
                                         PARTLY: [CONFIRMED, FULFILLED],
               FULFILLED: [CONFIRMED, PARTLY], CANCELLED: []}

ISSUED, PART_PAID, PAID, OVERDUE = "issued", "partly_paid", "paid", "overdue"
INVOICE_STATUSES = [
    (DRAFT, _("Draft"), "grey"), (ISSUED, _("Issued"), "blue"), (PART_PAID, _("Partly paid"), "teal"),
    (OVERDUE, _("Overdue"), "red"), (PAID, _("Paid"), "green"), (CANCELLED, _("Cancelled"), "purple")]
OPEN = (ISSUED, PART_PAID, OVERDUE)
_STANDING = [ISSUED, PART_PAID, PAID, OVERDUE, CANCELLED]
INVOICE_MOVES: dict[str, Sequence[str]] = {DRAFT: [ISSUED], **{state: [s for s in _STANDING if s != state] for state in _STANDING}}

INVOICE, CREDIT_NOTE = "invoice", "credit_note"
INVOICE_KINDS = [(INVOICE, _("Invoice"), "blue"), (CREDIT_NOTE, _("Credit note"), "purple")]

RECEIVED, REFUND = "received", "refund"
PAYMENT_KINDS = [(RECEIVED, _("Payment received"), "green"), (REFUND, _("Refund"), "amber")]
POSTED = "posted"
PAYMENT_STATUSES = [(DRAFT, _("Draft"), "grey"), (POSTED, _("Posted"), "green"), (CANCELLED, _("Cancelled"), "red")]
PAYMENT_MOVES: dict[str, Sequence[str]] = {DRAFT: [POSTED], POSTED: [CANCELLED], CANCELLED: []}
METHODS = [("transfer", _("Bank transfer")), ("card", _("Card")), ("cheque", _("Cheque")), ("cash", _("Cash")),
           ("gateway", _("Payment gateway")), ("other", _("Other"))]

PURCHASE_STATUSES = [(DRAFT, _("Draft"), "grey"), (SENT, _("Sent"), "blue"), (PARTLY, _("Partly received"), "amber"),
                     ("received", _("Received"), "green"), (CANCELLED, _("Cancelled"), "red")]
PURCHASE_MOVES: dict[str, Sequence[str]] = {DRAFT: [SENT, CANCELLED], SENT: [PARTLY, "received", CANCELLED], PARTLY: ["received"],
                                            "received": [], CANCELLED: []}

ACTIVE, RENEWED, ENDED = "active", "renewed", "ended"
CONTRACT_STATUSES = [(DRAFT, _("Draft"), "grey"), (ACTIVE, _("In force"), "green"), (RENEWED, _("Renewed"), "teal"),
                     (ENDED, _("Ended"), "red")]
CONTRACT_MOVES: dict[str, Sequence[str]] = {DRAFT: [ACTIVE], ACTIVE: [RENEWED, ENDED], RENEWED: [], ENDED: []}

SERIES_KINDS = [("quote", _("Quotes")), ("order", _("Orders")), ("invoice", _("Invoices")), ("credit_note", _("Credit notes")),
                ("payment", _("Payments")), ("refund", _("Refunds")), ("shipment", _("Shipments")),
                ("purchase", _("Purchase orders")), ("contract", _("Contracts"))]
PATTERNS = {"quote": "QT-{year}-{number:05d}", "order": "SO-{year}-{number:05d}", "invoice": "INV-{year}-{number:05d}",
            "credit_note": "CN-{year}-{number:05d}", "payment": "RC-{year}-{number:05d}", "refund": "RF-{year}-{number:05d}",
            "shipment": "DN-{year}-{number:05d}", "purchase": "PO-{year}-{number:05d}", "contract": "CT-{year}-{number:04d}"}

LOCKED = _("It is no longer a draft: what was sent or issued stays as it is.")
