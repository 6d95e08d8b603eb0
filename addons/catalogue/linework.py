"""The work behind lines of documents: pricing batches, offering new prices, amounts that add up, ceilings.

Each function reads and writes whole batches. Lines of several documents are priced together as far as their documents
agree in customer, currency, date and list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from addons.base import money
from core.api import AccessDenied, Change, Env, Invalid, Message, ValidationFailed, _, n_

from . import ceilings, configuring, names, taxing
from .amounts import EXACT, HUNDRED, ZERO, Line, document
from .asks import Ask, DocumentTerms, Priced, Terms
from .book import for_taxes
from .names import key
from .pricing import price

TermsOf = Callable[[Env, str, Sequence[int]], Mapping[int, Any]]
PRICING = ("product", "quantity", "unit", "configuration")
RESULTS = ("discount", "net", "tax", "total", "taxes", "concession", "held", "released_percent")


def usual_terms(env: Env, document_type: str, ids: Sequence[int]) -> Mapping[int, Any]:
    """Terms of documents from fields of the usual names, as far as they have them."""
    rtype = env.registry.record(document_type)
    known = [n for n in ("account", "currency", "date", "price_list", "discount_percent", "discount_amount", "language")
             if n in rtype.fields]
    with env.elevated(_("What documents say about prices")) as sudo:
        rows = sudo.query(document_type).with_ids(ids).archived(None).select(*known).rows()
    found = {}
    for row in rows:
        currency = key(row.get("currency")) or money.base(env).id
        found[row["id"]] = DocumentTerms(
            Terms(currency, key(row.get("account")), row.get("date"), None, key(row.get("price_list"))),
            row.get("discount_percent") or ZERO, row.get("discount_amount") or ZERO, language=row.get("language") or "")
    return found


def _parent(change: Change) -> tuple[str, str]:
    """The link to the document, and its column."""
    name = change.rtype.parent
    assert name is not None, f"{change.record} needs record_parent"
    return name, change.rtype.fields[name].column_name


# ---------------------------------------------------------------- pricing
def price_lines(env: Env, change: Change, terms_of: TermsOf) -> None:
    """Price what is new, and find what the rest would cost now."""
    name, column = _parent(change)
    touched = change.records if change.action == "create" else change.changed(*PRICING, "unit_price")
    priced = [r for r in touched if r.__dict__.get(column) is not None]
    if not priced:
        return
    target = change.rtype.fields[name].target  # type: ignore[attr-defined]
    terms = terms_of(env, target, sorted({r.__dict__[column] for r in priced}))
    _fill(env, change, [r for r in priced if r.product is not None], terms, column)
    for record, answer in _priced(env, priced, terms, column):
        _take(env, change, record, answer, terms[record.__dict__[column]])


def _fill(env: Env, change: Change, records: Sequence[Any], terms: Mapping[int, Any], column: str) -> None:
    """Unit, tax class and description of new products."""
    fresh = [r for r in records if change.action == "create" or change.was(r, "product") != r.product.id]
    rows = env.query(names.PRODUCT).with_ids({r.product.id for r in fresh}).archived(None).select("unit",
        "tax_class").rows() if fresh else []
    products = {row["id"]: row for row in rows}
    standard = configuring.defaults(env, products)
    words: dict[str, dict[int, dict[str, str]]] = {}
    for record in fresh:
        product = products.get(record.product.id)
        if product is None:
            continue
        new = change.action != "create"
        if record.configuration is None or (new and change.was(record, "configuration") == record.configuration):
            change.set(record, "configuration", configuring.as_stored(standard.get(record.product.id, ())))
        if record.unit is None or (new and change.was(record, "unit") == record.unit.id):
            change.set(record, "unit", key(product["unit"]))
        if record.tax_class is None or new:
            change.set(record, "tax_class", key(product["tax_class"]))
        if not record.description or (new and change.was(record, "description") == record.description):
            held = terms.get(record.__dict__[column])
            lang = (held.language if held is not None else "") or env.lang
            if lang not in words:
                words[lang] = names.texts(env, products, lang)
            change.set(record, "description", words[lang].get(record.product.id, {}).get("name"))


def _priced(env: Env, records: Sequence[Any], terms: Mapping[int, Any], column: str) -> Iterable[tuple[Any, Priced | None]]:
    by_terms: dict[Terms, list[Any]] = {}
    for record in records:
        held = terms.get(record.__dict__[column])
        if record.product is None or held is None or record.quantity is None:
            yield record, None
        else:
            by_terms.setdefault(held.terms, []).append(record)
    for one, group in by_terms.items():
        yield from zip(group, price(env, [ask_of(r) for r in group], one), strict=True)


def ask_of(record: Any) -> Ask:
    """The question that a line asks of the pricing engine."""
    try:
        options = configuring.stored(record.configuration)
    except ValueError:
        raise ValidationFailed([Invalid(record, "configuration", _("The chosen options cannot be read."))]) from None
    return Ask(record.product.id, record.quantity, key(record.unit), None, options)


def _take(env: Env, change: Change, record: Any, answer: Priced | None, held: Any) -> None:
    change.set(record, "currency", held.terms.currency)
    if answer is None:
        change.set(record, "by_hand", True)
        change.set(record, "fair_price", record.unit_price)
        change.set(record, "list_price", record.unit_price)
        return
    fresh = change.action == "create" or change.was(record, "product") != record.product.id or change.was(
        record, "configuration") != record.configuration
    typed = record.unit_price is not None and (change.action == "create" or change.was(record, "unit_price") != record.unit_price)
    if answer.refusal is not None:
        raise ValidationFailed([Invalid(record, "product", answer.refusal)])
    if typed and record.unit_price != answer.unit_price:
        _facts(env, change, record, answer)
        change.set(record, "by_hand", True)
    elif fresh or typed or record.unit_price is None:
        _facts(env, change, record, answer)
        _accept(change, record, values_of(record, answer), keep_discount=record.discount_percent is not None
                and (change.action == "create" or change.was(record, "discount_percent") != record.discount_percent))
    else:
        offered(change, record, answer)


def _facts(env: Env, change: Change, record: Any, answer: Priced) -> None:
    change.set(record, "list_price", answer.list_price)
    change.set(record, "fair_price", answer.fair_price)
    change.set(record, "price_list", answer.price_list)
    change.set(record, "reason", "\n".join(env.t(r) for r in answer.reasons))
    _no_offer(change, record)


def values_of(record: Any, answer: Priced) -> dict[str, Decimal | None]:
    """What the engine's answer makes of the fields that people may edit."""
    each = EXACT.multiply(answer.each_off, abs(record.quantity))
    return {"unit_price": answer.unit_price, "discount_percent": answer.discount_percent or None, "discount_amount": each or None}


def _accept(change: Change, record: Any, values: Mapping[str, Any], keep_discount: bool) -> None:
    change.set(record, "unit_price", values["unit_price"])
    if not keep_discount:
        change.set(record, "discount_percent", values["discount_percent"])
        if record.discount_amount is None or change.action == "update":
            change.set(record, "discount_amount", values["discount_amount"])
    change.set(record, "by_hand", False)


def offered(change: Change, record: Any, answer: Priced) -> None:
    """The line keeps its price; what the lists say now is put beside it when that has changed.

    The price by the rules is today's in any case: whoever keeps an old, lower one goes below the rules by that much.
    """
    for name, value in _offer(record, answer).items():
        change.set(record, name, value)


def _offer(record: Any, answer: Priced) -> dict[str, Any]:
    """What comes of a new answer for a line that has its price."""
    values = values_of(record, answer)
    facts: dict[str, Any] = {"fair_price": answer.fair_price, "list_price": answer.list_price}
    if record.by_hand or all((getattr(record, n) or ZERO) == (v or ZERO) for n, v in values.items()):
        return facts | {"offered_price": None, "offered": None}
    if answer.fair_price == record.fair_price:  # nothing new: an offer that was put aside stays there
        return facts
    return facts | {"offered_price": answer.fair_price, "offered": {n: None if v is None else str(v) for n, v in values.items()}}


def _no_offer(change: Change, record: Any) -> None:
    if change.action == "update" or record.__dict__.get("offered_price") is not None:
        change.set(record, "offered_price", None)
        change.set(record, "offered", None)


# ---------------------------------------------------------------- offers
def offer(env: Env, record: str, documents: Sequence[int]) -> int:
    """Compare all lines of documents with what the lists say now."""
    rtype = env.registry.record(record)
    parent = rtype.fields[str(rtype.parent)]
    terms = rtype.cls.line_terms(env, parent.target, list(documents))  # type: ignore[attr-defined]
    with env.elevated(_("New prices of lines")) as sudo:
        found = sudo.query(record).holding(parent.name, documents).order("id").records()
        for one in found:
            one.__dict__[parent.column_name] = getattr(one, parent.name).id
        writes: dict[int, dict[str, Any]] = {}
        for line, answer in _priced(env, found, terms, parent.column_name):
            if answer is not None and answer.refusal is None:
                writes[line.id] = _offer(line, answer)
        sudo.update_each(record, writes, source="settle")
    settle(env, record, documents)
    return sum(1 for w in writes.values() if w.get("offered") is not None)


def take_offers(env: Env, records: Sequence[Any]) -> Message:
    """New prices replace old ones; the line asks the lists again, so that its reasons are today's."""
    record = records[0].record_name
    env.update_each(record, {r.id: {"unit_price": None} for r in records})
    return n_("{count} new price.", "{count} new prices.", len(records))


def keep_prices(env: Env, records: Sequence[Any]) -> Message:
    """The offers are put aside."""
    env.require("update", records[0].record_name)
    with env.elevated(_("Offers that were put aside")) as sudo:
        sudo.update_each(records[0].record_name, {r.id: {"offered_price": None, "offered": None} for r in records}, source="settle")
    return _("The prices stay.")


# ---------------------------------------------------------------- amounts
def settle_parents(env: Env, change: Change, terms_of: TermsOf) -> None:
    """Bring the documents of changed lines up to date."""
    _name, column = _parent(change)
    parents = {r.__dict__.get(column) for r in change.records} | {old.get(column) for old in change.old.values()}
    settle(env, change.record, sorted(p for p in parents if p is not None))


def settle(env: Env, record: str, documents: Sequence[int]) -> None:
    """All amounts of all lines of these documents; only what differs is written."""
    rtype = env.registry.record(record)
    parent = rtype.fields[str(rtype.parent)]
    if not documents:
        return
    terms = rtype.cls.line_terms(env, parent.target, list(documents))  # type: ignore[attr-defined]
    with env.elevated(_("Amounts of lines")) as sudo:
        names_read = (parent.name, "product", "quantity", "unit_price", "discount_percent", "discount_amount", "tax_class", "price_list",
                      "fair_price", *RESULTS)
        by_document: dict[int, list[dict[str, Any]]] = {}
        for row in sudo.query(record).holding(parent.name, documents).order("position", "id").select(*names_read).rows():
            by_document.setdefault(row[parent.name].id, []).append(row)
        writes: dict[int, dict[str, Any]] = {}
        for which, rows in by_document.items():
            if which in terms:
                writes |= _amounts(env, rows, terms[which])
        _hold(env, record, [row for rows in by_document.values() for row in rows], writes)
        sudo.update_each(record, writes, source="settle")


def _amounts(env: Env, rows: Sequence[dict[str, Any]], held: Any) -> dict[int, dict[str, Any]]:
    book = for_taxes(env, held.terms)
    lines = [Line(r["quantity"] or ZERO, r["unit_price"] or ZERO, r["discount_percent"] or ZERO, r["discount_amount"] or ZERO,
                  taxing.rates(book, key(r["tax_class"]), book.lists.get(key(r["price_list"]) or 0))) for r in rows]
    totals = document(lines, book.currency, discount_percent=held.discount_percent, discount_amount=held.discount_amount,
                      by_document=held.by_document)
    writes = {}
    for row, made in zip(rows, totals.lines, strict=True):
        taxes = [{"tax": t.rate.id, "name": t.rate.name, "names": dict(t.rate.names), "percent": str(t.rate.percent),
                  "included": t.rate.included, "base": str(t.base), "amount": str(t.amount)} for t in made.taxes]
        values = {"discount": made.discount + made.share, "net": made.net, "tax": made.tax, "total": made.total, "taxes": taxes,
                  "concession": concession(row, made.after)}
        if any(row[n] != v for n, v in values.items()):
            writes[row["id"]] = values
    return writes


def concession(row: Mapping[str, Any], after: Decimal) -> Decimal:
    """How far, in percent, a line is below what the rules give."""
    fair = EXACT.multiply(row["fair_price"] or ZERO, row["quantity"] or ZERO)
    if fair <= 0 or after >= fair:
        return ZERO
    return EXACT.divide((fair - after) * HUNDRED, fair).quantize(Decimal("0.0001"))


# ---------------------------------------------------------------- ceilings
def _hold(env: Env, record: str, rows: Iterable[Mapping[str, Any]], writes: dict[int, dict[str, Any]]) -> None:
    """Hold what goes beyond the actor's ceiling, as far as nobody released it."""
    limit = ceilings.ceiling(env)
    cases = []
    for row in rows:
        new = writes.get(row["id"], {}).get("concession", row["concession"] or ZERO)
        if new == (row["concession"] or ZERO) and row["held"] is not None and not (row["held"] and not new):
            continue
        released = row["released_percent"] or ZERO
        over = new > max(limit, released)
        values: dict[str, Any] = {"held": over}
        if not over and new > released and limit < HUNDRED:
            values["released_percent"] = new
        if over:
            cases.append({"id": row["id"], "value": new, "limit": limit})
        if values["held"] != bool(row["held"]) or "released_percent" in values:
            writes.setdefault(row["id"], {}).update(values)
    for which, fine in ceilings.released_elsewhere(env, record, cases).items():
        writes.setdefault(which, {})["held"] = not fine


def release(env: Env, records: Sequence[Any]) -> Message:
    """Whoever's ceiling reaches that far releases held discounts."""
    limit = ceilings.ceiling(env)
    for line in records:
        if (line.concession or ZERO) > limit:
            raise AccessDenied(_("This discount is {percent} % below the rules; you may decide about {limit} %.",
                                 percent=env.format.number(line.concession), limit=env.format.number(limit)))
    with env.elevated(_("Released discounts")) as sudo:
        sudo.update_each(records[0].record_name, {r.id: {"held": False, "released_percent": r.concession} for r in records},
                         source="settle")
    return n_("{count} discount released.", "{count} discounts released.", len(records))
