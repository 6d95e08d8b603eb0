"""An account of mail over real servers: aiosmtpd for what leaves, Dovecot for what comes."""

import pytest

from addons.mail.provider import Smtp
from addons.mail.testing import PASSWORD, USER, Dovecot, SmtpServer
from addons.messaging import accounts
from addons.messaging.testing import HOST
from core.api import SYSTEM, F
from core.settings import Outward
from core.testing.jobs import run_jobs

PUBLIC = "https://crm.pars.example"


@pytest.fixture(scope="session")
def dovecot():
    """One server for all tests; each test gets an empty box."""
    with Dovecot() as server:
        yield server


@pytest.fixture
def box(dovecot):
    """The server with empty folders."""
    for folder in ("INBOX", "Sent", "Projects"):
        for path in dovecot.mails(folder):
            path.unlink()
        for path in dovecot.maildir(folder).glob("dovecot*"):
            path.unlink(missing_ok=True)  # POP3 would offer what an earlier test had
    return dovecot


@pytest.fixture
def smtp():
    """A server that takes everything."""
    with SmtpServer() as server:
        yield server


@pytest.fixture
def outside(installation):
    """Servers on loopback may be called, and the installation has a public address."""
    settings = installation.settings
    before = settings.outward, settings.server.public_url
    object.__setattr__(settings, "outward", Outward(allowed=(HOST,)))
    object.__setattr__(settings.server, "public_url", PUBLIC)
    yield PUBLIC
    object.__setattr__(settings, "outward", before[0])
    object.__setattr__(settings.server, "public_url", before[1])


class Post:
    """An account with its box, and what tests ask of it."""

    def __init__(self, installation, smtp, box):
        self.installation, self.smtp, self.dovecot = installation, smtp, box

    def settings(self, **more):
        return {"host": HOST, "port": str(self.smtp.port), "encryption": "none", "from_address": "info@pars.example",
                "from_name": "شرکت پارس", "auth": "none", "bounces": "bounce@pars.example", **more}

    def account(self, values=None, **settings):
        """An account and its number."""
        with self.installation.env(SYSTEM) as env:
            return accounts.save(env, None, Smtp(), {"name": "Post", **(values or {})}, self.settings(**settings))

    def mailbox(self, account, **values):
        """The box of an account."""
        with self.installation.env(SYSTEM) as env:
            return env.create("mail.mailbox", {
                "name": "Post", "account": account, "protocol": "imap", "host": HOST, "port": self.dovecot.ports["imaps"],
                "encryption": "tls", "user": USER, "secret": PASSWORD, "certificate": self.dovecot.certificate,
                "folders": ["INBOX"], **values})

    def drop(self, raw, **options):
        """A mail arrives at the server."""
        self.dovecot.drop(raw.encode() if isinstance(raw, str) else raw, **options)

    def fetch(self):
        """What the clock does each minute."""
        with self.installation.env(SYSTEM) as env:
            env.enqueue("mail.fetch", {})
        return run_jobs(self.installation)

    def at_any_hour(self):
        """No quiet hours: tests run at night, too."""
        with self.installation.env(SYSTEM) as env:
            env.update("messaging.policy", env.query("messaging.policy").ids()[0], {"quiet_from": None, "quiet_to": None})

    def work(self):
        return run_jobs(self.installation)

    def rows(self, record, *paths, **equal):
        with self.installation.env(SYSTEM, write=False) as env:
            query = env.query(record).archived(None)
            for name, value in equal.items():
                query = query.where(F[name] == value)
            return query.order("id").select(*paths).rows()

    def ledger(self, *paths):
        return self.rows("mail.offered", *(paths or ("outcome", "reason", "subject", "uid", "message")))


@pytest.fixture
def post(installation, smtp, box, outside):
    """Accounts over the servers of this test."""
    return Post(installation, smtp, box)
