"""Values of a template as the names Kavenegar gives them."""

from __future__ import annotations

from collections.abc import Mapping

BLANKS = {"token": 0, "token2": 0, "token3": 0, "token10": 5, "token20": 8}
"""Most blanks in a value, by its name."""
LONGEST = 100


def tokens(values: Mapping[str, str]) -> dict[str, str] | None:
    """Values by Kavenegar's names, None when they do not fit.

    Values that are named so already stay; others take the names in their order, each the first that allows its blanks."""
    found: dict[str, str] = {}
    named = bool(values) and all(name in BLANKS for name in values)
    for name, value in values.items():
        blanks = sum(one.isspace() for one in value)
        free = [name] if named else [one for one in BLANKS if one not in found]
        place = next((one for one in free if blanks <= BLANKS[one]), None)
        if place is None or not value or len(value) > LONGEST:
            return None
        found[place] = value
    return found if "token" in found else None
