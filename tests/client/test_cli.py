"""The command line: logins that nobody else reads, records in tables, files in and out."""

from __future__ import annotations

import csv
import io
import json
import stat

import pytest

from addons.api.tests.calling import token_for
from sarnakh_client import output, texts
from sarnakh_client.cli import main
from sarnakh_client.values import Record

pytestmark = pytest.mark.addons("api", "leads")


@pytest.fixture
def run(address, installation, tmp_path, monkeypatch, capsys):
    """`run("list", "leads.lead")` gives the exit code, what was printed and what was complained about; the boss is logged in."""
    monkeypatch.setenv("SARNAKH_CLIENT_FILE", str(tmp_path / "there" / "logins.json"))
    for name in ("SARNAKH_URL", "SARNAKH_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments, given=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = main(arguments)
        told = capsys.readouterr()
        return code, told.out.replace("[debug", "").strip(), told.err

    code, out, _err = call("login", address, given=token_for(installation, "boss") + "\n")
    assert code == 0 and "Bahram Director" in out
    return call


def test_a_login_is_kept_where_nobody_else_reads(run, tmp_path, address):
    file = tmp_path / "there" / "logins.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "Bahram Director" in run("whoami")[1]
    file.chmod(0o644)
    code, _out, err = run("whoami")
    assert code == 1 and "chmod 600" in err
    file.chmod(0o600)
    assert run("login", address, given="snk_wrong\n")[0] == 1
    assert "Bahram Director" in run("whoami")[1], "a token that is not good replaces nothing"
    assert run("login", "http://crm.example.com", given="snk_x\n")[2].count("--allow-http") == 1
    assert run("logout")[0] == 0 and run("whoami")[0] == 1


def test_records_from_the_command_line(run):
    key = run("create", "leads.lead", "last_name=Karimi", "company=Pars=Co", "annual_revenue=12.5", "do_not_call=yes")[1].splitlines()[-1]
    shown = run("get", "leads.lead", key)[1]
    assert "Pars=Co" in shown and "Karimi" in shown
    shown = json.loads(run("get", "leads.lead", key, "--format", "json", "--fields", "annual_revenue")[1])
    assert shown["annual_revenue"]["amount"] == "12.5"
    assert run("update", "leads.lead", key, "company=", "--version", "1")[1].endswith("2")
    code, _out, err = run("update", "leads.lead", key, "company=B", "--version", "1")
    assert code == 1 and "'Pars=Co' → None" in err
    table = run("list", "leads.lead", "--fields", "last_name,owner")[1]
    assert "last_name" in table and "Karimi" in table and "Bahram Director" in table
    assert run("count", "leads.lead", "--filter", 'last_name == "Karimi"')[1].endswith("1")
    assert run("delete", "leads.lead", key)[0] == 0 and run("count", "leads.lead")[1].endswith("0")
    assert run("restore", "leads.lead", key)[0] == 0 and run("count", "leads.lead")[1].endswith("1")
    assert "leads.lead" in run("types")[1] and "last_name" in run("fields", "leads.lead")[1]
    code, _out, err = run("create", "leads.lead", "last_name=x", "email=no")
    assert code == 1 and "email:" in err
    assert run("create", "leads.lead", "annual_revenue=much")[0] == 1 and run("list", "leads.nothing")[0] == 1


def test_what_is_exported_is_imported_again(run, tmp_path):
    for name in ("One", "Two", 'Three "3"\nlines'):
        run("create", "leads.lead", f"last_name={name}", "annual_revenue=10", "rating=hot")
    file = tmp_path / "leads.csv"
    assert run("export", "leads.lead", "--sort", "last_name", "-o", str(file))[0] == 0
    assert [row["last_name"] for row in csv.DictReader(file.open(newline=""))] == ["One", 'Three "3"\nlines', "Two"]
    run("export", "leads.lead", "--fields", "last_name,rating", "-o", str(tmp_path / "leads.json"))
    assert {row["rating"] for row in json.loads((tmp_path / "leads.json").read_text())} == {"hot"}
    small = tmp_path / "in.csv"
    small.write_text("external:erp,last_name,email,annual_revenue\n1,Ali,a@example.com,5\n2,Bad,no,5\n", "utf-8")
    rejected = tmp_path / "rejected.csv"
    code, _out, err = run("import", "leads.lead", str(small), "--key", "external:erp", "--rejected", str(rejected))
    assert code == 1 and "1 records, 1 refused" in err and "Row 2: email:" in err
    wrong = next(csv.DictReader(rejected.open(newline="")))
    assert wrong["last_name"] == "Bad" and wrong["reason"]
    rejected.write_text(rejected.read_text().replace(",no,", ",b@example.com,"), "utf-8")
    assert run("import", "leads.lead", str(tmp_path / "leads.json"))[0] == 0
    small.write_text("external:erp,last_name\n1,Vali\n2,Good\n", "utf-8")
    assert run("import", "leads.lead", str(small), "--key", "external:erp")[0] == 0
    names = json.loads(run("list", "leads.lead", "--fields", "last_name", "--format", "json")[1])
    assert sorted(row["last_name"] for row in names) == sorted(["One", "Two", 'Three "3"\nlines'] * 2 + ["Vali", "Good"])


def test_a_record_does_not_steer_the_terminal():
    out = io.StringIO()
    output.table([Record("x.y", {"id": 1, "name": "\x1b[2Jgone\nline", "empty": None, "persian": "می\u200cروم"})], out)
    assert "\x1b" not in out.getvalue() and len(out.getvalue().splitlines()) == 3
    assert output.width("می\u200cروم") == 5 and output.width("漢字") == 4 and output.fitted("abcdef", 4) == "abc…"


@pytest.mark.parametrize(("kind", "text"), [
    ("integer", "7"), ("flag", "true"), ("decimal", "1.50"), ("money", "12.50 EUR"), ("many", "3,4"), ("date", "2026-03-21"),
    ("datetime", "2026-03-21T08:30:00+00:00"), ("duration", "90"), ("multichoice", "a,b"), ("text", "a, b"), ("data", '{"a": 1}')])
def test_values_are_written_as_they_are_read(kind, text):
    assert texts.to_text(texts.from_text("f", kind, text)) == text


def test_a_file_does_not_run_in_a_spreadsheet():
    out = io.StringIO()
    output.as_csv([Record("x.y", {"a": "=HYPERLINK(1)", "b": "+98 (21) 123", "c": -5, "d": " @sum", "e": "'-1", "f": "plain"})], out)
    cells = next(csv.DictReader(io.StringIO(out.getvalue())))
    assert cells == {"a": "'=HYPERLINK(1)", "b": "+98 (21) 123", "c": "-5", "d": "' @sum", "e": "''-1", "f": "plain"}
    assert [texts.unguarded(one) for one in cells.values()] == ["=HYPERLINK(1)", "+98 (21) 123", "-5", " @sum", "'-1", "plain"]
