"""From blocks to the panels of a page, for one reader: what they may not see is not there, what no longer fits says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import AccessDenied, SarnakhError
from core.i18n.messages import _
from core.layouts import text_in
from core.web.blocks.kinds import kinds
from core.web.blocks.shapes import crooked
from core.web.blocks.shown import Shown
from core.web.viewmodels import EmptyState, Panel

if TYPE_CHECKING:
    from core.env import Env
    from core.layouts import Node
    from core.ui import BlockKind

Block = Mapping[str, Any]


def of_node(node: Node) -> dict[str, Any]:
    """The block that a node of a layout is."""
    return {"id": node.id, "widget": node.get("widget"), "label": node.get("label"), "icon": node.get("icon"),
            "options": node.get("options") or {}}


def drawn(env: Env, block: Block, shown: Shown) -> list[Panel]:
    """The panels of a block, whole."""
    kind = kinds(env.registry).get(str(block.get("widget")))
    fault = _fault(env, kind, block)
    if kind is None or fault:
        return _misfit(env, block, fault)
    if not _is_open(env, kind, block):
        return []
    try:
        made = kind.draw(env, {**block, "options": block.get("options") or {}}, shown)
    except AccessDenied:
        return []
    except SarnakhError as error:
        return _misfit(env, block, env.t(error.message))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:  # an addon's block: the page must stand
        env.installation.log.warning("block", widget=kind.name, block=str(block.get("id")), error=repr(error))
        return _misfit(env, block, "")
    return [] if made is None else list(made) if isinstance(made, list) else [made]


def placed(env: Env, block: Block, shown: Shown) -> list[Panel]:
    """The panels of a block on a page: those of lazy kinds as an outline that is fetched when it comes into sight."""
    kind = kinds(env.registry).get(str(block.get("widget")))
    if kind is None or not kind.lazy or not shown.url or _fault(env, kind, block):
        return drawn(env, block, shown)
    if not _is_open(env, kind, block):
        return []
    rtype = env.registry.records.get(str((block.get("options") or {}).get("record")))
    title = text_in(block.get("label"), env.lang, env.t) or (env.t(rtype.plural) if rtype is not None else "")
    return [Panel(title, icon=block.get("icon") or kind.icon, lazy_url=shown.url)]


def has_charts(env: Env, blocks: Iterable[Block]) -> bool:
    """Whether the page needs the style sheet of charts."""
    known = kinds(env.registry)
    return any(known[widget].charts for b in blocks if (widget := str(b.get("widget"))) in known)


def _fault(env: Env, kind: BlockKind | None, block: Block) -> str:
    """Why a block cannot be drawn for anybody; "" where it can."""
    if kind is None:
        return env.t(_("No enabled addon draws it."))
    options = block.get("options") or {}
    wrong = crooked(kind, options)
    if wrong is None:
        named = (options.get(spec.name) for spec in kind.options if spec.kind == "record")
        gone = next((name for name in named if name and name not in env.registry.records), None)
        return env.t(_("There is no record type “{record}”.", record=gone[:80])) if gone else ""
    return env.t(_("“{field}” is missing or not understood.", field=wrong if isinstance(wrong, str) else wrong.label))


def _is_open(env: Env, kind: BlockKind, block: Block) -> bool:
    """Whether its reader may read the records that it is about."""
    names = [name for spec in kind.options if spec.kind == "record" and (name := (block.get("options") or {}).get(spec.name))]
    return all(env.can("read", n) for n in names)


def _misfit(env: Env, block: Block, why: str) -> list[Panel]:
    """What those who arrange pages see in place of a block that no longer fits; others see nothing."""
    if not env.access.area("layouts"):
        return []
    title = text_in(block.get("label"), env.lang, env.t) or str(block.get("id"))
    return [Panel(title, empty=EmptyState(env.t(_("This block no longer fits")), why, "exclamation-triangle"))]
