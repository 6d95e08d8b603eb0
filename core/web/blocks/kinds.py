"""Which kinds of blocks there are, and whether a block makes sense: what is asked before one is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import ExpressionError
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import Message, _
from core.layouts.props import is_id
from core.ui import BlockKind, OptionSpec
from core.web.blocks import canvas_block, chart_block, figure_block, home_blocks, links_block, measures, shown, view_block
from core.web.showing import listable, resolve

if TYPE_CHECKING:
    from core.env import Env
    from core.registry.compose import RecordType
    from core.registry.registry import Registry

OWN: tuple[BlockKind, ...] = (chart_block.KIND, figure_block.KIND, view_block.KIND, links_block.KIND, canvas_block.KIND,
                              *home_blocks.KINDS)
MOST_TEXT = 20_000
MOST_LINKS = 30
Faults = Iterator[tuple[str, Message]]


def kinds(registry: Registry, place: str = "") -> dict[str, BlockKind]:
    """The kinds of blocks by name, those of addons among them; with a `place` those that may stand there."""
    found = {k.name: k for k in (*OWN, *registry.collected("block_kinds"))}
    return {name: k for name, k in found.items() if not place or place in k.places}


def faults(env: Env, block: Any, record: str = "") -> list[tuple[str, Message]]:
    """What is wrong with a block on the page of a record type ("": on a home page), as pairs of an option and a message."""
    if not isinstance(block, Mapping) or not is_id(block.get("id")):
        return [("", _("A block needs an id of letters, digits, dot, dash and underscore."))]
    kind = kinds(env.registry, "record" if record else "home").get(str(block.get("widget")))
    if kind is None:
        return [("", _("There is no block “{widget}” here.", widget=str(block.get("widget"))[:60]))]
    options = block.get("options") or {}
    if not isinstance(options, Mapping):
        return [("", _("The options of a block must be named values."))]
    return list(_option_faults(env, kind, options, record))


def _option_faults(env: Env, kind: BlockKind, options: Mapping[str, Any], record: str) -> Faults:
    specs = {spec.name: spec for spec in kind.options}
    for name in options:
        if name not in specs:
            yield name, _("A block “{block}” has no option “{option}”.", block=kind.label, option=str(name)[:60])
    about: RecordType | None = None
    for spec in kind.options:
        value = options.get(spec.name)
        if value in (None, "", [], {}):
            if spec.required:
                yield spec.name, _("“{field}” is required.", field=spec.label)
            continue
        if spec.kind == "record":
            about = env.registry.records.get(value) if isinstance(value, str) else None
            if about is None:
                yield spec.name, _("There is no record type “{record}”.", record=str(value)[:80])
            continue
        for message in CHECKS[spec.kind](env, spec, value, about, record):
            yield spec.name, message
    if kind.check is not None and about is not None:
        yield from kind.check(env, about, options)


# ---------------------------------------------------------------- one option
def _words(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    texts = value if isinstance(value, Mapping) else {"en": value}
    if not all(k in LANGUAGES and isinstance(v, str) and len(v) <= MOST_TEXT for k, v in texts.items()):
        yield _("“{field}” must be a text, or texts by language.", field=spec.label)


def _number(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    if type(value) is not int or not spec.least <= value <= spec.most:
        yield _("“{field}” must be a whole number from {low} to {high}.", field=spec.label, low=spec.least, high=spec.most)


def _choice(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    if value not in {v for v, _label in spec.choices}:
        yield _("“{field}” cannot be “{value}”.", field=spec.label, value=str(value)[:60])


def _where(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    if about is None:
        return
    try:
        shown.check(env, about, value, record)
    except ExpressionError as error:
        yield _("“{field}”: {reason}", field=spec.label, reason=error.message)


def _field(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    names = value if isinstance(value, list) else [value]
    for name in names if about is not None else ():
        if not isinstance(name, str) or _known(env, about, name.removeprefix("-")) is None:  # type: ignore[arg-type]
            yield _("“{field}”: there is no field “{name}”.", field=spec.label, name=str(name)[:80])


def _known(env: Env, about: RecordType, path: str) -> Any:
    known = resolve(env, about, path)
    return known if known is not None and listable(known[1]) else None


def _links(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    if not isinstance(value, list) or len(value) > MOST_LINKS:
        yield _("“{field}” must be a list of links, {count} at most.", field=spec.label, count=MOST_LINKS)
        return
    for link in value:
        yield from links_block.faults(env, link, record)


def _rich(env: Env, spec: OptionSpec, value: Any, about: RecordType | None, record: str) -> Iterator[Message]:
    yield from _words(env, spec, value, about, record)
    if record:
        for text in value.values() if isinstance(value, Mapping) else [value]:
            for path in shown.placeholders(str(text)):
                if resolve(env, env.registry.record(record), path) is None:
                    yield _("“{field}”: there is no field “{name}”.", field=spec.label, name=path)


CHECKS: dict[str, Any] = {"text": _words, "words": _words, "rich": _rich, "where": _where, "field": _field, "fields": _field,
                          "order": _field, "measure": lambda env, spec, value, about, record: iter(()) if value == "count"
                          else _field(env, spec, measures.split(value)[1] or value, about, record),
                          "choice": _choice, "number": _number, "links": _links}
