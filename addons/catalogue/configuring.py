"""Configuring products: the questions of a product and its family, what fits together, and why something does not.

    questions = configuring.questions(env, product)
    configuring.problems(questions, [Chosen(option), ...])      # [] when everything fits
    configuring.defaults(env, [product])                        # what is chosen at first
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from core.api import Env, Message, _, n_

from .asks import Chosen
from .names import PRODUCT, key

MOST = 200
"""Options that one line may hold."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One option: what it is, what it costs, what it needs and what it does not go with."""

    id: int
    name: str
    product: int | None
    method: str
    amount: Decimal | None
    currency: int | None
    percent: Decimal | None
    chosen: bool
    least: Decimal
    most: Decimal
    requires: Mapping[int, str]
    excludes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A group of options: at least so many, at most so many."""

    id: int
    name: str
    minimum: int
    maximum: int | None
    options: tuple[Answer, ...]


def questions(env: Env, product: int) -> list[Question]:
    """The questions of one product, its own and its family's, in their order."""
    rows = env.query(PRODUCT).with_ids([product]).archived(None).select("family").rows()
    return read(env, {row["id"]: row for row in rows}).get(product, [])


def read(env: Env, products: Mapping[int, Mapping[str, Any]]) -> dict[int, list[Question]]:
    """The questions of many products (rows with their `family`); products without any are left out."""
    families = {k for row in products.values() if (k := key(row["family"])) is not None}
    chosen = ("name", "minimum", "maximum", "position", "product", "family")
    rows = env.query("catalogue.option_group").holding("product", list(products)).select(*chosen).spoken().rows() if products else []
    if families:
        rows += env.query("catalogue.option_group").holding("family", list(families)).select(*chosen).spoken().rows()
    if not rows:
        return {}
    options: dict[int, list[Answer]] = {}
    found = env.query("catalogue.option").holding("group", [r["id"] for r in rows]).order("position", "id").select(
        "group", "name", "product", "price_method", "amount", "currency", "percent", "chosen", "least", "most", "requires", "excludes")
    for row in found.spoken().rows():
        options.setdefault(row["group"].id, []).append(_answer(row))
    by_product: dict[int, list[Question]] = {}
    by_family: dict[int, list[Question]] = {}
    for row in sorted(rows, key=lambda r: (r["position"] or 0, r["id"])):
        made = Question(row["id"], row["name"], row["minimum"], row["maximum"], tuple(options.get(row["id"], ())))
        if row["product"] is not None:
            by_product.setdefault(row["product"].id, []).append(made)
        elif row["family"] is not None:
            by_family.setdefault(row["family"].id, []).append(made)
    joined = {p: [*by_family.get(key(row["family"]) or 0, ()), *by_product.get(p, ())] for p, row in products.items()}
    return {p: held for p, held in joined.items() if held}


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(row["id"], row["name"], key(row["product"]), row["price_method"], row["amount"], key(row["currency"]), row["percent"],
                  row["chosen"], row["least"], row["most"], {r.id: r.label for r in row["requires"]},
                  {r.id: r.label for r in row["excludes"]})


def defaults(env: Env, products: Iterable[int]) -> dict[int, list[Chosen]]:
    """What is chosen at first, by product; products without options are left out."""
    ids = list(products)
    if not ids:
        return {}
    rows = env.query(PRODUCT).with_ids(ids).archived(None).select("family").rows()
    return {p: [Chosen(o.id, max(o.least, Decimal(1))) for q in held for o in q.options if o.chosen]
            for p, held in read(env, {r["id"]: r for r in rows}).items()}


def problems(asked: Sequence[Question], chosen: Sequence[Chosen]) -> list[Message]:
    """All that does not fit, in words."""
    picked = {c.option: c.quantity for c in chosen}
    known = {o.id: o for q in asked for o in q.options}
    found: list[Message] = []
    if len(picked) < len(chosen):
        found.append(_("An option is chosen twice."))
    if set(picked) - set(known):
        found.append(_("An option is chosen that is not offered here."))
    for question in asked:
        found.extend(_counted(question, sum(1 for o in question.options if o.id in picked)))
    for which, quantity in picked.items():
        if (option := known.get(which)) is not None:
            found.extend(_fits(option, quantity, picked, known))
    return found


def _counted(question: Question, count: int) -> Iterable[Message]:
    if count < question.minimum:
        if question.minimum == 1:
            yield _("choose one of “{question}”", question=question.name)
        else:
            yield n_("choose at least {count} of “{question}”", "choose at least {count} of “{question}”", question.minimum,
                     question=question.name)
    elif question.maximum is not None and count > question.maximum:
        if question.maximum == 1:
            yield _("choose only one of “{question}”", question=question.name)
        else:
            yield n_("choose at most {count} of “{question}”", "choose at most {count} of “{question}”", question.maximum,
                     question=question.name)


def _fits(option: Answer, quantity: Decimal, picked: Mapping[int, Decimal], known: Mapping[int, Answer]) -> Iterable[Message]:
    if quantity < option.least or quantity > option.most or quantity <= 0:
        if option.least == option.most:
            yield _("“{option}” comes in {least}", option=option.name, least=f"{option.least.normalize():f}")
        else:
            yield _("“{option}” comes in {least} to {most}", option=option.name, least=f"{option.least.normalize():f}",
                    most=f"{option.most.normalize():f}")
    for other, name in option.requires.items():
        if other not in picked and other in known:
            yield _("“{option}” needs “{other}”", option=option.name, other=name)
    for other, name in option.excludes.items():
        if other in picked:
            yield _("“{option}” does not go with “{other}”", option=option.name, other=name)


def stored(value: Any) -> tuple[Chosen, ...]:
    """Chosen options from their stored form, a list of {"option": number, "quantity": text}; ValueError if it is none."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST:
        raise ValueError("not a list of options")
    try:
        made = tuple(Chosen(int(one["option"]), Decimal(str(one.get("quantity", 1)))) for one in value)
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError("not a list of options") from error
    if any(not c.quantity.is_finite() or not 0 < c.option < 2**63 for c in made):
        raise ValueError("not a list of options")
    return made


def as_stored(chosen: Iterable[Chosen]) -> list[dict[str, Any]] | None:
    """The stored form; None when nothing is chosen."""
    return [{"option": c.option, "quantity": f"{c.quantity.normalize():f}"} for c in chosen] or None
