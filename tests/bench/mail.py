"""Mail at scale: a box of 10,000 mails taken over by IMAP from a Dovecot on loopback, and looking into it once nothing is new."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator

from addons.mail import receiving_run
from addons.mail.choices import MAILBOX, OFFERED
from addons.mail.fetching import Limits
from addons.mail.provider import Smtp
from addons.mail.testing import HOST, PASSWORD, USER, Dovecot
from addons.messaging import accounts
from addons.sms.testing import reachable
from core.addons import lifecycle
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.jobs import run_jobs
from tests.bench.measure import Figure, figure

MAILS, FEWER = 10_000, 500
READING = MAILS / 1200
"""Floor: 10,000 mails are taken over within twenty minutes, one transaction each."""
TEXT = ("From: Person {n} <person{p}@example.org>\r\nTo: info@pars.example\r\nSubject: =?utf-8?b?2LPZgdin2LHYtCDYp9iy?= {n}\r\n"
        "Message-ID: <bench-{n}@example.org>\r\nDate: Thu, 26 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nسلام، سفارش {n} را بفرستید.\r\n\r\n"
        "On Wed, 25 Nov 2026 at 09:00 Pars <info@pars.example> wrote:\r\n> Good morning\r\n")


def reading(inst: Installation, database: str, quick: bool) -> Iterator[Figure]:
    """Take over a whole box, one transaction a mail."""
    if shutil.which("dovecot") is None:
        print("mail: skipped, Dovecot is not installed (apt-get install dovecot-imapd)", file=sys.stderr)  # noqa: T201 - a report
        return
    lifecycle.enable(inst, ["mail"])
    count = FEWER if quick else MAILS
    before_limits = receiving_run.run.__defaults__
    with Dovecot() as server, reachable(inst):
        folder = server.maildir()
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for n in range(count):
            (folder / "cur" / f"1700000000.{n:06d}.bench:2,").write_bytes(TEXT.format(n=n, p=n % 500).encode())
        server._own(server.folder / "mail")  # noqa: SLF001 - as `drop` does, once for all
        with inst.env(SYSTEM) as env:
            account = accounts.save(env, None, Smtp(), {"name": "Bench mail"}, {
                "host": HOST, "port": "25", "encryption": "none", "from_address": "info@pars.example", "auth": "none"})
            box = env.create(MAILBOX, {"name": "Bench", "account": account, "protocol": "imap", "host": HOST, "port": server.ports["imaps"],
                                       "encryption": "tls", "user": USER, "secret": PASSWORD, "certificate": server.certificate})
        receiving_run.run.__defaults__ = (Limits(messages=count, seconds=3600, together=receiving_run.LIMITS.together),)
        try:
            taken = _run(inst, box)
            again = _run(inst, box)
        finally:
            receiving_run.run.__defaults__ = before_limits
        with inst.env(SYSTEM, write=False) as env:
            found = env.query(OFFERED).count(cap=None)
        if found != count:
            raise AssertionError(f"{found} of {count} mails are in the ledger")
        with inst.env(SYSTEM) as env:
            env.update(MAILBOX, box, {"active": False})
    yield figure("mail_taken_over", database, count / taken, "mails/s", READING, more_is_better=True, mails=count)
    yield figure("mail_nothing_new", database, again * 1000, "ms", mails=count)


def _run(inst: Installation, box: int) -> float:
    with inst.env(SYSTEM) as env:
        env.enqueue("mail.fetch_one", {"mailbox": box})
    before = time.perf_counter()
    run_jobs(inst, 3600)
    return time.perf_counter() - before
