"""The price check: what a product costs a customer on a day, which list says so and why, and what other lists say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.api import Env, F, Message, _, isolate
from core.web_api import (
    Action,
    Badge,
    Cell,
    Column,
    EmptyState,
    FieldView,
    Pages,
    Request,
    Response,
    Row,
    SimpleTable,
    record_url,
)

from . import asking, configuring, names
from .pricing import Ask, Priced, PricedDocument, Terms, price_apart

pages = Pages("catalogue")
MOST_LISTS = 40


@dataclass
class Fact:
    """One line of a calculation."""

    label: str
    value: str
    strong: bool = False


@dataclass
class CheckPage:
    """The page: inputs, the answer, what it is made of, other lists."""

    title: str
    action_url: str
    fields: list[FieldView]
    name: str = ""
    url: str = ""
    code: str = ""
    stock: str = ""
    price: str = ""
    unit: str = ""
    was: str = ""
    list_name: str = ""
    list_url: str = ""
    refusal: str = ""
    reasons: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    others: SimpleTable | None = None
    actions: list[Action] = field(default_factory=list)


@pages.route("/check")
def check(env: Env, request: Request) -> Response:
    """Choose customer, product, quantity and day; see the price and where it comes from."""
    env.require("read", asking.PRODUCT)
    asked = asking.read(env, request)
    page = CheckPage(env.t(_("Price check")), "/x/catalogue/check",
                     asking.inputs(env, asked, "product", "account", "quantity", "unit", "on", "currency", "price_list"))
    if asked.product is not None:
        _answer(env, asked, page)
    return request.render("catalogue/check.html", page, title=page.title, active="/x/catalogue/check")


def _answer(env: Env, asked: asking.Asked, page: CheckPage) -> None:
    assert asked.currency is not None
    words = names.texts(env, [asked.product.id], env.lang)[asked.product.id]
    page.name, page.code, page.url = words["name"], words["code"], record_url(asking.PRODUCT, asked.product.id)
    page.stock = asked.product.stock_text or ""
    options = tuple(configuring.defaults(env, [asked.product.id]).get(asked.product.id, ()))
    one = Ask(asked.product.id, asked.quantity, asked.unit, asked.price_list.id if asked.price_list is not None else None, options)
    account = asked.account.id if asked.account is not None else None
    terms = Terms(asked.currency.id, account, asked.on)
    lists = env.query(asking.LIST).where(F.active & (F.currency == asked.currency.id) & (F.kind != "purchase")).order("name").select(
        "name").rows(limit=MOST_LISTS)
    whole, *others = price_apart(env, [one, *(Ask(one.product, one.quantity, one.unit, r["id"], options) for r in lists)], terms)
    if options:
        page.actions.append(Action(env.t(_("Configure")), f"/x/catalogue/configure?product={asked.product.id}"
                                   f"&account={account or ''}&currency={asked.currency.id}", icon="sliders"))
    found = whole.lines[0]
    if found.refusal is not None:
        page.refusal = told(env, found.refusal)
    else:
        _explain(env, page, whole, {r["id"]: r["name"] for r in lists})
    page.others = _others(env, lists, [o.lines[0] for o in others], found.price_list)


def _others(env: Env, lists: list[dict[str, Any]], answers: list[Priced], which: int | None) -> SimpleTable:
    """What every list of the currency says."""
    columns = [Column("list", env.t(_("Price list"))), Column("price", env.t(_("Price")), align="end"),
               Column("fair", env.t(_("After discounts")), align="end"), Column("note", "")]
    rows = []
    for row, other in zip(lists, answers, strict=True):
        url = record_url(asking.LIST, row["id"])
        note = Cell("choice", badges=[Badge(env.t(_("Applies")), "green", "check2")]) if row["id"] == which else Cell(
            text="" if other.refusal is None else told(env, other.refusal))
        rows.append(Row(row["id"], url, [Cell(text=row["name"], url=url, dir="auto"), Cell(text=money(env, other, other.unit_price)),
                                         Cell(text=money(env, other, other.fair_price)), note]))
    return SimpleTable(columns, rows, caption=env.t(_("In every list of this currency")),
                       empty=EmptyState(env.t(_("There is no active price list in this currency.")), icon="tags"))


def money(env: Env, priced: Priced, amount: Any) -> str:
    """An amount of a priced line."""
    return "" if priced.refusal is not None or priced.currency is None else env.format.money(amount, priced.currency.code)


def told(env: Env, message: Message) -> str:
    """A text whose values keep their direction within it: names of lists and products are in any language."""
    params = {name: told(env, value) if isinstance(value, Message) else isolate(value) if isinstance(value, str) else value
              for name, value in message.params.items()}
    return env.t(Message(message, params, message.plural, message.number, message.context))


def _explain(env: Env, page: CheckPage, whole: PricedDocument, lists: dict[int, str]) -> None:
    found = whole.lines[0]
    page.price = money(env, found, found.fair_price)
    page.unit = _unit(env, found)
    if found.list_price > found.fair_price:
        page.was = money(env, found, found.list_price)
    page.list_name, page.list_url = lists.get(found.price_list or 0, ""), record_url(asking.LIST, found.price_list or 0)
    page.reasons = [told(env, r) for r in (*found.reasons, *whole.reasons)]
    page.facts = facts(env, whole)


def _unit(env: Env, found: Priced) -> str:
    return env.labels(asking.UNIT, [found.unit]).get(found.unit, "") if found.unit else ""


def facts(env: Env, whole: PricedDocument) -> list[Fact]:
    """How the amount of a line comes about."""
    found = whole.lines[0]
    made = [Fact(env.t(_("{quantity} × {price}", quantity=env.format.number(found.quantity), price=money(env, found, found.unit_price))),
                 money(env, found, found.unit_price * found.quantity))]
    off = whole.totals.discount if whole.totals is not None else found.discount_amount
    if off:
        made.append(Fact(env.t(_("Discount")), money(env, found, -off)))
    inside = [t for t in found.taxes if t.rate.included]
    made.extend(Fact(told(env, _("{tax} {percent} % inside", tax=t.rate.name, percent=env.format.number(t.rate.percent))),
                     money(env, found, t.amount))
                for t in inside)
    made.append(Fact(env.t(_("Net")), money(env, found, found.net)))
    made.extend(Fact(told(env, _("{tax} {percent} %", tax=t.rate.name, percent=env.format.number(t.rate.percent))),
                     money(env, found, t.amount))
                for t in found.taxes if not t.rate.included)
    made.append(Fact(env.t(_("Total")), money(env, found, found.total), strong=True))
    return made
