"""A small complete addon to begin with: its own pip package that extends a record type of another addon."""

from __future__ import annotations

import keyword
from pathlib import Path
from string import Template

from core.addons.manifest import API_VERSION, NAME
from core.errors import DefinitionError, SarnakhError
from core.i18n.messages import _

_FILES: dict[str, str] = {
    "pyproject.toml": '''\
[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[project]
name = "sarnakh-$dashed"
version = "0.1.0"
dependencies = ["sarnakh"]

[project.entry-points."sarnakh.addons"]
$name = "$package"

[tool.setuptools]
packages = ["$package"]

[tool.setuptools.package-data]
$package = ["addon.toml", "locale/*/LC_MESSAGES/*.po"]
''',
    "$package/__init__.py": '"""$title: an addon for Sarnakh."""\n',
    "$package/addon.toml": '''\
name = "$name"
version = "0.1.0"
api = "$api"
title = "$title"
summary = "A field, a rule, a section and a button for $extends"
depends = ["$base"]
languages = ["en", "fa", "tr"]
''',
    "$package/records.py": '''\
"""What $title adds to $extends."""

from core.api import Env, Extension, Invalid, _, action, fields, validates


class $class_name(Extension):
    """A code that is checked, and the day on which somebody did so."""

    extends = "$extends"

    ${name}_code = fields.Text(_("Code"), size=20)
    ${name}_checked_on = fields.Date(_("Checked on"), readonly=True)

    @validates("${name}_code")
    def ${name}_code_is_capital(records, env):
        for record in records:
            code = record.get("${name}_code")
            if code and not (code.isalpha() and code.isupper()):
                yield Invalid(record, "${name}_code", _("Write capital letters only."))

    @action(_("Mark as checked"), icon="check2-circle")
    def ${name}_mark_checked(records, env: Env):
        with env.elevated("Mark as checked") as sudo:  # read-only fields are for code; the core chose the records
            sudo.update("$extends", [record.id for record in records], {"${name}_checked_on": env.today})
        return _("Marked as checked.")
''',
    "$package/layouts.py": '''\
"""Where $title shows its fields and its button on the form of $extends."""

from core.api import Button, Section, _, on

LAYOUTS = [on("$extends", "form").insert(
    Section("$name", "${name}_code", "${name}_checked_on", Button("${name}_mark_checked"), label=_("$title")),
    after=["main"])]
''',
    "$package/locale/fa/LC_MESSAGES/messages.po": '''\
msgid ""
msgstr "Language: fa\\nContent-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"
msgid "A field, a rule, a section and a button for $extends"
msgstr "یک فیلد، یک قاعده، یک بخش و یک دکمه برای $extends"
msgid "Checked on"
msgstr "تاریخ بررسی"
msgid "Code"
msgstr "کد"
msgid "Mark as checked"
msgstr "ثبت بررسی"
msgid "Marked as checked."
msgstr "بررسی ثبت شد."
msgid "Write capital letters only."
msgstr "فقط حروف بزرگ بنویسید."
msgid "$title"
msgstr "$title"
''',
    "$package/locale/tr/LC_MESSAGES/messages.po": '''\
msgid ""
msgstr "Language: tr\\nContent-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"
msgid "A field, a rule, a section and a button for $extends"
msgstr "$extends için bir alan, bir kural, bir bölüm ve bir düğme"
msgid "Checked on"
msgstr "Kontrol tarihi"
msgid "Code"
msgstr "Kod"
msgid "Mark as checked"
msgstr "Kontrol edildi olarak işaretle"
msgid "Marked as checked."
msgstr "Kontrol edildi olarak işaretlendi."
msgid "Write capital letters only."
msgstr "Yalnızca büyük harf yazın."
msgid "$title"
msgstr "$title"
''',
    "tests/test_$name.py": '''\
"""The rule, without a database."""

from $package.records import $class_name


def test_only_capital_letters():
    wrong = $class_name.${name}_code_is_capital([{"${name}_code": "AB"}, {"${name}_code": "a1"}], None)
    assert [error.field for error in wrong] == ["${name}_code"]
''',
}


def scaffold(name: str, folder: Path, extends: str | None = None) -> Path:
    """Write a partner addon `sarnakh-<name>` below `folder` and give its folder.

    `extends` is the record type it adds to (default `leads.lead`). Raises DefinitionError for a wrong name, and
    SarnakhError when the folder already holds something.
    """
    target = extends or "leads.lead"
    base, dot, record = target.partition(".")
    if not NAME.match(name) or keyword.iskeyword(name):
        raise DefinitionError(_("“{name}” cannot be an addon's name: use lower-case letters, digits and single "
                                "underscores."), name=name)
    if not (dot and NAME.match(base) and NAME.match(record)):
        raise DefinitionError(_("“{name}” is no record type: write it as addon.record."), name=target)
    root = folder / f"sarnakh-{name.replace('_', '-')}"
    if root.exists() and any(root.iterdir()):
        raise SarnakhError(_("The folder {folder} is not empty."), folder=str(root))
    words = {"name": name, "dashed": name.replace("_", "-"), "package": f"sarnakh_{name}", "api": API_VERSION,
             "title": name.replace("_", " ").capitalize(), "extends": target, "base": base,
             "class_name": "".join(part.capitalize() for part in (*record.split("_"), *name.split("_")))}
    for path, text in _FILES.items():
        file = root / Template(path).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(text).substitute(words), "utf-8")
    return root
