"""Boxes at a real server: renumbered, broken off, killed in the middle, of strangers; and who may look into them."""

import contextlib
import datetime as dt
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from addons.mail import receiving_run
from addons.mail.fetching import Limits
from addons.messaging import accounts
from core.api import SYSTEM, NotFound
from core.testing.browser import Visitor
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("mail")
ROOT = Path(__file__).parents[3]
MAIL = "From: a{n}@example.org\nTo: info@pars.example\nSubject: Mail {n}\nMessage-ID: <{n}@example.org>\n\nText {n}\n"


def drop(post, *numbers, **options):
    for n in numbers:
        post.drop(MAIL.format(n=n), **options)


def subjects(post):
    return [r["subject"] for r in post.rows("messaging.message", "subject")]


def test_only_what_is_new_is_fetched_and_renumbering_doubles_nothing(post):
    post.mailbox(post.account())
    drop(post, 1, 2)
    post.fetch()
    drop(post, 3)
    post.fetch()
    assert subjects(post) == ["Mail 1", "Mail 2", "Mail 3"] and len(post.ledger()) == 3
    post.dovecot.renumber()
    drop(post, 4)
    post.fetch()
    assert sorted(subjects(post)) == ["Mail 1", "Mail 2", "Mail 3", "Mail 4"]
    assert Counter(r["outcome"] for r in post.ledger()) == {"imported": 4, "linked": 3}


@pytest.mark.parametrize("afterwards", ["keep", "delete"])
def test_pop3_boxes_remember_what_they_offered(post, afterwards):
    post.mailbox(post.account(), protocol="pop3", port=post.dovecot.ports["pop3s"], afterwards=afterwards)
    drop(post, 1, 2)
    post.fetch()
    drop(post, 3)
    post.fetch()
    assert sorted(subjects(post)) == ["Mail 1", "Mail 2", "Mail 3"] and len(post.ledger()) == 3
    assert len(post.dovecot.mails()) == (0 if afterwards == "delete" else 3)


def test_a_broken_mail_never_stops_the_box(post, installation, monkeypatch):
    post.mailbox(post.account())
    drop(post, 1, 2, 3)
    whole = receiving_run.taking.readable

    def broken(mail, offered):
        if mail.subject == "Mail 2":
            raise ZeroDivisionError
        return whole(mail, offered)
    monkeypatch.setattr(receiving_run.taking, "readable", broken)
    post.fetch()
    assert subjects(post) == ["Mail 1", "Mail 3"]
    assert [(r["outcome"], r["subject"], r["reason"]) for r in post.ledger()] == [
        ("imported", "Mail 1", None), ("failed", "Mail 2", "ZeroDivisionError"), ("imported", "Mail 3", None)]


def test_files_come_along_and_winmail_is_unpacked(post):
    post.mailbox(post.account())
    sample = ROOT / "addons/mail/tests/winmail.dat"
    post.drop(b"From: a@b.example\nSubject: f\nMessage-ID: <f@b>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
              b"Content-Type: text/plain\n\nsee file\n--b\nContent-Type: text/csv; name=\"a.csv\"\n\n1,2\n--b--\n")
    post.fetch()
    [row] = post.rows("messaging.message", "files", "body")
    assert [f.label for f in row["files"]] == ["a.csv"] and row["body"] == "see file" and not sample.exists()


def test_a_box_that_is_stuck_turns_red_and_recovers_by_itself(post, installation):
    account = post.account()
    box = post.mailbox(account, secret="wrong")
    drop(post, 1)
    post.fetch()
    [row] = post.rows("mail.mailbox", "state", "problem")
    [health] = post.rows("messaging.account", "health", "problem")
    assert row["state"] == "stuck" and row["problem"] and health["health"] == "failing" and row["problem"] in health["problem"]
    with installation.env(SYSTEM) as env:
        env.update("mail.mailbox", box, {"secret": "گذرواژه-1"})
    post.fetch()
    assert post.rows("mail.mailbox", "state", "problem")[0] | {"id": 0} == {"id": 0, "state": "working", "problem": None}
    assert post.rows("messaging.account", "health")[0]["health"] == "working" and subjects(post) == ["Mail 1"]


def test_a_server_that_is_away_for_long_turns_the_account_red(post, installation):
    post.mailbox(post.account(), port=1)
    post.fetch()
    assert post.rows("mail.mailbox", "state")[0]["state"] == "failing"
    assert post.rows("messaging.account", "health")[0]["health"] == "working"
    with installation.env(SYSTEM) as env:
        key = env.query("mail.mailbox").ids()[0]
        env.derive("mail.mailbox", {key: {"problem_since": env.now - dt.timedelta(minutes=20)}})
    post.fetch()
    assert post.rows("mail.mailbox", "state")[0]["state"] == "stuck"
    assert post.rows("messaging.account", "health")[0]["health"] == "failing"


def test_a_run_that_is_cut_short_goes_on_where_it_was(post, installation, monkeypatch):
    post.mailbox(post.account())
    drop(post, *range(1, 6))
    monkeypatch.setattr(receiving_run.run, "__defaults__", (Limits(messages=2),))
    for count in (2, 4, 5):
        post.fetch()
        assert len(subjects(post)) == count
    assert subjects(post) == [f"Mail {n}" for n in range(1, 6)]


def test_workers_that_are_killed_lose_nothing_and_double_nothing(post, installation, tmp_path):
    count = 600
    post.mailbox(post.account())
    drop(post, *range(count))
    with installation.env(SYSTEM) as env:
        env.enqueue("mail.fetch", {})
    settings, queue_url = tmp_path / "settings", f"sqlite:///{tmp_path}/queue.db"
    settings.write_bytes(pickle.dumps(installation.settings))
    chance, cut = random.Random(7), 0
    for _round in range(3):
        with _worker(settings, queue_url):
            before, ends = len(post.ledger()), time.monotonic() + 60
            while len(post.ledger()) <= before and time.monotonic() < ends:
                time.sleep(0.01)
            time.sleep(chance.uniform(0.0, 0.15))
        cut += 0 < len(post.ledger()) < count
    assert cut, "the worker was too quick for this test to say anything"
    with _worker(settings, queue_url):
        ends = time.monotonic() + 120
        while len(post.ledger()) < count and time.monotonic() < ends:
            time.sleep(0.2)
    run_jobs(installation)
    post.fetch()
    assert Counter(subjects(post)) == Counter(f"Mail {n}" for n in range(count))
    assert Counter(r["outcome"] for r in post.ledger()) == {"imported": count}


@contextlib.contextmanager
def _worker(settings, queue_url):
    process = subprocess.Popen([sys.executable, "-m", "addons.mail.tests.fetcher", str(settings), queue_url], cwd=ROOT,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


# ---------------------------------------------------------------- who looks in
def test_a_personal_box_and_its_ledger_are_closed_to_everybody_else(post, installation, env_as):
    account = post.account({"person": user_id(installation, "sara")})
    post.mailbox(account)
    post.drop("From: doctor@example.org\nSubject: Your results\nMessage-ID: <r@example.org>\n\nAll is well.\n")
    post.fetch()
    with env_as("sara") as env:
        [entry] = env.query("mail.offered").select("subject", "message").rows()
        assert entry["subject"] == "Your results" and env.query("mail.mailbox").ids()
        key, message = entry["id"], entry["message"].id
    for login in ("admin", "boss", "mina", "reza"):
        with env_as(login) as env:
            for record in ("mail.mailbox", "mail.offered", "messaging.message"):
                assert not env.can("read", record) or env.query(record).ids() == [], (login, record)
        visitor = Visitor(installation, user_id(installation, login))
        for path in (f"/r/mail.offered/{key}", f"/x/mail/show/{message}", f"/x/mail/box/{account}", f"/x/mail/oauth/{account}",
                     f"/x/mail/dkim/{account}", f"/r/messaging.message/{message}"):
            assert visitor.get(path).status_code in (403, 404), (login, path)
        for path in (f"/x/mail/box/{account}", f"/x/mail/box/{account}/check", f"/x/mail/preset/{account}",
                     f"/x/mail/show/{message}/always"):
            assert visitor.post(path, {"host": "evil.example", "preset": "gmail"}).status_code in (403, 404), (login, path)
        listed = visitor.get("/r/mail.offered").get_data(as_text=True)
        assert "Your results" not in listed


def test_shared_boxes_are_open_to_members_and_managers(post, installation, env_as):
    post.mailbox(post.account({"members": [user_id(installation, "reza")]}))
    drop(post, 1)
    post.fetch()
    for login, sees in (("reza", True), ("admin", True), ("sara", False), ("omid", False)):
        with env_as(login) as env:
            assert bool(env.query("mail.offered").ids()) is sees, login


def test_the_page_of_a_box_writes_checks_and_keeps_the_password(post, installation, env_as):
    account = post.account({"person": user_id(installation, "sara")})
    visitor = Visitor(installation, user_id(installation, "sara"))
    form = {"protocol": "imap", "host": "127.0.0.1", "port": str(post.dovecot.ports["imaps"]), "encryption": "tls", "user": "sara",
            "password": "گذرواژه-1", "certificate": post.dovecot.certificate, "folders": "INBOX, Projects", "afterwards": "keep",
            "active": "1", "since": ""}
    assert visitor.post(f"/x/mail/box/{account}", form).status_code == 303
    assert visitor.post(f"/x/mail/box/{account}", form | {"password": ""}).status_code == 303
    page = visitor.post(f"/x/mail/box/{account}/check", follow_redirects=True).get_data(as_text=True)
    assert "It works" in page and "Sent" in page and "گذرواژه" not in page
    assert visitor.post(f"/x/mail/box/{account}", form | {"host": "x\r\ny", "port": "99999"}).status_code == 422
    assert visitor.post(f"/x/mail/box/{account}", form | {"password": "wrong"}).status_code == 303
    assert "does not accept" in visitor.post(f"/x/mail/box/{account}/check", follow_redirects=True).get_data(as_text=True)
    with installation.env(SYSTEM, write=False) as env:
        row = accounts.rows(env, [account])[0]
        assert "گذرواژه" not in str(env.query("mail.mailbox").select("name", "folders", "host").rows()) and row["channel"] == "mail"
    with env_as("sara") as env, pytest.raises(NotFound):
        env.get("mail.mailbox", 999, "name")


def test_a_password_goes_to_no_other_server_unless_it_is_known(post, installation, env_as):
    account = post.account({"members": [user_id(installation, "reza")]}, host="smtp.pars.example", auth="password", password="secret",
                           user="info", encryption="tls")
    visitor = Visitor(installation, user_id(installation, "admin"))
    form = {"protocol": "imap", "host": "imap.pars.example", "port": "993", "encryption": "tls", "user": "", "password": "",
            "folders": "INBOX", "afterwards": "keep", "active": "1", "since": ""}
    for astray in ("collector.example", "pars.example.collector.example", "xpars.example"):
        refused = visitor.post(f"/x/mail/box/{account}", form | {"host": astray})
        assert refused.status_code == 422 and "Enter it here" in refused.text, "the password for sending would go there"
    assert visitor.post(f"/x/mail/box/{account}", form).status_code == 303, "beside the server that mail is sent by"
    assert "Enter it here" in visitor.post(f"/x/mail/box/{account}", form | {"host": "collector.example"}).text
    assert visitor.post(f"/x/mail/box/{account}", form | {"host": "mail.elsewhere.example", "password": "new"}).status_code == 303
    assert visitor.post(f"/x/mail/box/{account}", form | {"host": "mail.elsewhere.example"}).status_code == 303, "it is known by now"
    assert visitor.post(f"/x/mail/preset/{account}", {"preset": "gmail"}).status_code == 303, "a company that is known to everybody"
    with installation.env(SYSTEM) as env:
        row = accounts.rows(env, [account])[0]
        env.update("messaging.account", account, {"settings": {**row["settings"], "auth": "oauth"}})
    told = visitor.post(f"/x/mail/box/{account}", form | {"host": "collector.example", "password": "x"})
    assert "not sent to a server elsewhere" in told.text
