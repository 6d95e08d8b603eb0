"""From texts in sources to catalogues on disk to a translation on the screen."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from core.errors import DefinitionError, SettingsError
from core.i18n import catalogs as catalogs_module
from core.i18n.catalogs import Catalogs, direction
from core.i18n.extract import InContext, catalogue_path, collect, main, missing, mistakes, update_catalogs
from core.i18n.messages import _, n_

PYTHON = '''
from core.api import _, n_
label = _("Name")
text = _("{name} is "
         "required.", name=label)
rows = n_("{count} row", "{count} rows", 3)
kind = _("Home", context="where one lives")
'''
TEMPLATE = ('{% trans %}Hello{% endtrans %}{{ _("Home") }}{% call box(n_("{count} day", "{count} days", 2, context="left")) %}{% endcall %}'
            '{{ _("Name") }}{% do 1 %}{% for a in b %}{% break %}{% endfor %}'
            '{% trans count=n %}{{ count }} file{% pluralize %}{{ count }} files{% endtrans %}')
SCRIPT = """const a = t("Save it", {n: 1}), b = tn('one day', `many "days"`, 4); format("no"); other.t("no");"""


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    for name, content in {"addon.toml": 'name = "demo"\ntitle = "Demo"\nsummary = "Shows"\n', "records.py": PYTHON,
                          "templates/a.html": TEMPLATE, "static/a.js": SCRIPT,
                          "tests/test_a.py": '_("not for people")'}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return folder


def translate_all(folder: Path, lang: str, **texts: str) -> None:
    """Write every text of a catalogue as "[text]" or as told."""
    path = catalogue_path(folder, lang)
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=lang)
    for entry in catalogue:
        if entry.id:
            one = entry.id[0] if entry.pluralizable else entry.id
            text = texts.get(one, f"[{one}]")
            entry.string = (text,) * catalogue.num_plurals if entry.pluralizable else text
    with path.open("wb") as stream:
        write_po(stream, catalogue)


def test_every_kind_of_source(addon: Path) -> None:
    assert set(collect(addon)) == {
        "Demo", "Shows", "Name", "{name} is required.", ("{count} row", "{count} rows"), "Hello",
        ("%(count)s file", "%(count)s files"), "Save it", ("one day", 'many "days"'),
        "Home", InContext("where one lives", "Home"), InContext("left", ("{count} day", "{count} days"))}
    assert collect(addon)["Name"] == ["demo/records.py", "demo/templates/a.html"]


def test_a_broken_source_is_named(addon: Path) -> None:
    (addon / "templates" / "b.html").write_text("{% if %}")
    with pytest.raises(DefinitionError, match=r"demo/templates/b\.html"):
        collect(addon)


def test_catalogues_are_stable_and_keep_translations(addon: Path) -> None:
    update_catalogs(addon)
    first = catalogue_path(addon, "fa").read_bytes()
    update_catalogs(addon)
    assert catalogue_path(addon, "fa").read_bytes() == first
    assert len(missing(addon, "fa")) == 11
    assert missing(addon, "en") == []
    translate_all(addon, "fa")
    (addon / "more.py").write_text('_("Another")')
    update_catalogs(addon)
    assert missing(addon, "fa") == ["Another"]
    assert len(missing(addon, "tr")) == 12


def test_a_gone_text_is_kept_aside_and_comes_back(addon: Path) -> None:
    update_catalogs(addon, ["fa"])
    translate_all(addon, "fa")
    script = (addon / "static" / "a.js").read_text()
    (addon / "static" / "a.js").write_text("")
    update_catalogs(addon, ["fa"])
    assert "Save it" not in Catalogs([addon / "locale"]).to_js("fa")
    (addon / "static" / "a.js").write_text(script)
    update_catalogs(addon, ["fa"])
    assert Catalogs([addon / "locale"]).to_js("fa")["Save it"] == "[Save it]"


def test_a_text_that_gets_a_plural_is_to_be_translated_again_without_harm(addon: Path) -> None:
    update_catalogs(addon, ["fa"])
    translate_all(addon, "fa")
    (addon / "records.py").write_text('n_("Name", "Names", 2)\n_("{count} row")')
    update_catalogs(addon, ["fa"])
    assert Catalogs([addon / "locale"]).translate(n_("Name", "Names", 2), "fa") == "[Name]"


def test_wrong_placeholders_are_found(addon: Path) -> None:
    update_catalogs(addon, ["fa"])
    translate_all(addon, "fa", **{"{name} is required.": "{nam} لازم است.", "{count} row": "یک ردیف"})
    assert mistakes(addon, "fa") == ["{name} is required."]


def test_command(addon: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(addon), "--check"]) == 1
    assert not (addon / "locale").exists()
    assert main([str(addon), "--langs", "fa", "--list"]) == 0
    assert "'Save it'" in capsys.readouterr().out
    translate_all(addon, "fa")
    assert main([str(addon), "--langs", "fa", "--check"]) == 0


def test_translating_messages(addon: Path, tmp_path: Path) -> None:
    update_catalogs(addon)
    translate_all(addon, "fa", **{"Name": "نام", "{name} is required.": "{name} لازم است.",
                                  "{count} row": "{count} ردیف"})
    catalogs = Catalogs([addon / "locale"], tmp_path / "cache")
    assert catalogs.translate("Name", "fa") == "نام"
    assert catalogs.translate("Name", "fa-IR") == "نام"
    assert catalogs.translate(_("{name} is required.", name=_("Name")), "fa") == "نام لازم است."
    assert catalogs.translate(_("{name} is required.", name=_("Name")), "en") == "Name is required."
    assert catalogs.translate(n_("{count} row", "{count} rows", 5), "fa") == "5 ردیف"
    assert catalogs.translate(n_("{count} row", "{count} rows", 5), "en") == "5 rows"
    assert catalogs.translate(n_("{count} row", "{count} rows", 1), "tr") == "1 row"
    assert catalogs.translate(_("Unknown {x}", x=1), "fa") == "Unknown 1"
    assert catalogs.translate("", "fa") == ""
    translator = catalogs.translator("fa")
    assert translator.gettext("Name") == "نام"
    assert translator.ngettext("{count} row", "{count} rows", 2) == "{count} ردیف"
    assert catalogs.to_js("fa", ["Name", "nothing"]) == {"Name": "نام"}
    assert catalogs.languages()[:3] == ["fa", "en", "tr"]


def test_later_folders_win_and_the_cache_follows_the_file(addon: Path, tmp_path: Path) -> None:
    update_catalogs(addon, ["fa"])
    translate_all(addon, "fa", Name="نام")
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text('_("Name")')
    update_catalogs(other, ["fa"])
    translate_all(other, "fa", Name="عنوان")
    folders, cache = [addon / "locale", other / "locale"], tmp_path / "cache"
    assert Catalogs(folders, cache).translate("Name", "fa") == "عنوان"
    assert len(list(cache.iterdir())) == 2
    translate_all(other, "fa", Name="نام کامل")
    assert Catalogs(folders, cache).translate("Name", "fa") == "نام کامل"
    for kept in cache.iterdir():
        kept.write_text("not json")
    assert Catalogs(folders, cache).translate("Name", "fa") == "نام کامل"


def test_a_broken_catalogue_is_named(addon: Path) -> None:
    path = catalogue_path(addon, "fa")
    path.parent.mkdir(parents=True)
    path.write_bytes(b'msgid "x"\nmsgstr "\xff\xfe"\n')
    with pytest.raises(SettingsError, match=r"messages\.po"):
        Catalogs([addon / "locale"]).translate("x", "fa")


def test_directions() -> None:
    assert [direction(lang) for lang in ("fa", "fa-IR", "ar_EG", "tr", "en")] == ["rtl", "rtl", "rtl", "ltr", "ltr"]


def test_numbers_are_written_in_the_readers_digits() -> None:
    catalogs = Catalogs([])
    assert catalogs.translate(n_("{count} row", "{count} rows", 12), "en", "arabext") == "۱۲ rows"
    assert catalogs.translate(_("{file} in {inner}", file="a1", inner=_("{n} parts", n=3)), "en", "arabext") == "a1 in ۳ parts"
    assert catalogs.translate(_("{count} rows", count=12), "en") == "12 rows"


def test_reasons_of_elevation_are_texts_but_keys_of_theme_scripts_are_not(tmp_path: Path) -> None:
    for name, content in {"core/i18n/a.py": 'with env.elevated("own password") as trusted: pass',
                          "themes/plain/static/js/a.js": 't("addCondition")'}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    assert set(collect(tmp_path / "core")) == {"own password"}


def test_one_english_text_is_two_texts_in_context(addon: Path) -> None:
    update_catalogs(addon)
    path = catalogue_path(addon, "tr")
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale="tr")
    catalogue.get("Home").string = "Ana sayfa"
    catalogue.get("Home", "where one lives").string = "Ev"
    catalogue.get("{count} day", "left").string = ("{count} gün kaldı", "{count} gün kaldı")
    with path.open("wb") as stream:
        write_po(stream, catalogue)
    update_catalogs(addon, ["tr"])
    for catalogs in (Catalogs([addon / "locale"]), Catalogs([addon / "locale"], addon / "cache"),
                     Catalogs([addon / "locale"], addon / "cache")):
        assert catalogs.translate(_("Home"), "tr") == "Ana sayfa"
        lived = pickle.loads(pickle.dumps(_("Home", context="where one lives")))
        assert catalogs.translate(lived, "tr") == "Ev"
        assert catalogs.translate(_("Home", context="another"), "tr") == "Ana sayfa", "the plain one serves where there is none"
        assert catalogs.translate(lived, "en") == "Home"
        assert catalogs.translate(n_("{count} day", "{count} days", 2, context="left"), "tr") == "2 gün kaldı"


def test_digits_of_a_persian_translation_follow_the_reader() -> None:
    catalogs = Catalogs([Path(catalogs_module.__file__).parents[1] / "locale"])
    text = "At least 10 characters; several words make a good one."
    assert "۱۰" in catalogs.translate(text, "fa") and "۱۰" in catalogs.translate(text, "fa", "arabext")
    assert "10" in catalogs.translate(text, "fa", "latn")


@pytest.mark.parametrize("lang", ["fa", "tr"])
def test_a_text_is_called_the_same_by_all_addons(lang: str) -> None:
    """Catalogues are joined, so the last addon's word would stand on everybody's pages: other meanings have a context."""
    root = Path(__file__).parents[3]
    said: dict[tuple[str | None, object], dict[object, list[str]]] = {}
    for path in [*root.glob(f"core/locale/{lang}/*/*.po"), *root.glob(f"addons/*/locale/{lang}/*/*.po")]:
        for message in read_po(path.open("rb")):
            if message.id and message.string:
                said.setdefault((message.context, message.id), {}).setdefault(message.string, []).append(path.parts[-5])
    assert {key: found for key, found in said.items() if len(found) > 1} == {}
