"""Crediting, paying, refunding and taking back at the same time: nobody waits in a circle, and what is owed stays true."""

import threading
import time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from addons.sales import settling
from addons.sales.tests.conftest import ADDONS, customer, key_of
from core.api import SYSTEM, SarnakhError

pytestmark = [pytest.mark.addons(*ADDONS), pytest.mark.database("postgresql")]
INVOICE, PAYMENT = "sales.invoice", "sales.payment"
PRICE = Decimal(13_750_000)
WAITING = sa.text("SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                  "WHERE NOT granted AND datname = current_database()")


def issued(env, things, count=1):
    account = customer(env)
    keys = env.create(INVOICE, [{"subject": "Desk", "account": account, "currency": things["currency"]} for _ in range(count)])
    env.create("sales.invoice_line", [{"paper": key, "product": things["DESK"], "quantity": 1} for key in keys])
    env.run_action(INVOICE, "issue", keys)
    return account, keys


def posted(env, things, account, amount, kind="received"):
    key = env.create(PAYMENT, {"account": account, "currency": things["currency"], "amount": amount, "kind": kind})
    env.run_action(PAYMENT, "post", [key])
    return key


def at_once(installation, *works):
    """Each piece of work in an environment of its own, at the same time; what was refused, and what broke."""
    refused, broken, start = [], [], threading.Barrier(len(works))

    def run(work):
        start.wait()
        try:
            with installation.env(SYSTEM, trusted=True) as env:
                work(env)
        except SarnakhError as error:
            refused.append(error)
        except Exception as error:  # noqa: BLE001 - a deadlock is told below
            broken.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused, broken


def in_a_queue(installation, hold, *works):
    """The works one behind the other before something that is held, so that each has taken what it takes first; then let go."""
    refused, broken = [], []

    def run(work):
        found = at_once(installation, work)
        refused.extend(found[0])
        broken.extend(found[1])

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    with installation.env(SYSTEM, trusted=True) as env:
        hold(env)
        for count, thread in enumerate(threads, 1):
            thread.start()
            while env.execute(WAITING).scalar() < count and thread.is_alive():
                time.sleep(0.05)
                env.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
    for thread in threads:
        thread.join(60)
    return refused, broken


def true_to_the_rows(env, account):
    """Paid amounts and balances are what the allocations say, and nothing is below zero."""
    rows = env.query(INVOICE).where(f"account == {account} and status != \"draft\"").select("total", "paid", "balance").rows()
    given: dict[int, Decimal] = {}
    for row in env.query("sales.allocation").select("invoice", "credit", "amount").rows():
        for name in ("invoice", "credit"):
            if row[name]:
                given[row[name].id] = given.get(row[name].id, Decimal(0)) + row["amount"]
    for row in rows:
        assert row["paid"] == given.get(row["id"], 0) and row["balance"] == row["total"] - row["paid"] >= 0
    for row in env.query(PAYMENT).where('status == "posted"').select("amount", "allocated", "left").rows():
        assert row["left"] == row["amount"] - row["allocated"] >= 0


def test_crediting_crosswise_while_a_payment_is_taken_back(installation, env_as, things):
    """Notes that credit two invoices the other way round, and a payment over both that is cancelled meanwhile."""
    with env_as("boss") as env:
        account, (one, two) = issued(env, things, 2)
        payment = posted(env, things, account, PRICE)
        settling.allocate(env, payment, {one: PRICE / 2, two: PRICE / 2})
        notes = [key_of(env.run_action(INVOICE, "credit", [key])) for key in (two, one)]  # the first note credits the second
    refused, broken = in_a_queue(installation, lambda env: env.update_each(INVOICE, {two: {}}),
                                 lambda env: env.run_action(INVOICE, "issue", notes),
                                 lambda env: env.run_action(PAYMENT, "cancel", [payment]))
    assert (refused, broken) == ([], [])
    with env_as("boss") as env:
        true_to_the_rows(env, account)
        assert {env.get(INVOICE, k, "status").status for k in (one, two)} == {"cancelled"}


def test_refunding_while_the_refund_and_the_payment_are_taken_back(installation, env_as, things):
    for _turn in range(3):
        with env_as("boss") as env:
            account, (one,) = issued(env, things)
            payment = settling.receive(env, one, {"amount": PRICE, "method": "cash"})
            note = key_of(env.run_action(INVOICE, "credit", [one]))
            env.run_action(INVOICE, "issue", [note])
            refund = posted(env, things, account, PRICE, "refund")
        refused, broken = at_once(
            installation, lambda env: settling.allocate(env, refund, {note: PRICE}),  # noqa: B023
            lambda env: settling.allocate(env, refund, {note: PRICE}),  # noqa: B023
            lambda env: env.run_action(PAYMENT, "cancel", [refund]),  # noqa: B023
            lambda env: env.run_action(PAYMENT, "cancel", [payment]))  # noqa: B023
        assert broken == [] and refused, "the money is given back once at most"
        with env_as("boss") as env:
            true_to_the_rows(env, account)


def test_many_kinds_are_numbered_in_one_order(installation, env_as, things):
    """One writer has the credit note first, the other the invoice: both take the counters in the same order."""
    with env_as("boss") as env:
        account, keys = issued(env, things, 2)

        def bill():
            key = env.create(INVOICE, {"subject": "Desk", "account": account, "currency": things["currency"]})
            env.create("sales.invoice_line", {"paper": key, "product": things["DESK"], "quantity": 1})
            return key
        first = bill()
        notes = [key_of(env.run_action(INVOICE, "credit", [key])) for key in keys]
        last = bill()
    refused, broken = in_a_queue(installation, lambda env: env.next_number("sales.credit_note", "CN-{year}-{number:05d}"),
                                 lambda env: env.run_action(INVOICE, "issue", [notes[0], last]),
                                 lambda env: env.run_action(INVOICE, "issue", [first, notes[1]]))
    assert (refused, broken) == ([], [])
    with env_as("boss") as env:
        true_to_the_rows(env, account)


def test_two_part_credits_never_exceed_the_invoice(installation, env_as, things):
    with env_as("boss") as env:
        account = customer(env)
        invoice = env.create(INVOICE, {"subject": "Desks", "account": account, "currency": things["currency"]})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 3})
        env.run_action(INVOICE, "issue", [invoice])
        for count in (1, 2):
            note = key_of(env.run_action(INVOICE, "credit", [invoice]))
            env.update("sales.invoice_line", env.query("sales.invoice_line").where(f"paper == {note}").ids(1)[0], {"quantity": count})
            env.run_action(INVOICE, "issue", [note])
            assert env.get(INVOICE, invoice).balance == PRICE * (2 if count == 1 else 0)
        assert env.get(INVOICE, invoice).status == "cancelled"
        with pytest.raises(SarnakhError):
            env.run_action(INVOICE, "credit", [invoice])
    with env_as("boss") as env:
        true_to_the_rows(env, account)
