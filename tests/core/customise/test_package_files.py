"""Packages as files: they come back as they were, and nothing hostile is taken for one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customise import package as files
from core.customise.package import Package, PackageError
from core.records import portable

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
DATA = st.recursive(st.none() | st.booleans() | st.integers(-10**9, 10**9) | TEXT,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8)
KEYS = st.dictionaries(st.sampled_from(["name", "record_type", "kind"]), TEXT, min_size=1)
RECORDS = st.builds(portable.written, st.sampled_from(["base.view", "deals.stage"]), KEYS)
CUSTOM = st.builds("{} {}".format, st.sampled_from(["field", "layout", "home"]),
                   TEXT.filter(lambda text: text.isprintable()))
ITEMS = st.dictionaries(CUSTOM, DATA, max_size=4) | st.dictionaries(RECORDS, st.dictionaries(TEXT, DATA, max_size=3), max_size=4)


@given(ITEMS, TEXT)
def test_a_package_comes_back_from_a_zip_as_it_was(items: dict, title: str) -> None:
    package = Package("acme", "1.2", title, made_with="1.0", needs={"leads": "0.1"}, items=items)
    content = files.to_zip(package)
    assert files.from_zip(content) == package
    assert files.to_zip(files.from_zip(content)) == content


@given(st.text(max_size=60))
def test_what_is_no_name_of_a_record_is_refused_and_never_breaks(text: str) -> None:
    for name in (text, f"@base.view({text})", f"@base.view(name={text})"):
        try:
            record, key = portable.read(name)
        except ValueError:
            continue
        assert portable.read(portable.written(record, key)) == (record, key)


def test_a_folder_is_fit_for_git_and_written_again_without_leftovers(tmp_path: Path) -> None:
    package = Package("acme", items={"field leads.lead.x_code": {"type": "text", "labels": {"fa": "کد", "en": "Code"}},
                                     "@base.view(name=Mine/../x,record_type=leads.lead)": {"shared": True}})
    files.write_folder(package, tmp_path / "acme")
    (tmp_path / "acme" / "README.md").write_text("ours")
    written = (tmp_path / "acme" / "custom" / "field" / "leads.lead.x_code.json").read_text("utf-8")
    assert "کد" in written and written.index('"en"') < written.index('"fa"')
    assert {p.parent for p in (tmp_path / "acme" / "records").rglob("*.json")} == {tmp_path / "acme" / "records" / "base.view"}
    assert files.read(tmp_path / "acme") == package
    del package.items["@base.view(name=Mine/../x,record_type=leads.lead)"]
    files.write_folder(package, tmp_path / "acme")
    assert not list((tmp_path / "acme" / "records").rglob("*.json")) and (tmp_path / "acme" / "README.md").is_file()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(PackageError, match="something else"):
        files.write_folder(Package("acme"), tmp_path)


def _zip(entries: dict[str, bytes], manifest: str = 'format = 1\nname = "acme"\nversion = "1.0"\n') -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("package.toml", manifest)
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


FIELD = json.dumps({"kind": "field", "target": "leads.lead.x_a", "data": {}}).encode()


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04 nonsense", b"\x00" * 100,
    _zip({"../custom/field/a.json": FIELD}), _zip({"/custom/field/a.json": FIELD}), _zip({"custom/../../a.json": FIELD}),
    _zip({"C:\\custom\\a.json": FIELD}),
    _zip({"custom/field/a.json": b" " * (files.MOST_BYTES + 10)}),
    _zip({f"custom/field/{n}.json": b" " * files.MOST_BYTES for n in range(20)}),
    _zip({f"custom/field/{n}.txt": b"" for n in range(files.MOST_FILES + 1)}),
    _zip({"custom/field/a.json": FIELD, "custom/field/b.json": FIELD}),
    _zip({"custom/field/a.json": b"[" * 100_000}), _zip({"custom/field/a.json": b'{"kind": NaN}'}),
    _zip({"custom/field/a.json": b"\xff\xfe"}), _zip({"custom/a.json": b"[]"}),
    _zip({"custom/a.json": json.dumps({"kind": "package", "target": "acme", "data": {}}).encode()}),
    _zip({"custom/a.json": json.dumps({"kind": "../x", "target": "acme", "data": {}}).encode()}),
    _zip({"records/a.json": json.dumps({"record": "base.user", "key": {"login": 5}, "values": {}}).encode()}),
    _zip({"records/a.json": json.dumps({"record": "base.user)", "key": {"login": "a"}, "values": {}}).encode()}),
    _zip({}, 'format = 1\nname = "../x"\nversion = "1.0"'), _zip({}, 'format = 1\nname = "acme"\nversion = "newest"'),
    _zip({}, 'format = 9\nname = "acme"\nversion = "1.0"'), _zip({}, "format = 1\nname = 7"), _zip({}, "[" * 5000),
    _zip({}, 'format = 1\nname = "acme"\nversion = "1.0"\nneeds = ["leads"]')])
def test_hostile_archives_are_refused(content: bytes) -> None:
    with pytest.raises(PackageError):
        files.from_zip(content)


def test_links_out_of_a_package_are_refused(tmp_path: Path) -> None:
    files.write_folder(Package("acme", items={"field leads.lead.x_a": {}}), tmp_path)
    (tmp_path / "custom" / "field" / "secret.json").symlink_to("/etc/hostname")
    with pytest.raises(PackageError, match="leads out"):
        files.read(tmp_path)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("custom/field/a.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(PackageError, match="leads out"):
        files.from_zip(made.getvalue())


def test_an_archive_of_a_repository_has_one_folder_around_it() -> None:
    package = Package("acme", items={"field leads.lead.x_a": {"type": "text"}})
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.files_of(package).items():
            archive.writestr(f"acme-main/{name}", text)
    assert files.from_zip(made.getvalue()) == package
