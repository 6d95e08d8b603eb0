"""Copies of an installation: complete, quiet, and with personal data that nobody can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from core.addons import lifecycle
from core.cli.main import cli
from core.clone import clone, remove
from core.customise import Piece, apply_pieces
from core.errors import SarnakhError
from core.expressions import F
from core.installation import Installation
from core.masking import EMAIL, Mask
from core.records.externals import EXTERNAL
from core.security.actor import SYSTEM
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("leads", "mail")
SECRETS = ("Zarrinkelk", "zarrin@customer.example", "9121117788", "زرین‌کلک", "hunter2", "0499370899")
"""What must be nowhere in a masked copy."""
SHARED, PROVIDER = "Kooh", "smtp"


def fill(inst: Installation) -> None:
    """A person in every place that remembers people: record, note, history, search, file, background work."""
    with inst.env(inst.load_actor(user_id(inst, "admin"))) as env:
        keys = env.create("leads.lead", [
            {"first_name": "Mahtab", "last_name": "Zarrinkelk", "email": "zarrin@customer.example", "mobile": "+989121117788",
             "national_id": "0499370899", "company": f"{SHARED} Zarrinkelk",
             "description": "<p>Ask زرین‌کلک at zarrin@customer.example</p>"},
            {"last_name": SHARED, "email": "other@customer.example"}])
        env.update("leads.lead", keys[1], {"last_name": "Zarrinkelk"})
        env.update("leads.lead", keys[1], {"last_name": SHARED})
        env.create("base.note", {"about": ("leads.lead", keys[0]), "body": "<p>Zarrinkelk called from 09121117788</p>"})
        with env.elevated("its channel is for code") as sudo:
            sudo.create("messaging.account", {"name": "Sales mail", "channel": "mail", "provider": PROVIDER, "active": True,
                                              "sender": "zarrin@customer.example", "secrets": '{"password": "hunter2"}'})
        env.log("probe", "sent to zarrin@customer.example", changes={"to": "Zarrinkelk Mahtab"})
        env.enqueue("mail.send", {"to": "zarrin@customer.example"})
    inst.storage.save([b"Zarrinkelk's contract"])


@pytest.fixture
def copy(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """A masked copy of a filled installation."""
    fill(installation)
    made = clone(installation.settings, tmp_path / "copy", mask=True)
    found = Installation.open(made.settings)
    yield found
    found.close()
    remove(made)


def everything(inst: Installation) -> str:
    """All rows of all tables as text."""
    with inst.engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return "\n".join(f"{name} {row}" for name in names for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))


def test_a_masked_copy_holds_nothing_personal_and_reaches_nobody(installation: Installation, copy: Installation) -> None:
    held = everything(copy)
    assert not [line for line in held.splitlines() if any(secret in line for secret in SECRETS)]
    for path in copy.settings.data.rglob("*"):
        content = path.read_bytes() if path.is_file() and path.name != "sarnakh.toml" else b""
        assert not [secret for secret in SECRETS if secret.encode() in content], path
    with installation.env(SYSTEM) as env, copy.env(SYSTEM) as masked:
        assert env.query("leads.lead").count() == masked.query("leads.lead").count()
        [lead] = masked.query("leads.lead").where(~F.first_name.is_null()).records("name", "first_name", "last_name", "email", "company")
        other = masked.query("leads.lead").where(F.first_name.is_null()).records("last_name")[0]
        assert lead.name == f"{lead.first_name} {lead.last_name}" and lead.company == f"{other.last_name} {lead.last_name}"
        assert EMAIL.fullmatch(lead.email) and lead.email.endswith("@example.com")
        assert masked.query("leads.lead").search(lead.last_name).count() == 1
        assert not masked.query("leads.lead").search("Zarrinkelk").count()
        assert not masked.query("messaging.account").where(F.active).exists()
        assert masked.query("base.profile").order("id").select("name").rows() == env.query("base.profile").order("id").select("name").rows()
        assert not masked.execute(sa.select(masked.registry.metadata.tables["sys_job"]).limit(1)).first()
        assert masked.registry.customising.of("setting")["app_name"].endswith("⧉")


def test_what_is_not_in_use_is_masked_too(installation: Installation, tmp_path: Path) -> None:
    """Disabled addons, own types about nobody in particular, own fields of configuration, what is switched off, gone or unknown."""
    fill(installation)

    def own(target: str, active: bool = True, **data: object) -> Piece:
        return Piece("field", target, {"type": "text", "active": active, **data})

    apply_pieces(installation, SYSTEM, [
        Piece("record", "x.place", {}), own("x.place.x_who"), own("x.place.x_off"), own("x.place.x_word", unique=True, required=True),
        Piece("record", "x.quiet", {}), own("leads.source.x_who"), own("contacts.contact.x_gone"), own("contacts.contact.x_key")])
    with installation.env(SYSTEM) as env:
        words = {"name": "Zarrinkelk", "x_who": "Zarrinkelk", "x_off": "Zarrinkelk"}
        env.create("x.place", [{**words, "x_word": "Zarrinkelk"}, {**words, "x_word": "o"}])
        env.create("x.quiet", {"name": "Zarrinkelk"})
        env.update("leads.source", env.query("leads.source").ids(limit=1), {"x_who": "Zarrinkelk"})
        owner = user_id(installation, "admin")
        person = env.create("contacts.contact", {"last_name": "Zarrinkelk", "x_gone": "Zarrinkelk", "x_key": "hunter2", "owner": owner})
        env.update("contacts.contact", person, {"x_gone": "hunter2"})
        env.execute(EXTERNAL.insert().values(record="contacts.contact", source="old", external="zarrin@customer.example", record_id=person))
    apply_pieces(installation, SYSTEM, [own("x.place.x_off", active=False), Piece("record", "x.quiet", {"active": False}),
                                        Piece("field", "contacts.contact.x_gone", None)])
    lifecycle.disable(installation, "leads")
    lifecycle.disable(installation, "mail")
    with installation.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE gone_thing (id INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE, more VARCHAR(20))")
        connection.exec_driver_sql("INSERT INTO gone_thing VALUES (1, 'Zarrinkelk', 'hunter2'), (2, 'o', NULL)")
        connection.exec_driver_sql("ALTER TABLE contacts_contact ADD COLUMN gone TEXT")
        connection.exec_driver_sql("UPDATE contacts_contact SET gone = 'Zarrinkelk'")
    made = clone(installation.settings, tmp_path / "copy", mask=True)
    found = Installation.open(made.settings)
    try:
        assert not [line for line in everything(found).splitlines() if any(secret in line for secret in SECRETS)]
        with found.env(SYSTEM) as env:
            assert env.query("x.place").count() == 2 and env.registry.customising.of("field")["x.place.x_off"]["active"] is False
            assert not env.query("messaging.account").where(F.active).exists()
        lifecycle.enable(found, ["leads"])
        with found.env(SYSTEM) as env:
            assert env.query("leads.lead").count() == 2 and env.query("leads.lead").where(F.email.contains("@example.com")).count() == 2
    finally:
        found.close()
        remove(made)


@pytest.mark.database("sqlite")
def test_a_plain_copy_is_the_same_but_quiet(installation: Installation, tmp_path: Path) -> None:
    fill(installation)
    made = clone(installation.settings, tmp_path / "copy")
    assert made.files == 1 and (tmp_path / "copy" / "secrets.json").is_file()
    found = Installation.open(made.settings)
    with found.env(SYSTEM) as env:
        assert env.query("leads.lead").where(F.email == "zarrin@customer.example").count() == 1
        assert not env.query("messaging.account").where(F.active).exists()
        assert found.settings.mail.host == ""
    found.close()
    with pytest.raises(SarnakhError, match="not empty"):
        clone(installation.settings, tmp_path / "copy")
    remove(made)
    assert not (tmp_path / "copy").exists()


@pytest.mark.database("sqlite")
def test_what_goes_wrong_leaves_nothing_behind(installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("core.clone.settle", fail)
    with pytest.raises(OSError, match="disk full"):
        clone(installation.settings, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@pytest.mark.database("sqlite")
def test_the_command_line_copies_and_tries_an_upgrade(installation: Installation, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, ["--data", str(installation.settings.data), *words],
                                    env={"SARNAKH_DATABASE_URL": installation.settings.database.url, "SARNAKH_LOG_LEVEL": "error"})
        assert result.exit_code == 0, result.output + str(result.exception)
        return result.stdout

    said = json.loads(run("clone", str(tmp_path / "copy"), "--mask", "--json"))
    assert said["masked_rows"] > 0 and (tmp_path / "copy" / "sarnakh.sqlite3").is_file()
    with installation.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE leads_source ADD COLUMN told VARCHAR")
        connection.exec_driver_sql("DROP TABLE sys_share")
        connection.exec_driver_sql("UPDATE sys_version SET fingerprint = 'another'")
    told = json.loads(run("upgrade", "--dry-run", "--json"))
    assert not told["applied"] and not told["problems"] and any("sys_share" in step for step in told["steps"])
    with installation.engine.connect() as connection:
        assert not sa.inspect(connection).has_table("sys_share")


WORDS = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Zs", "Po")), max_size=60)


@given(WORDS, WORDS)
def test_masking_is_the_same_for_the_same_words_and_keeps_their_form(one: str, two: str) -> None:
    mask = Mask()
    masked = mask.text(f"{one} {two}")
    assert len(masked) >= len(f"{one} {two}") or "@" in one + two
    assert mask.text(f"{one} {two}") == masked
    assert mask.text("Sara") in mask.text("Mrs. Sara.")
    assert mask.email(one) == mask.email(f" {one.lower()} ".lower()) or one.lower() != one.lower().strip()
