"""Numbers of issued papers have no gaps and no doubles, whoever issues at the same time; the year is the calendar's."""

import datetime as dt
import threading
from decimal import Decimal

import pytest

from addons.sales import settling
from addons.sales.tests.conftest import ADDONS, customer
from core.api import SarnakhError
from core.security.actor import SYSTEM

pytestmark = pytest.mark.addons(*ADDONS)
WRITERS, EACH = 6, 5


def drafts(env, things, count, **more):
    account = customer(env)
    keys = env.create("sales.invoice", [{"subject": f"Desk {i}", "account": account, "currency": things["currency"],
                                         **more} for i in range(count)])
    env.create("sales.invoice_line", [{"paper": key, "product": things["DESK"], "quantity": 1} for key in keys])
    return keys


def test_parallel_issue_leaves_no_gaps_and_no_doubles(installation, env_as, things):
    with env_as("boss") as env:
        keys = drafts(env, things, WRITERS * EACH)
    failures = []
    start = threading.Barrier(WRITERS)

    def writer(mine):
        start.wait()
        for turn, key in enumerate(mine):
            try:
                with installation.env(SYSTEM, trusted=True) as env:
                    env.run_action("sales.invoice", "issue", [key])
                    if turn == 1:
                        raise RuntimeError("taken back")
            except RuntimeError:
                with installation.env(SYSTEM, trusted=True) as env:
                    env.run_action("sales.invoice", "issue", [key])
            except Exception as error:  # noqa: BLE001 - told below
                failures.append(error)

    threads = [threading.Thread(target=writer, args=(keys[i::WRITERS],)) for i in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    with env_as("boss") as env:
        numbers = sorted(int(r["number"].rpartition("-")[2]) for r in env.query("sales.invoice").select("number").rows())
    assert numbers == list(range(1, WRITERS * EACH + 1))


@pytest.mark.database("postgresql")
def test_the_same_invoice_is_issued_once(installation, env_as, things):
    with env_as("boss") as env:
        key = drafts(env, things, 1)[0]
    told, start = [], threading.Barrier(4)

    def writer():
        start.wait()
        try:
            with installation.env(SYSTEM, trusted=True) as env:
                env.run_action("sales.invoice", "issue", [key])
            told.append("issued")
        except Exception:  # noqa: BLE001 - somebody was faster
            told.append("late")

    threads = [threading.Thread(target=writer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["issued", "late", "late", "late"]
    with env_as("boss") as env:
        assert env.get("sales.invoice", key, "number").number.endswith("00001")


def test_jalali_years_have_counters_of_their_own(env_as, things):
    with env_as("boss") as env:
        series = env.query("sales.series").where('kind == "invoice"').ids(1)[0]
        env.update("sales.series", series, {"calendar": "jalali"})
    with env_as("boss") as env:
        old = drafts(env, things, 2, date=dt.date(2026, 3, 20))
        new = drafts(env, things, 1, date=dt.date(2026, 3, 21))
        env.run_action("sales.invoice", "issue", [*old, *new])
        found = [env.get("sales.invoice", key, "number").number for key in (*old, *new)]
    assert found == ["INV-1404-00001", "INV-1404-00002", "INV-1405-00001"]


@pytest.mark.database("postgresql")
def test_money_is_not_given_away_twice(installation, env_as, things):
    with env_as("boss") as env:
        keys = drafts(env, things, 2)
        env.run_action("sales.invoice", "issue", keys)
        account = env.get("sales.invoice", keys[0], "account").account.id
        payment = env.create("sales.payment", {"account": account, "currency": things["currency"], "amount": 13_750_000})
        env.run_action("sales.payment", "post", [payment])
    told, start = [], threading.Barrier(2)

    def writer(invoice):
        start.wait()
        try:
            with installation.env(SYSTEM, trusted=True) as env:
                settling.allocate(env, payment, {invoice: Decimal(13_750_000)})
            told.append("given")
        except SarnakhError:
            told.append("refused")

    threads = [threading.Thread(target=writer, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["given", "refused"]
    with env_as("boss") as env:
        assert env.get("sales.payment", payment, "left").left == 0
