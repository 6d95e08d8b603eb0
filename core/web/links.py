"""Addresses of lists with given criteria: what a figure opens to show the records it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.env import Env
from core.errors import ExpressionError
from core.expressions import Expr, Node, all_of, to_json
from core.i18n.messages import _
from core.web.criteria import MOST_JSON
from core.web.liststate import BOARD, ListState


def list_link(env: Env, record: str, *conditions: Expr | Node | str | None, board: bool = False, **state: Any) -> str:
    """The address of the list (or board) of the records for which these conditions hold (None is skipped).

        list_link(env, "deals.deal", F.stage == 7, F.closed_on.isin(...), filters={"owner": "me"}, order=("-amount",))

    `state` is what else a list's address holds: `q`, `filters` (texts as quick filters take them), `order`, `group`,
    `columns`, `show` ("archived", "all"). The list's reader sees the conditions as chips and may change them.
    """
    nodes = [env.registry.node(record, c, "flag") for c in conditions if c is not None]
    text = json.dumps(to_json(all_of(*nodes)), ensure_ascii=False, separators=(",", ":")) if nodes else ""
    if len(text) > MOST_JSON:
        raise ExpressionError(_("The criteria are too long."))
    for name in ("order", "columns"):
        if isinstance(state.get(name), str):
            state[name] = (state[name],)
    if isinstance(state.get("filters"), Mapping):
        state["filters"] = {k: str(v) for k, v in state["filters"].items() if v not in (None, "")}
    return replace(ListState(record), criteria=text, own_columns="columns" in state, face=BOARD if board else "", **state).url()
