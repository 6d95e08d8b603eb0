"""The whole way of an SMS, for the tests of every gateway: from a lead through the engine and its job to the provider's server, and
its delivery report back to the lead.

    with Server() as server:
        walk(installation, "kavenegar", {"key": "k", "address": server.address}, deliver=server.deliver_all)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from werkzeug.test import Client

from addons.messaging import accounts
from addons.messaging.choices import CONCERN, DELIVERED, LEFT, MESSAGE
from addons.messaging.contract import STATUS
from addons.messaging.queueing import Draft, queue
from addons.messaging.testing import HOST
from core.api import SYSTEM
from core.installation import Installation
from core.settings import Outward
from core.testing.browser import host_of
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

PERSIAN = "سلام خانم کریمی، سفارش شما آماده است. می‌توانید آن را ببرید."
MOBILE = "+989121234567"
DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
PATHS = ("state", "external", "attempts", "reason", "code", "segments", "delivered_at", "cost", "counterpart", "body")


@contextmanager
def reachable(installation: Installation) -> Iterator[None]:
    """Servers on loopback may be called meanwhile; otherwise no address of our own network is."""
    settings = installation.settings
    before = settings.outward
    object.__setattr__(settings, "outward", Outward(allowed=(HOST,)))
    try:
        yield
    finally:
        object.__setattr__(settings, "outward", before)


def walk(installation: Installation, provider: str, settings: Mapping[str, Any], *, deliver: Callable[[str], Any] | None = None,
         call: Callable[[str], Mapping[str, Any]] | None = None, sender: str = "", login: str = "sara",
         mobile: str = MOBILE) -> dict[str, Any]:
    """Send a Persian SMS from a lead (a contact where there are no leads) as an ordinary person, and get its report. `deliver`: tells
    the server that the message with the provider's number arrived, for providers that are asked. `call`: arguments of the provider's
    call of our address (of werkzeug's `Client.open`) for the message with that number, for those that call; with both the call
    comes second and changes nothing. `mobile`: of a country that the provider reaches. Returns the message's row."""
    record = "leads.lead" if "leads.lead" in installation.registry.records else "contacts.contact"
    with reachable(installation):
        with installation.env(SYSTEM) as env:
            found = accounts.providers(env, "sms")[provider]
            account = accounts.save(env, None, found, {"name": "Walk", "sender": sender or None}, settings)
            token = accounts.rows(env, [account])[0]["token"]
        with installation.env(installation.load_actor(user_id(installation, login))) as env:
            lead = env.create(record, {"last_name": "کریمی", "mobile": mobile})
            [key] = queue(env, [Draft("sms", mobile.translate(DIGITS), PERSIAN, about=[(record, lead)], person=(record, lead),
                                      account=account)])
            env.commit()
        run_jobs(installation)
        sent = _row(installation, key)
        assert sent["state"] in LEFT and sent["external"] and sent["attempts"] == 1, sent
        if deliver is not None:
            deliver(sent["external"])
            assert STATUS in found.can, "nobody asks this provider"
            with installation.env(SYSTEM) as env:
                env.enqueue("messaging.follow", {})
            run_jobs(installation)
            assert _row(installation, key)["state"] == DELIVERED, _row(installation, key)
        if call is not None:
            answer = Client(host_of(installation)).open(f"/x/messaging/in/{token}", **dict(call(sent["external"])))
            assert answer.status_code == 200, answer.status
            run_jobs(installation)  # what an unsigned call says is asked about
    _check(installation, key, record, lead, login, mobile)
    return _row(installation, key)


def _row(installation: Installation, key: int) -> dict[str, Any]:
    with installation.env(SYSTEM, write=False) as env:
        return env.query(MESSAGE).with_ids([key]).select(*PATHS).rows()[0]


def _check(installation: Installation, key: int, record: str, lead: int, login: str, mobile: str) -> None:
    """It is delivered, in one piece, and stands where the lead's timeline finds it, for whoever sees the lead and for nobody else."""
    row = _row(installation, key)
    assert row["state"] == DELIVERED and row["delivered_at"] is not None, row
    assert (row["counterpart"], row["body"]) == (mobile, PERSIAN)
    with installation.env(installation.load_actor(user_id(installation, login)), write=False) as env:
        about = env.query(CONCERN).holding("about", [lead], record).select("message").rows()
        assert [r["message"].id for r in about] == [key], "it is not on the timeline"
        assert env.query(MESSAGE).with_ids([key]).exists()
    with installation.env(installation.load_actor(user_id(installation, "omid")), write=False) as env:
        assert not env.query(MESSAGE).with_ids([key]).exists(), "somebody who does not see the lead sees the message"
