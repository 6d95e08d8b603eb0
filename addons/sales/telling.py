"""Whom the bell tells of papers: owners of quotes that customers answered through their link, owners of contracts to decide about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from addons.base.notices import Notice, notify
from core.api import Env, Message, _

QUOTE, CONTRACT = "sales.quote", "sales.contract"
ANSWERED, NOTICE_DAY = "sales.answered", "sales.contract"
KINDS: Sequence[tuple[str, Message]] = ((ANSWERED, _("A customer answers my quote")),
                                        (NOTICE_DAY, _("The last day for a notice of my contract is near")))


def answered(sudo: Env, key: int, yes: bool, name: str) -> None:
    """A customer answered by their own hand; who was told on the telephone knows already."""
    row = sudo.query(QUOTE).with_ids([key]).select("owner").rows(1)[0]
    if row["owner"] is None:
        return
    text, icon = (_("{name} accepted your quote", name=name), "check2-circle") if yes else (
        _("{name} declined your quote", name=name), "x-circle")
    notify(sudo, [Notice(row["owner"].id, ANSWERED, text, (QUOTE, key), icon=icon)])


def contracts(sudo: Env, due: Iterable[Mapping[str, Any]]) -> None:
    """Owners of contracts whose last day for a notice is near."""
    notify(sudo, [Notice(row["owner"].id, NOTICE_DAY, _("The last day for a notice of this contract is near"), (CONTRACT, row["id"]),
                         dedupe=f"{NOTICE_DAY}:{row['id']}", icon="file-earmark-ruled") for row in due if row["owner"] is not None])
