"""Reference pages for addon authors, written from the code: every hook, every field type.

    python -m core.reference        # write docs/developer/hooks.md and docs/developer/fields.md

A test compares the committed pages with what is made here, and an argument without a meaning stops the making, so that
nothing can be added without being documented.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core import hookspecs
from core.records import fields_api
from core.records.fields import Field

HEADINGS = ("When", "With what", "Result", "Example")
"""What the docstring of every hook must say."""
_HEADING = re.compile(rf"^({'|'.join(HEADINGS)}): ", re.MULTILINE)
_SECTION = re.compile(r"^# -{10,} (.+)$")

HOOKS_HEAD = """# Hooks

<!-- Made from core/hookspecs.py by core/reference.py: a test compares the two. -->

A hook is a question that the core asks every enabled addon. Answer it in `hooks.py` of the addon, with a function of the
hook's name:

    from core.api import Env, MenuItem, _, hookimpl


    @hookimpl
    def menus(env: Env) -> list[MenuItem]:
        return [MenuItem("visits", _("Visits"), icon="geo-alt", record="visits.visit", order=30)]

- A function may take fewer arguments than listed, never others; a misspelt hook or argument refuses the addon.
- *First answer* hooks: the first answer that is not None counts, and an extending addon is asked before what it extends.
- *All answers* hooks: what the addons return is joined, in the order of dependencies.
- What a hook raises on purpose (`core.api` has the errors) is shown to the person; in the change hooks it also takes back
  the whole write.
"""

FIELDS_HEAD = """# Field types

<!-- Made from core/records by core/reference.py: a test compares the two. -->

    from core.api import Record, _, fields


    class Visit(Record):
        record_name = "visits.visit"
        day = fields.Date(_("Day"), required=True, index=True)

The first argument of every type is the field's label, unless *In order* says otherwise. All others are named. What is put
into a field is cleaned by its type first (digits of any script, dates in the person's calendar, telephone numbers in any
shape), and refused with the reason if it cannot be read.
"""

ARGUMENTS = {
    "label": "what people read; without it the name with spaces",
    "help": "a sentence under the input",
    "required": "must not be empty; checked when a record is created and when the field is changed",
    "unique": "no two live records have the same value; the recycle bin does not count",
    "default": "a constant, a function of `env`, or an expression without fields (`TODAY`, `ME`)",
    "readonly": "people only see it; code writes it through `env.elevated(...)`, before_save or a `@computed`",
    "index": "an index in the database, for fields that lists filter or sort by",
    "search": "the search box finds the record by it",
    "tracked": "changes are in the history (default: yes)",
    "copyable": "a clone keeps the value (default: yes)",
    "sensitive": "the value reaches neither history nor logs",
    "semantic": "a word for what the value is (`first_name`, `city` ...), for imports and duplicate checks",
    "aliases": "further column headings under which imports know the field",
    "further": "where more values of it stand, such as `points.value`: a field of owned children that imports compare too",
    "size": "most characters",
    "minimum": "smallest value that is taken",
    "maximum": "largest value that is taken",
    "places": "decimal places shown",
    "currency": "name of the link field with the amount's currency; without it the base currency",
    "options": "the choices: `(value, label)`, `(value, label, colour)` or `Option(...)`; colours are grey, blue, green, "
               "amber, red, purple, teal and pink",
    "exits": "options that leave the status path, such as lost: shown in it only while a record is there",
    "transitions": "which option may follow which: `{\"new\": [\"sent\"]}`; without it every change is allowed",
    "target": "the record type linked to, such as `\"contacts.account\"`",
    "on_delete": "when the target is deleted: `\"clear\"` empties the link, `\"restrict\"` refuses, `\"cascade\"` deletes along",
    "where": "an expression over the target that narrows the choice, or over the children that count",
    "within": "fields of this record, or of one it links to, each with the target's field that must hold the same: "
              "`{\"pipeline\": \"pipeline\"}`",
    "spoken": "name of the `Names` field of the record with this text in further languages",
    "targets": "record types that may be linked; empty: all",
    "inverse": "name of the many-to-many field on the other side",
    "by": "the link field of the target that points here",
    "owned": "the children belong to this record: deleted, restored and cloned with it",
    "format": "how the number is written, with `{number}` and `{year}`: `\"LD-{year}-{number:05d}\"`",
    "expression": "the expression, as text or built with `F`",
    "type": "type of the result: text, integer, decimal, money, percent, flag, date, datetime or duration",
    "children": "name of the children field whose records are added up",
    "of": "a function of `env` that gives what there is, each as `options` has it",
    "function": "`\"sum\"`, `\"count\"`, `\"min\"`, `\"max\"` or `\"avg\"`",
}
"""The meaning of every argument that any field type takes."""


# ---------------------------------------------------------------- hooks
def hooks() -> Iterator[tuple[str, Callable[..., Any], bool]]:
    """Every hook with its name, specification and whether the first answer counts, as written in core/hookspecs.py."""
    for name, value in vars(hookspecs).items():
        options = getattr(value, "sarnakh_spec", None)
        if options is not None:
            yield name, value, bool(options["firstresult"])


def hook_parts(spec: Callable[..., Any]) -> dict[str, str]:
    """The docstring of a hook under its headings, each as one line of Markdown; missing ones are left out."""
    pieces = _HEADING.split(inspect.cleandoc(spec.__doc__ or ""))
    return {heading: " ".join(text.split()) for heading, text in zip(pieces[1::2], pieces[2::2], strict=True)}


def hooks_page() -> str:
    """docs/developer/hooks.md."""
    titles = _section_titles()
    lines = [HOOKS_HEAD]
    for name, spec, first in hooks():
        if name in titles:
            lines.append(f"## {titles[name]}\n")
        signature = inspect.signature(spec)
        arguments = ", ".join(f"{p.name}: {p.annotation}" for p in signature.parameters.values())
        lines.append(f"### {name}\n\n    {name}({arguments}) -> {signature.return_annotation}\n")
        parts = hook_parts(spec)
        lines.append("\n".join(f"- **{heading}**: {parts[heading]}" for heading in HEADINGS if heading in parts))
        lines.append(f"- *{'First answer' if first else 'All answers'}*\n")
    return "\n".join(lines).rstrip() + "\n"


def _section_titles() -> dict[str, str]:
    """The heading over the first hook of each part of core/hookspecs.py, by that hook's name."""
    found: dict[str, str] = {}
    title = ""
    for line in inspect.getsource(hookspecs).splitlines():
        if match := _SECTION.match(line):
            title = match[1][0].upper() + match[1][1:]
        elif title and line.startswith("def "):
            found[line[4:].partition("(")[0]] = title
            title = ""
    return found


# ---------------------------------------------------------------- fields
def field_types() -> dict[str, type[Field]]:
    """Every field type by the name addon authors write."""
    return {name: getattr(fields_api, name) for name in fields_api.__all__ if name != "Field"}


def own_arguments(kind: type[Field]) -> dict[str, inspect.Parameter]:
    """The arguments that a field type adds to those of every field, or gives another place or default."""
    common = inspect.signature(Field).parameters
    found: dict[str, inspect.Parameter] = {}
    for each in reversed(kind.__mro__[:-2]):
        if "__init__" in vars(each):
            own = {n: p for n, p in inspect.signature(each).parameters.items() if p.kind is not p.VAR_KEYWORD}
            dropped = [n for n, p in found.items() if p.kind is p.POSITIONAL_OR_KEYWORD and n not in own]
            found = {n: p for n, p in found.items() if n not in dropped} | own
    return {n: p for n, p in found.items()
            if (n not in common or p.default != common[n].default) and _takes(kind, found, n)}


def _takes(kind: type[Field], arguments: dict[str, inspect.Parameter], name: str) -> bool:
    """Whether the type does not decide about an inherited argument itself."""
    needed = dict.fromkeys((n for n, p in arguments.items() if p.default is p.empty), "x")
    try:
        kind(**{**needed, name: "x" if name in needed else arguments[name].default})  # type: ignore[arg-type]
    except TypeError:
        return False
    return True


def fields_page() -> str:
    """docs/developer/fields.md. An argument that :data:`ARGUMENTS` does not explain is a KeyError."""
    lines = [FIELDS_HEAD, "## Arguments of every type\n", "| Argument | Default | Meaning |", "|---|---|---|"]
    lines += [_argument(p) for p in inspect.signature(Field).parameters.values()]
    for name, kind in field_types().items():
        lines.append(f"\n## {name}\n\n{' '.join(inspect.cleandoc(kind.__doc__ or '').split())}\n")
        ordered = [n for n, p in inspect.signature(kind).parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
        if ordered[0] != "label":
            lines.append(f"In order: `{', '.join(ordered)}`.\n")
        own = own_arguments(kind)
        if own:
            lines += ["| Argument | Default | Meaning |", "|---|---|---|", *map(_argument, own.values()), ""]
        lines.append(_facts(kind))
    return "\n".join(lines).rstrip() + "\n"


def _argument(parameter: inspect.Parameter) -> str:
    default = "" if parameter.default is parameter.empty else f"`{parameter.default!r}`"
    return f"| `{parameter.name}` | {default} | {ARGUMENTS[parameter.name]} |"


def _facts(kind: type[Field]) -> str:
    facts = [f"type `{kind.type_name}`"]
    facts += ["not stored in a column"] if not kind.stored else []
    facts += ["lists cannot be sorted by it"] if not kind.sortable else []
    facts += ["lists cannot be filtered by it"] if not kind.filterable else []
    return f"({'; '.join(facts)})"


PAGES: dict[str, Callable[[], str]] = {"hooks.md": hooks_page, "fields.md": fields_page}
"""The pages by their names in docs/developer."""


def write(folder: Path) -> None:
    """Write every page into a folder."""
    for name, make in PAGES.items():
        (folder / name).write_text(make(), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "docs" / "developer")
