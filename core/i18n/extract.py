"""Find every text that people see, and keep the catalogues of core and of each addon in step with it.

    python -m core.i18n.extract                 # update core/locale and addons/*/locale, print what lacks a translation
    python -m core.i18n.extract path/to/addon   # one addon, wherever it is

Sources: `_("…")` and `n_("…", "…", n)` in Python and Jinja, either with `context="…"`, the reason in `env.elevated("…")` or
`env.taking_back("…")`, `{% trans %}`, `t("…")` and `tn("…", "…", n)` in JavaScript of addons, title, summary and category in
addon.toml and theme.toml. Files are written sorted and without dates or line numbers, so that a run without news changes nothing.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import string
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, TemplateSyntaxError, nodes

from core.errors import DefinitionError
from core.i18n.messages import _

TRANSLATED: Final = ("fa", "tr")
"""Languages that every text must be in; English is the text itself."""
_SKIPPED: Final = frozenset({"tests", "locale", "vendor", "var", "build", "node_modules", "__pycache__"})
_NO_NEWS: Final = re.compile(rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|'
                             rb'Project-Id-Version|Report-Msgid-Bugs-To):[^\n]*\n', re.MULTILINE)
_COMMENT: Final = "# Texts of Sarnakh and their translations, kept in step by core/i18n/extract.py."
_STRING: Final = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)"""
_SCRIPT_CALL: Final = re.compile(rf"(?<![\w.$])(?:t\(\s*{_STRING}|tn\(\s*{_STRING}\s*,\s*{_STRING})")


@dataclass(frozen=True)
class InContext:
    """A text (or singular and plural) that has a context of its own."""

    context: str
    text: str | tuple[str, str]


Found = str | tuple[str, str] | InContext
"""A msgid, or singular and plural, or one of these in a context."""


def collect(folder: Path) -> dict[Found, list[str]]:
    """Every text of one room (`core`, or an addon's folder) with the files, relative to the room's parent, it is in.

    The core room also has `themes` and `run.py` beside it. A file that cannot be parsed raises DefinitionError.
    """
    folder = folder.resolve()
    roots = [folder, folder.parent / "themes", folder.parent / "run.py"] if _is_core(folder) else [folder]
    found: dict[Found, list[str]] = {}
    for path in sorted(path for root in roots for path in _files(root)):
        reader = _READERS.get(path.suffix)
        if reader is None or (path.suffix == ".toml" and path.name not in ("addon.toml", "theme.toml")):
            continue
        if reader is _from_script and folder.parent / "themes" in path.parents:
            continue  # a theme's scripts name keys of its partials/i18n.html, where the texts themselves are
        name = path.relative_to(folder.parent).as_posix()
        try:
            texts = list(reader(path.read_text("utf-8")))
        except (SyntaxError, TemplateSyntaxError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DefinitionError(_("{path} cannot be read: {reason}"), path=name, reason=str(error)) from error
        for text in texts:
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def _is_core(folder: Path) -> bool:
    return folder.name == "core" and (folder / "i18n").is_dir()


def _files(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
    elif root.is_dir():
        for path in root.iterdir():
            if path.name not in _SKIPPED and not path.name.startswith("."):
                yield from _files(path)


# -- one kind of file each


def _from_python(source: str) -> Iterator[Found]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [argument.value for argument in node.args
                 if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        contexts = [keyword.value for keyword in node.keywords if keyword.arg == "context"] if name in ("_", "n_") else []
        context = contexts[0].value if contexts and isinstance(contexts[0], ast.Constant) else ""
        if name in ("_", "elevated", "taking_back") and texts and texts[0]:
            yield _within(context, texts[0])
        elif name == "n_" and len(texts) >= 2:
            yield _within(context, (texts[0], texts[1]))


def _within(context: Any, text: str | tuple[str, str]) -> Found:
    return InContext(context, text) if context and isinstance(context, str) else text


def _from_template(source: str) -> Iterator[Found]:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
                              autoescape=True)
    for call in environment.parse(source).find_all(nodes.Call):  # `{% trans %}` is parsed to calls as well
        function = call.node.name if isinstance(call.node, nodes.Name) else ""
        parts = [one.value for one in call.args if isinstance(one, nodes.Const) and isinstance(one.value, str)]
        context = next((one.value.value for one in call.kwargs if one.key == "context" and isinstance(one.value, nodes.Const)), "")
        if function in ("n_", "ngettext") and len(parts) >= 2:
            yield _within(context, (parts[0], parts[1]))
        elif function in ("_", "gettext") and parts and parts[0]:
            yield _within(context, parts[0])


def _from_script(source: str) -> Iterator[Found]:
    for single, one, many in _SCRIPT_CALL.findall(source):
        if single:
            yield _unquoted(single)
        else:
            yield _unquoted(one), _unquoted(many)


def _unquoted(literal: str) -> str:
    if literal[0] == "`":
        literal = '"""' + literal[1:-1].replace('"', '\\"') + '"""'
    return str(ast.literal_eval(literal))


def _from_manifest(source: str) -> Iterator[Found]:
    content = tomllib.loads(source)
    for table in (content, *(value for value in content.values() if isinstance(value, dict))):
        for key in ("title", "summary", "category"):
            if isinstance(table.get(key), str) and table[key]:
                yield table[key]


_READERS: Final = {".py": _from_python, ".html": _from_template, ".jinja": _from_template, ".txt": _from_template,
                   ".js": _from_script, ".mjs": _from_script, ".toml": _from_manifest}


# -- catalogues


def catalogue_path(folder: Path, lang: str) -> Path:
    """Where the translations of a room into a language are."""
    return folder / "locale" / lang / "LC_MESSAGES" / "messages.po"


def update_catalogs(folder: Path, langs: Iterable[str] = TRANSLATED) -> None:
    """Write the room's catalogues: new texts added, translations kept, texts that are gone commented out."""
    found = collect(folder)
    template = _template(found)
    for lang in langs:
        path = catalogue_path(folder, lang)
        catalogue = _read(path, lang)
        for entry in list(catalogue.obsolete.values()):  # a text that is written again gets its translation back
            catalogue[entry.id] = entry
        catalogue.obsolete.clear()
        doubted = {_key(entry) for entry in catalogue if entry.fuzzy}
        # No guessing: a similar old text's translation would be shown as if it were right.
        catalogue.update(template, no_fuzzy_matching=True)
        _settle_plurals(catalogue, doubted)
        stream = io.BytesIO()
        write_po(stream, catalogue, width=110, sort_output=True, include_lineno=False)
        header, blank, entries = stream.getvalue().partition(b"\n\n")
        written = _NO_NEWS.sub(b"", header + b"\n") + blank[1:] + entries
        if not path.exists() or path.read_bytes() != written:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written)


def missing(folder: Path, lang: str) -> list[str]:
    """The room's texts that have no translation into the language, in order."""
    if lang == "en":
        return []
    catalogue = _read(catalogue_path(folder, lang), lang)
    return sorted({msgid for context, msgid in map(parts, collect(folder)) if not _done(catalogue.get(msgid, context or None))})


def mistakes(folder: Path, lang: str) -> list[str]:
    """Translations with a placeholder that the text does not have, or (in all forms) without one that it has."""
    found = []
    for entry in _read(catalogue_path(folder, lang), lang):
        if entry.id and _done(entry):
            wanted = set().union(*map(_placeholders, _texts(entry.id)))
            given = set().union(*map(_placeholders, _texts(entry.string)))
            if given - wanted or (wanted - given) - {"count"}:
                found.append(_singular(entry.id))
    return sorted(found)


def _template(found: dict[Found, list[str]]) -> Catalog:
    """All found texts; the same singular with and without a plural becomes the one with."""
    template = Catalog(charset="utf-8")
    plain = [(text.context if isinstance(text, InContext) else "", text.text if isinstance(text, InContext) else text, places)
             for text, places in found.items()]
    for context, text, places in sorted(plain, key=lambda item: (item[0], _singular(item[1]), isinstance(item[1], tuple))):
        template.add(text, locations=[(place, 0) for place in places], context=context or None)
    return template


def _read(path: Path, lang: str) -> Catalog:
    if not path.is_file():
        return Catalog(locale=lang, header_comment=_COMMENT, fuzzy=False, charset="utf-8")
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=lang, charset="utf-8")
    catalogue.header_comment = _COMMENT
    catalogue.fuzzy = False
    return catalogue


def _settle_plurals(catalogue: Catalog, doubted: set[tuple[str, str]]) -> None:
    """Give every entry as many forms as the language has, also one that got or lost its plural.

    Only the entries that a translator `doubted` stay marked fuzzy, not those that babel marks for their plural.
    """
    for entry in catalogue:
        if entry.fuzzy and _key(entry) not in doubted:
            entry.flags.discard("fuzzy")
        if entry.id and entry.pluralizable:
            forms = list(_texts(entry.string))
            entry.string = tuple((forms + [""] * catalogue.num_plurals)[:catalogue.num_plurals])
        elif entry.id and not isinstance(entry.string, str):
            entry.string = _texts(entry.string)[0] if entry.string else ""


def _done(entry: Entry | None) -> bool:
    return entry is not None and not entry.fuzzy and all(_texts(entry.string)) and bool(_texts(entry.string))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (value or "",)


def _key(entry: Entry) -> tuple[str, str]:
    return entry.context or "", _singular(entry.id)


def parts(found: Found) -> tuple[str, str]:
    """Context and (singular) msgid."""
    return (found.context, _singular(found.text)) if isinstance(found, InContext) else ("", _singular(found))


def _singular(text: Any) -> str:
    return str(_texts(text)[0])


def _placeholders(text: str) -> set[str]:
    """{name} of our own messages and %(name)s of Jinja's `trans`."""
    try:
        named = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
    except ValueError:
        named = set()
    return named | set(re.findall(r"%\((\w+)\)", text))


def rooms(home: Path) -> list[Path]:
    """The core folder and every addon's folder of a source tree."""
    return [home / "core", *sorted(path.parent for path in (home / "addons").glob("*/addon.toml"))]


def main(arguments: list[str] | None = None) -> int:
    """Update catalogues and print how much is untranslated; 1 with `--check` when anything is."""
    parser = argparse.ArgumentParser(prog="python -m core.i18n.extract", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, help="addon folders; by default core and all of addons/")
    parser.add_argument("--langs", default=",".join(TRANSLATED), help="codes with commas between (default %(default)s)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a translation is missing")
    parser.add_argument("--list", action="store_true", help="print the untranslated texts too")
    options = parser.parse_args(arguments)
    lacking = 0
    for folder in options.folders or rooms(Path(__file__).resolve().parents[2]):
        langs = options.langs.split(",")
        if not options.check:
            update_catalogs(folder, langs)
        for lang in langs:
            texts, wrong = missing(folder, lang), mistakes(folder, lang)
            lacking += len(texts) + len(wrong)
            print(f"{folder.name:24} {lang}  missing {len(texts):4}  wrong placeholders {len(wrong):3}")
            for text in (*texts, *wrong) if options.list else ():
                print(f"    {text!r}")
    return 1 if options.check and lacking else 0


if __name__ == "__main__":
    sys.exit(main())
