"""Background work of messaging."""

from __future__ import annotations

from addons.messaging import accounts, alerts, autoresponding, mass, notice_sending, receiving, reporting, sending
from addons.messaging.choices import MESSAGE, QUEUED, SENDING
from addons.messaging.contract import BALANCE, INBOX, STATUS, Later, Refused, Unclear
from addons.messaging.queueing import TOPIC
from core.api import Env, F, Job, NotOutside, Schedule, job, on_event


@job(TOPIC, as_actor="system", retries=20)
def send(env: Env, work: Job) -> dict[str, int]:
    """Send what is due from one account."""
    return sending.drain(env, work)


@job("messaging.sweep", as_actor="system")
def sweep(env: Env, work: Job) -> dict[str, int]:
    """Ring for accounts with messages that are due: planned ones, and those whose bell was lost."""
    rows = env.query(MESSAGE).where((F.state == QUEUED) & (F.due_at <= env.now) | (F.state == SENDING)).aggregate(["account"])
    keys = [r["account"].id for r in rows if r["account"]]
    for key in keys:
        env.enqueue(TOPIC, {"account": key}, dedupe=str(key))
    return {"accounts": len(keys)}


@job("messaging.follow", as_actor="system")
def follow(env: Env, work: Job) -> None:
    """A job for each account whose provider is asked about messages that left."""
    _each(env, STATUS, "messaging.follow_one")


@job("messaging.follow_one", as_actor="system")
def follow_one(env: Env, work: Job) -> dict[str, int]:
    """Ask one provider what became of messages."""
    found = accounts.rows(env, [work.payload["account"]], F.active)
    return {"changed": reporting.follow(env, found[0]) if found else 0}


@job("messaging.verify", as_actor="system")
def verify(env: Env, work: Job) -> dict[str, int]:
    """Ask a provider whether what an unsigned call reported is so."""
    found = accounts.rows(env, [work.payload["account"]], F.active)
    provider = accounts.provider_of(env, found[0]) if found else None
    return {"changed": reporting.ask(env, found[0], provider, work.payload["ids"]) if provider is not None else 0}


@job("messaging.fetch", as_actor="system")
def fetch(env: Env, work: Job) -> None:
    """A job for each account that is asked for what came."""
    _each(env, INBOX, "messaging.fetch_one")


@job("messaging.fetch_one", as_actor="system", retries=5)
def fetch_one(env: Env, work: Job) -> dict[str, int]:
    """Ask one provider for what came."""
    found = accounts.rows(env, [work.payload["account"]], F.active)
    if not found:
        return {"new": 0}
    try:
        count = receiving.fetch(env, found[0], work)
    except (Later, Unclear):
        return {"new": 0}
    except (Refused, NotOutside) as error:
        accounts.failing(env, found[0], error.message)
        return {"new": 0}
    return {"new": count}


@job("messaging.balance", as_actor="system")
def balance(env: Env, work: Job) -> None:
    """A job for each account that has a balance."""
    _each(env, BALANCE, "messaging.balance_one")


@job("messaging.balance_one", as_actor="system", retries=0)
def balance_one(env: Env, work: Job) -> None:
    """Ask one provider what is left."""
    found = accounts.rows(env, [work.payload["account"]], F.active)
    provider = accounts.provider_of(env, found[0]) if found else None
    if provider is None:
        return
    account = accounts.opened(env, found[0])
    env.commit()  # nothing is held while a provider is waited for
    try:
        left = provider.balance(account)
    except (Later, Unclear):
        return
    except (Refused, NotOutside) as error:
        accounts.failing(env, found[0], error.message)
        return
    finally:
        account.http.close()
    accounts.learn_balance(env, found[0]["id"], left)


def _each(env: Env, ability: str, topic: str) -> None:
    for row in accounts.rows(env, None, F.active):
        provider = accounts.provider_of(env, row)
        if provider is not None and ability in provider.can:
            env.enqueue(topic, {"account": row["id"]}, dedupe=str(row["id"]))


@job(mass.JOB, retries=5)
def prepare(env: Env, work: Job) -> dict[str, int]:
    """A chunk of a mass sending, as the person who started it."""
    return mass.prepare(env, work.payload["batch"])


@job("messaging.finish", as_actor="system")
def finish(env: Env, work: Job) -> dict[str, int]:
    """Mass sendings of which nothing waits are done."""
    return {"done": mass.finish(env)}


@on_event(receiving.TAKEN, as_actor="system")
def answer(env: Env, work: Job) -> dict[str, int]:
    """Automatic answers to what came."""
    return {"answered": autoresponding.answer(env, work.payload["messages"])}


@on_event("base.notified", as_actor="system")
def told(env: Env, work: Job) -> dict[str, int]:
    """What the bell says, by mail and SMS to those who want that."""
    return notice_sending.told(env, work.payload["ids"])


@job("messaging.digest", as_actor="system", concurrency=1)
def digest(env: Env, work: Job) -> dict[str, int]:
    """Daily summaries that are due."""
    return {"sent": notice_sending.digests(env)}


FINISH = Schedule("messaging.finish", "* * * * *", "messaging.finish")
DIGESTS = Schedule("messaging.digest", "*/15 * * * *", "messaging.digest")
SWEEP = Schedule("messaging.sweep", "* * * * *", "messaging.sweep")
FOLLOW = Schedule("messaging.follow", "* * * * *", "messaging.follow")
FETCH = Schedule("messaging.fetch", "*/2 * * * *", "messaging.fetch")
BALANCES = Schedule("messaging.balance", "17 * * * *", "messaging.balance")


# ---------------------------------------------------------------- people are told
@on_event("messaging.account_failing", as_actor="system")
def account_failing(env: Env, work: Job) -> None:
    """Tell those who look after accounts."""
    alerts.account_failing(env, work.payload["account"])


@on_event("messaging.low_balance", as_actor="system")
def low_balance(env: Env, work: Job) -> None:
    """Tell those who look after accounts."""
    alerts.low_balance(env, work.payload["account"])


@on_event("messaging.unknown", as_actor="system")
def unknown(env: Env, work: Job) -> None:
    """Tell those who look after accounts, and the senders."""
    alerts.unknown(env, work.payload["messages"])


@on_event("messaging.failed", as_actor="system")
def failed(env: Env, work: Job) -> None:
    """Tell the senders."""
    alerts.failed(env, work.payload["messages"])
