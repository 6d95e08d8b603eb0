"""Forms that are arranged by the kind of the record while they are being filled in.

Customising may have layers of a form for records of one kind ("status=won"). When the field that says the kind is changed, the
form comes again in the other arrangement: scripts ask for it at once, without them there is a button, and saving does it as
well. What was typed stays. A field that the other arrangement does not show goes along as hidden inputs, and is read and saved
like the others, under what its own arrangement says of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from core.env import Env
from core.layouts import Node
from core.records.fields import ChildrenField, FileField
from core.registry.compose import RecordType
from core.web import forms
from core.web.formlayout import FormLayout, fitted
from core.web.request import Request
from core.web.showing import kind_fields, layout_for
from core.web.widgets import is_posted, posted_text

ARRANGE = "arrange"
"""What the button `then` says when the form is only to come again."""


@dataclass
class Arranged:
    """A form as it is drawn, as it is read (with what other arrangements brought), and the names of what only that has."""

    form: FormLayout
    reading: FormLayout
    kept: list[str] = field(default_factory=list)

    def carried(self, request: Request) -> list[tuple[str, str]]:
        """The inputs of what is read and not drawn, so that they come again. Files and secrets cannot."""
        fields = self.form.rtype.fields
        names = [n for n in self.kept if not fields[n].opaque and not isinstance(fields[n], FileField)]
        return [(name, value) for name, value in request.posted_pairs()
                if any(name == n or name.startswith((f"{n}__", f"{n}-")) for n in names)]

    def told(self, found: forms.Filled) -> None:
        """What is wrong with fields that are not drawn is said above the form."""
        for name in self.kept:
            found.general += found.errors.pop(name, [])


def is_asked(request: Request) -> bool:
    """Whether the form is only to come again, arranged anew."""
    return request.posted and request.value("then") == ARRANGE


def arranged(env: Env, request: Request, rtype: RecordType, kind: str, row: Mapping[str, Any], further: Sequence[str] = (),
             pens: AbstractSet[str] | None = None) -> Arranged:
    """The form for a record like `row`, or, where one was sent, for what it says the record is now."""
    names = kind_fields(env, rtype, kind)
    now = dict(row)
    for name in names if request.posted else ():
        if is_posted(request, rtype.fields[name]) and env.access.writable(rtype.name, name) and (pens is None or name in pens):
            now[name] = _chosen(env, rtype, name, request, row)
    form = forms.form_for(env, rtype, kind, further, now)
    if not names or not request.posted:
        return Arranged(form, form)
    drawn = {node.id for node in form.layout.of_kind("field")}
    others = {node.id: node for node in reversed(list(_elsewhere(env, rtype, kind, row, now, names))) if node.id not in drawn}
    nodes = {name: node for name, node in others.items() if _came(env, request, rtype, name)}
    if not nodes:
        return Arranged(form, form)
    layout = form.layout.with_nodes((*form.layout.nodes, *nodes.values()))
    return Arranged(form, fitted(env, rtype, layout, form.kinds), list(nodes))


def _chosen(env: Env, rtype: RecordType, name: str, request: Request, row: Mapping[str, Any]) -> Any:
    try:
        return rtype.fields[name].clean(posted_text(request, rtype.fields[name]) or None, env)
    except ValueError:
        return row.get(name)


def _came(env: Env, request: Request, rtype: RecordType, name: str) -> bool:
    one = rtype.fields.get(name)
    if isinstance(one, ChildrenField):
        return request.has(f"{name}-known") and env.can("update", one.target)
    return one is not None and env.access.writable(rtype.name, name) and is_posted(request, one)


def _elsewhere(env: Env, rtype: RecordType, kind: str, row: Mapping[str, Any], now: Mapping[str, Any], names: list[str]) -> Iterator[Node]:
    """The fields of the other arrangements, first those of the one that the form began with. What locks a field there goes along."""
    like = [row, *({**now, name: value} for name in names for value in (None, *env.registry.kind_values(rtype.name, kind, name)))]
    for one in like:
        for node in layout_for(env, rtype, kind, one).of_kind("field"):
            if node.id in rtype.fields:
                yield Node(node.id, "field", {"readonly": node.get("readonly")} if node.get("readonly") is not None else {})
