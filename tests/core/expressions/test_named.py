"""Expressions over named values: checked, told what they read, refused where there is no value to compare."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.api import SYSTEM, ExpressionError

NAMES = {"who": "base.user", "amount": "money", "lines": "integer"}
pytestmark = [pytest.mark.addons("base"), pytest.mark.database("sqlite")]


def test_values_meet(installation):
    with installation.env(SYSTEM) as env:
        rule = env.over_values('who.language == "fa" and amount > lines * 100', NAMES)
        assert rule.paths == {"who.language", "amount", "lines"}
        assert rule({"who.language": "fa", "amount": Decimal(250), "lines": 2}, env.context) is True
        assert rule({"who.language": "tr", "amount": Decimal(250), "lines": 2}, env.context) is False
        assert rule({"who.language": None, "amount": Decimal(250), "lines": 2}, env.context) is None
        assert env.over_values("who == 3", NAMES)({"who": 3}, env.context) is True


@pytest.mark.parametrize(("text", "match"), [
    ("whom == 3", "whom"), ("who.nothing == 3", "nothing"), ('amount == "x"', "compare"), ("amount", "yes/no"),
    ("count(who.companies) > 1", "several"),
    ('who.password_hash == "x"', "no field"), ("any(who.companies, name == \"x\")", "several")])
def test_mistakes_are_told(installation, text, match):
    with installation.env(SYSTEM) as env, pytest.raises(ExpressionError, match=match):
        env.over_values(text, NAMES)
