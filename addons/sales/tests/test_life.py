"""From the quote to the paid invoice through the record API: numbers, locks, copies, sums."""

from decimal import Decimal

import pytest

from addons.sales.tests.conftest import ADDONS, customer, key_of, quote
from core.api import AccessDenied, SarnakhError, ValidationFailed

pytestmark = pytest.mark.addons(*ADDONS)


def test_the_chain_from_quote_to_paid_invoice(env_as, things):
    with env_as("sara") as env:
        account = customer(env)
        key = quote(env, account, things)
        draft = env.get("sales.quote", key)
        assert (draft.net, draft.tax, draft.total) == (Decimal(41800000), Decimal(4180000), Decimal(45980000))
        assert draft.number is None and draft.name == "Office desks" and "Valiasr 12" in draft.billing_address
        env.run_action("sales.quote", "send", [key])
        sent = env.get("sales.quote", key)
        assert sent.status == "sent" and sent.number.startswith("QT-") and sent.number in sent.name
        with pytest.raises(ValidationFailed):
            env.update("sales.quote", key, {"subject": "Other"})
        line = env.query("sales.quote_line").where(f"paper == {key}").ids(1)[0]
        with pytest.raises(ValidationFailed):
            env.update("sales.quote_line", line, {"quantity": 9})
        env.run_action("sales.quote", "accept", [key])
        order = key_of(env.run_action("sales.quote", "order", [key]))
        assert key_of(env.run_action("sales.quote", "order", [key])) == order
        made = env.get("sales.order", order)
        assert (made.total, made.quote.id, made.owner.id) == (Decimal(45980000), key, env.actor.id)
        env.run_action("sales.order", "confirm", [order])
        invoice = key_of(env.run_action("sales.order", "invoice", [order]))
        assert env.get("sales.invoice", invoice).total == Decimal(45980000)
        with pytest.raises((AccessDenied, SarnakhError)):
            env.run_action("sales.invoice", "issue", [invoice])
    with env_as("boss") as env:
        env.run_action("sales.invoice", "issue", [invoice])
        issued = env.get("sales.invoice", invoice)
        assert (issued.status, issued.balance) == ("issued", Decimal(45980000)) and issued.number.startswith("INV-")
        from addons.sales import settling
        settling.receive(env, invoice, {"amount": Decimal(20000000), "method": "transfer"})
        part = env.get("sales.invoice", invoice)
        assert (part.status, part.paid, part.balance) == ("partly_paid", Decimal(20000000), Decimal(25980000))
        payment = settling.receive(env, invoice, {"amount": Decimal(30000000), "method": "cash"})
        done = env.get("sales.invoice", invoice)
        assert (done.status, done.balance) == ("paid", 0)
        assert env.get("sales.payment", payment).left == Decimal(4020000)
        env.run_action("sales.payment", "cancel", [payment])
        assert env.get("sales.invoice", invoice).status == "partly_paid"


def test_a_revision_keeps_the_number_and_closes_the_old_one(env_as, things):
    with env_as("sara") as env:
        key = quote(env, customer(env), things)
        env.run_action("sales.quote", "send", [key])
        number = env.get("sales.quote", key, "number").number
        new = key_of(env.run_action("sales.quote", "revise", [key]))
        old, draft = env.get("sales.quote", key), env.get("sales.quote", new)
        assert (old.status, draft.status, draft.revision, draft.number) == ("revised", "draft", 1, number)
        assert draft.name == f"{number} R1 · Office desks" and draft.revision_of.id == key
        env.run_action("sales.quote", "send", [new])
        assert env.get("sales.quote", new, "number").number == number
        with pytest.raises(SarnakhError):
            env.run_action("sales.quote", "revise", [key])


def test_empty_papers_are_not_sent(env_as, things):
    with env_as("sara") as env:
        key = env.create("sales.quote", {"subject": "Nothing", "account": customer(env), "currency": things["currency"]})
        with pytest.raises(SarnakhError):
            env.run_action("sales.quote", "send", [key])


def test_shipments_fulfil_an_order_and_never_more(env_as, things):
    with env_as("sara") as env:
        key = quote(env, customer(env), things)
        env.run_action("sales.quote", "send", [key])
        env.run_action("sales.quote", "accept", [key])
        order = key_of(env.run_action("sales.quote", "order", [key]))
        env.run_action("sales.order", "confirm", [order])
        first = key_of(env.run_action("sales.order", "ship", [order]))
        rows = env.query("sales.shipment_line").where(f"paper == {first}").order("id").select("quantity", "name").rows()
        assert [(r["name"], r["quantity"]) for r in rows] == [("Office desk", 2), ("Office chair", 4)]
        env.update("sales.shipment_line", rows[1]["id"], {"quantity": 1})
        with pytest.raises(ValidationFailed):
            env.update("sales.shipment_line", rows[1]["id"], {"quantity": 5})
        env.run_action("sales.shipment", "shipped", [first])
        assert env.get("sales.order", order).status == "partly"
        assert env.get("sales.shipment", first).number.startswith("DN-")
        second = key_of(env.run_action("sales.order", "ship", [order]))
        assert [r["quantity"] for r in env.query("sales.shipment_line").where(f"paper == {second}").select("quantity").rows()] == [3]
        env.run_action("sales.shipment", "shipped", [second])
        assert env.get("sales.order", order).status == "fulfilled"
        with pytest.raises(SarnakhError):
            env.run_action("sales.order", "ship", [order])


def test_a_credit_note_takes_an_invoice_back(env_as, things):
    with env_as("boss") as env:
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": customer(env), "currency": things["currency"]})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        env.run_action("sales.invoice", "issue", [invoice])
        note = key_of(env.run_action("sales.invoice", "credit", [invoice]))
        assert env.get("sales.invoice", note).kind == "credit_note"
        env.run_action("sales.invoice", "issue", [note])
        old, new = env.get("sales.invoice", invoice), env.get("sales.invoice", note)
        assert (old.status, old.balance, new.balance) == ("cancelled", 0, 0)
        assert new.number.startswith("CN-")
        with pytest.raises(SarnakhError):
            env.run_action("sales.invoice", "credit", [invoice])


def test_nobody_pays_more_than_is_open_or_in_another_currency(env_as, things):
    from addons.sales import settling
    with env_as("boss") as env:
        account, other = customer(env), customer(env, "Other")
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": account, "currency": things["currency"]})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        env.run_action("sales.invoice", "issue", [invoice])
        def payment(**more):
            key = env.create("sales.payment", {"account": account, "currency": things["currency"], "amount": 99000000, **more})
            env.run_action("sales.payment", "post", [key])
            return key
        with pytest.raises(SarnakhError):
            settling.allocate(env, payment(), {invoice: Decimal(13750001)})
    with env_as("boss") as env:
        euro = env.query("base.currency").where('code == "EUR"').ids(1)[0]
        for more in ({"account": other}, {"currency": euro}):
            key = env.create("sales.payment", {"account": account, "currency": things["currency"], "amount": 5, **more})
            env.run_action("sales.payment", "post", [key])
            with pytest.raises(ValidationFailed):
                settling.allocate(env, key, {invoice: Decimal(5)})


def test_a_contract_is_renewed_for_the_same_time(env_as, things):
    import datetime as dt
    with env_as("sara") as env:
        key = env.create("sales.contract", {"subject": "Support", "account": customer(env), "currency": things["currency"],
                                            "starts": dt.date(2026, 1, 1), "ends": dt.date(2026, 12, 31), "amount": 1000})
        assert env.get("sales.contract", key).notice_on == dt.date(2026, 12, 1)
        env.run_action("sales.contract", "activate", [key])
        new = env.get("sales.contract", key_of(env.run_action("sales.contract", "renew", [key])))
        assert (new.starts, new.ends, new.status) == (dt.date(2027, 1, 1), dt.date(2027, 12, 31), "draft")
        assert env.get("sales.contract", key).status == "renewed"


def test_what_was_credited_can_be_invoiced_again(env_as, things):
    with env_as("boss") as env:
        key = quote(env, customer(env), things)
        env.run_action("sales.quote", "send", [key])
        env.run_action("sales.quote", "accept", [key])
        order = key_of(env.run_action("sales.quote", "order", [key]))
        env.run_action("sales.order", "confirm", [order])
        invoice = key_of(env.run_action("sales.order", "invoice", [order]))
        env.run_action("sales.invoice", "issue", [invoice])
        with pytest.raises(SarnakhError):
            env.run_action("sales.order", "invoice", [order])
        note = key_of(env.run_action("sales.invoice", "credit", [invoice]))
        with pytest.raises(SarnakhError):
            env.run_action("sales.order", "invoice", [order])
        env.run_action("sales.invoice", "issue", [note])
        again = key_of(env.run_action("sales.order", "invoice", [order]))
        assert env.get("sales.invoice", again, "total").total == Decimal(45980000)


def test_a_paid_invoice_is_credited_and_refunded(env_as, things):
    from addons.sales import settling
    with env_as("boss") as env:
        account = customer(env)
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": account, "currency": things["currency"]})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        env.run_action("sales.invoice", "issue", [invoice])
        settling.receive(env, invoice, {"amount": Decimal(13750000)})
        note = key_of(env.run_action("sales.invoice", "credit", [invoice]))
        env.run_action("sales.invoice", "issue", [note])
        assert env.get("sales.invoice", note, "balance").balance == Decimal(13750000)
        refund = env.create("sales.payment", {"account": account, "currency": things["currency"], "amount": 13750000, "kind": "refund"})
        env.run_action("sales.payment", "post", [refund])
        settling.allocate(env, refund, {note: Decimal(13750000)})
        assert env.get("sales.invoice", note, "status").status == "paid"
        assert env.get("sales.invoice", invoice, "status").status == "cancelled"
        assert env.get("sales.payment", refund, "number").number.startswith("RF-")


def test_the_night_makes_overdue_expires_and_reminds_once(env_as, things):
    import datetime as dt

    from addons.sales import jobs
    with env_as("boss") as env:
        account, early = customer(env), env.today - dt.timedelta(days=40)
        invoice = env.create("sales.invoice", {"subject": "Desks", "account": account, "currency": things["currency"], "date": early,
                                               "due_on": early})
        env.create("sales.invoice_line", {"paper": invoice, "product": things["DESK"], "quantity": 1})
        with env.elevated("a state before its day") as sudo:
            env.run_action("sales.invoice", "issue", [invoice])
            sudo.update("sales.invoice", invoice, {"status": "issued"})
        old = quote(env, account, things, date=early, valid_until=early)
        env.run_action("sales.quote", "send", [old])
        contract = env.create("sales.contract", {"subject": "Support", "account": account, "currency": things["currency"],
                                                 "starts": early, "ends": env.today + dt.timedelta(days=20), "notice_days": 10})
        env.run_action("sales.contract", "activate", [contract])
        first, second = jobs.daily(env, None), jobs.daily(env, None)
        assert first == {"overdue": 1, "expired": 1, "reminded": 1, "renewed": 0, "ended": 0} and set(second.values()) == {0}
        assert env.get("sales.invoice", invoice, "status").status == "overdue"
        assert env.get("sales.quote", old, "status").status == "expired"
        assert env.query("base.note").where("pinned").count() == 1
