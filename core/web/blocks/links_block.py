"""Links to pages inside and outside, whose addresses may hold values of the shown record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.i18n.messages import Message, _
from core.layouts import text_in
from core.layouts.links import fill_link, placeholders, template_fault
from core.ui import BlockKind, OptionSpec
from core.web.blocks.shown import Shown
from core.web.showing import resolve
from core.web.viewmodels import Panel, WorkItem

if TYPE_CHECKING:
    from core.env import Env

MOST = 2000


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """The links that this reader may follow for this record: none that needs a value which is empty or hidden."""
    items = []
    for link in block["options"].get("links") or ():
        names = placeholders(link["href"])
        if names and (shown.rtype is None or any(resolve(env, shown.rtype, n) is None for n in names if n != "id")):
            continue
        values = shown.values([n for n in names if n != "id"]) if names else {}
        href = fill_link(link["href"], {**values, "id": shown.key or ""})
        if href:
            items.append(WorkItem(text_in(link.get("label"), env.lang, env.t) or href, href,
                                  icon=link.get("icon") or ("box-arrow-up-right" if not href.startswith("/") else "link-45deg")))
    title = text_in(block.get("label"), env.lang, env.t) or env.t(_("Links"))
    return Panel(title, items, icon=block.get("icon") or "link-45deg") if items else None


def faults(env: Env, link: Any, record: str) -> Iterator[Message]:
    """What is wrong with one link of a block on the page of a record type ("" for none)."""
    if not isinstance(link, Mapping) or not isinstance(link.get("href"), str) or not 0 < len(link["href"]) <= MOST:
        yield _("A link needs an address.")
        return
    unknown = set(link) - {"label", "href", "icon"}
    if unknown:
        yield _("A link has no “{option}”.", option=str(min(unknown))[:60])
    if template_fault(link["href"]):
        yield _("“{address}” is not a web, mail or phone address, nor a page of this site.", address=link["href"][:120])
    rtype = env.registry.records.get(record)
    for name in placeholders(link["href"]):
        if name != "id" and (rtype is None or resolve(env, rtype, name) is None):
            yield _("“{field}”: there is no field “{name}”.", field=_("Address"), name=name)


KIND = BlockKind("links", _("Links"), draw, icon="link-45deg", help=_("Pages inside and outside; addresses may hold {field}."), options=(
    OptionSpec("links", _("Links"), "links", required=True),))
