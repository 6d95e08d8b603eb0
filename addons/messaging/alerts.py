"""Telling people what went wrong: those who look after accounts of an account that fails or runs dry, senders of what did not arrive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from addons.base.notices import Notice, holders, notify
from core.api import Env, F, HealthCheck, Message, _, n_

from . import accounts, showing
from .choices import ACCOUNT, FAILING, MESSAGE

MANAGER = "messaging.manager"
UNKNOWN_LIST = "/r/messaging.message?filter.state=unknown"
FAILED_LIST = "/r/messaging.message?filter.state=failed"


def managers(env: Env) -> list[int]:
    """Active people who look after messaging, by the sets of their profile."""
    return holders(env, MANAGER)


def _tell(env: Env, account: int, text: Message, kind: str, icon: str) -> None:
    rows = env.query(ACCOUNT).archived(None).with_ids([account]).select("person").rows(1)
    if not rows:
        return
    people = [rows[0]["person"].id] if rows[0]["person"] is not None else managers(env)
    notify(env, [Notice(user, "messaging", text, (ACCOUNT, account), url=f"/x/messaging/account/{account}", dedupe=f"{kind}:{account}",
                        icon=icon) for user in people])


def account_failing(env: Env, account: int) -> None:
    """An account does not work any more."""
    _tell(env, account, _("A messaging account does not work"), "messaging.failing", "exclamation-octagon")


def low_balance(env: Env, account: int) -> None:
    """Little is left of an account's balance."""
    row = env.query(ACCOUNT).archived(None).with_ids([account]).select("balance", "balance_currency").rows(1)
    if row and row[0]["balance"] is not None:
        amount = showing.cost(env, row[0]["balance"], row[0]["balance_currency"] or "")
        _tell(env, account, _("Little is left of a messaging account: {amount}", amount=amount), "messaging.balance",
              "piggy-bank")


def unknown(env: Env, messages: Sequence[int]) -> None:
    """Of some messages nobody knows whether the provider has them: somebody has to look."""
    count = len(messages)
    text = n_("Of {count} message it is not known whether it left", "Of {count} messages it is not known whether they left", count)
    people = sorted({*managers(env), *_senders(env, messages)})
    notify(env, [Notice(user, "messaging", text, url=UNKNOWN_LIST, dedupe="messaging.unknown", icon="question-circle") for user in people])


def failed(env: Env, messages: Sequence[int]) -> None:
    """Their senders are told of messages that did not arrive; of mass sendings their own page tells."""
    notices = []
    for user, count in _senders(env, messages).items():
        text = n_("{count} message of yours did not arrive", "{count} messages of yours did not arrive", count)
        notices.append(Notice(user, "messaging", text, url=FAILED_LIST, dedupe="messaging.failed", icon="exclamation-octagon"))
    notify(env, notices)


def _senders(env: Env, ids: Sequence[int]) -> Counter[int]:
    """Who wrote messages by hand, with how many."""
    rows = env.query(MESSAGE).with_ids(ids).where(F.batch.is_null(), ~F.automatic).select("owner").rows()
    return Counter(r["owner"].id for r in rows if r["owner"] is not None)


def health(env: Env) -> list[HealthCheck]:
    """A line for each shared account that is in use."""
    rows = env.query(ACCOUNT).where(F.active).order("channel", "position", "id").select(
        "name", "channel", "provider", "health", "problem", "problem_since").rows(200)
    found = []
    for row in rows:
        there = row["channel"] in accounts.channels(env) and row["provider"] in accounts.providers(env, row["channel"])
        if not there:
            message = env.t(_("There is no provider “{name}”. Its addon is not enabled.", name=row["provider"]))
        elif row["health"] == FAILING:
            since = env.format.datetime(row["problem_since"]) if row["problem_since"] else ""
            message = env.t(_("It has not worked since {when}: {problem}", when=since, problem=row["problem"] or ""))
        else:
            message = ""
        found.append(HealthCheck(env.t(_("Messaging account “{name}”", name=row["name"])), not message, message))
    return found
