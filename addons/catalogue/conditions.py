"""Conditions of differential discounts: expressions over the customer, the product and the order being written."""

from __future__ import annotations

from core.api import Env

NAMES = {"account": "contacts.account", "product": "catalogue.product", "quantity": "decimal", "amount": "money",
         "order_amount": "money", "order_quantity": "decimal", "order_lines": "integer", "currency": "base.currency",
         "price_list": "catalogue.price_list"}


def read(env: Env, text: str) -> object:
    """The condition, checked; ExpressionError says what is wrong with it."""
    return env.over_values(text, NAMES)
