"""Check digits of Iranian and Turkish numbers, with values known to be right."""

from __future__ import annotations

import pytest

from core.i18n import identifiers as ids


@pytest.mark.parametrize(("check", "number"), [
    (ids.valid_national_id, "0499370899"), (ids.valid_national_id, "۰۴۹۹۳۷۰۸۹۹"), (ids.valid_national_id, "499370899"),
    (ids.valid_national_id, "049-937089-9"), (ids.valid_legal_id, "10380284790"),
    (ids.valid_economic_code, "10380284790"),
    (ids.valid_sheba, "IR820540102680020817909002"), (ids.valid_sheba, "ir82 0540 1026 8002 0817 9090 02"),
    (ids.valid_sheba, "۸۲۰۵۴۰۱۰۲۶۸۰۰۲۰۸۱۷۹۰۹۰۰۲"), (ids.valid_iban, "IR820540102680020817909002"),
    (ids.valid_iban, "DE89 3704 0044 0532 0130 00"), (ids.valid_card, "4111 1111 1111 1111"),
    (ids.valid_postal_code, "1619735744"), (ids.valid_tckn, "17291716060"), (ids.valid_vkn, "4540536920"),
])
def test_right(check: ids.Check, number: str) -> None:
    assert check(number)


@pytest.mark.parametrize(("check", "number"), [
    (ids.valid_national_id, "0499370898"), (ids.valid_national_id, "1111111111"), (ids.valid_national_id, ""),
    (ids.valid_national_id, "04993708999"), (ids.valid_national_id, "049937O899"), (ids.valid_legal_id, "10380284791"),
    (ids.valid_economic_code, "123"), (ids.valid_sheba, "IR820540102680020817909003"),
    (ids.valid_sheba, "DE89370400440532013000"), (ids.valid_iban, "IR00"), (ids.valid_card, "4111111111111112"),
    (ids.valid_postal_code, "1111111111"), (ids.valid_postal_code, "0619735744"), (ids.valid_tckn, "17291716061"),
    (ids.valid_vkn, "4540536921"), (ids.valid_sheba, "x" * 1000),
])
def test_wrong(check: ids.Check, number: str) -> None:
    assert not check(number)


def test_the_form_to_store() -> None:
    assert ids.digits(" ir۸۲-0540 1026 ") == "IR8205401026"
