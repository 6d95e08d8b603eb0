"""Discounts that wait for somebody who may give them: a paper with one is not sent, and says which lines and why."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from addons.catalogue.lines import held_lines
from core.api import Env, Panel, SarnakhError, _

from .lines import LINES

SHOWN = 5


def refuse(env: Env, record: str, ids: Sequence[int]) -> None:
    """SarnakhError when a line of these papers is held, with the lines."""
    held = held_lines(env, LINES[record], ids)
    if held:
        raise SarnakhError(_("A discount in it waits for somebody who may give it: let them release the line first. {lines}",
                             lines=" · ".join(_named(env, record, held))))


def panel(env: Env, record: str, key: int) -> list[Panel]:
    """The held lines of a paper, each with the way to release it."""
    held = held_lines(env, LINES[record], [key])
    if not held:
        return []
    links = Markup("").join(Markup('<p><a href="/r/{}/{}">{}</a></p>').format(LINES[record], line, text)
                            for line, text in zip(held, _named(env, record, held), strict=False))
    why = env.t(_("These discounts are above what their giver may decide alone. The paper stays a draft until somebody with a higher "
                  "ceiling releases the lines."))
    return [Panel(env.t(_("Discounts on hold")), Markup("<p>{}</p>{}").format(why, links), icon="lock", order=4)]


def _named(env: Env, record: str, lines: Sequence[int]) -> list[str]:
    """The first of these lines with how far they are below the rules."""
    rows = env.query(LINES[record]).with_ids(lines[:SHOWN]).order("id").select("description", "product", "concession").rows()
    return [env.t(_("“{line}”: {percent} below the rules", percent=env.format.percent(round(r["concession"] or 0, 1)),
                    line=r["description"] or (r["product"].label if r["product"] else "") or f"#{r['id']}")) for r in rows]
