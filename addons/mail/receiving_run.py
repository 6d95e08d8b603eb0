"""One run through a box: some mails together are taken in, entered in the ledger and committed with the place they came to, before the
next one is asked for. A worker that is killed leaves nothing behind but those it was at, which the next run is offered again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from addons.mail import boxes, imap, ledger, pop3, taking
from addons.mail.fetching import Afterwards, Cursor, Limits, Offered
from addons.mail.servers import Server
from addons.messaging import accounts
from addons.messaging.contract import Later, Refused
from core.api import Env, F, Job, Message, NotOutside, SarnakhError, _

from .choices import DELETE, FAILED, FAILING, MAILBOX, POP3, SEEN, STUCK, WORKING

LEASE = dt.timedelta(minutes=10)
PATIENCE = dt.timedelta(minutes=15)
"""How long a box may fail before its account turns red; a wrong password does so at once."""
LIMITS = Limits(messages=2000, seconds=240, together=25)


def run(env: Env, box: int, work: Job, limits: Limits = LIMITS) -> dict[str, int]:
    """Fetch what is new in a box; elevated code only."""
    found = boxes.rows(env, F.id == box, F.active)
    account = accounts.rows(env, [found[0]["account"].id], F.active) if found else []
    if not account or not _hold(env, box, work.id):
        return {"offered": 0}
    work.checkpoint({"round": work.state.get("round", 0) + 1})
    row = boxes.rows(env, F.id == box)[0]
    opened = accounts.opened(env, account[0])
    try:
        count = _folders(env, row, account[0], boxes.server(env, row, opened), work, limits)
    except Later as error:
        failed(env, row, account[0], error.message, at_once=False)
    except (Refused, NotOutside) as error:
        failed(env, row, account[0], error.message, at_once=True)
    else:
        _worked(env, row, account[0])
        return {"offered": count}
    finally:
        opened.http.close()
    return {"offered": 0}


def _hold(env: Env, box: int, job: int) -> bool:
    """Take the box for this job alone; what a job that was killed held is its own again, and anybody's after ten minutes."""
    now = dt.datetime.now(dt.UTC)
    free = env.query(MAILBOX).with_ids([box]).where(F.held_until.is_null() | (F.held_until < now) | (F.held_by == job))
    return bool(env.claim(free, {"held_by": job, "held_until": now + LEASE, "run_at": now}))


def _folders(env: Env, row: Mapping[str, Any], account: Mapping[str, Any], server: Server, work: Job, limits: Limits) -> int:
    count = 0
    cursors = dict(row["cursors"] or {})
    env.commit()  # nothing is held while a server is waited for
    for folder in [boxes.INBOX] if row["protocol"] == POP3 else boxes.folders_of(row):
        group: list[Offered] = []
        for offered in _offered(env, row, account, server, folder, cursors.get(folder, ""), limits):
            group.append(offered)
            if not offered.last:
                continue
            take_in(env, row, account, group)
            count += len(group)
            group = []
            if row["protocol"] != POP3:
                cursors[folder] = str(offered.cursor)
            env.derive(MAILBOX, {row["id"]: {"cursors": cursors, "taken": (row["taken"] or 0) + count,
                                             "held_until": dt.datetime.now(dt.UTC) + LEASE}})
            work.progress(count)
            work.checkpoint({"round": work.state.get("round", 0) + 1})
            if work.cancelled():
                return count
    return count


def _offered(env: Env, row: Mapping[str, Any], account: Mapping[str, Any], server: Server, folder: str, cursor: str,
             limits: Limits) -> Iterator[Offered]:
    afterwards = Afterwards(seen=row["afterwards"] == SEEN, delete=row["afterwards"] == DELETE)

    def asked(wanted: Sequence[str]) -> Collection[str]:
        here = (ledger.known_uids(env, row["id"], wanted) if row["protocol"] == POP3
                else ledger.known_mails(env, account["id"], row["id"], wanted))
        env.commit()
        return here

    if row["protocol"] == POP3:
        return pop3.fetch(server, asked, limits=limits, afterwards=afterwards)
    return imap.fetch(server, Cursor.read(cursor), folder, limits=limits, afterwards=afterwards, known=asked, since=row["since"])


def take_in(env: Env, row: Mapping[str, Any], account: Mapping[str, Any], group: Sequence[Offered]) -> None:
    """Take mails in, or enter why not. A mail that cannot be read never stops the box: the others are taken in without it."""
    try:
        with env.attempt():
            found = taking.take(env, row, account, group)
    except Exception:  # noqa: BLE001 - which of them it was is found out below
        found = [one(env, row, account, offered) for offered in group]
    ledger.write(env, row, [(offered, mail, became) for offered, (mail, became) in zip(group, found, strict=True) if became.outcome])


def one(env: Env, row: Mapping[str, Any], account: Mapping[str, Any], offered: Offered) -> taking.Taken:
    """Take one mail in, or say why not."""
    try:
        with env.attempt():
            return taking.take(env, row, account, [offered])[0]
    except SarnakhError as error:
        return taking.head(offered), ledger.Outcome(FAILED, error.message)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one mail, the others come
        env.installation.log.exception("mail", mailbox=row["id"], uid=offered.uid)
        return taking.head(offered), ledger.Outcome(FAILED, type(error).__name__)


# ---------------------------------------------------------------- how the box does
def _worked(env: Env, row: Mapping[str, Any], account: Mapping[str, Any]) -> None:
    now = dt.datetime.now(dt.UTC)
    env.derive(MAILBOX, {row["id"]: {"state": WORKING, "problem": None, "problem_since": None, "success_at": now, "run_at": now,
                                     "held_by": None, "held_until": None}})
    if row["state"] != WORKING:
        accounts.works(env, accounts.rows(env, [account["id"]])[0])


def failed(env: Env, row: Mapping[str, Any], account: Mapping[str, Any], reason: Any, *, at_once: bool) -> None:
    """A run did not end well: the box says why, and its account turns red where that is no passing trouble."""
    now = dt.datetime.now(dt.UTC)
    text = str(env.t(reason) if isinstance(reason, Message) else reason)
    since = row["problem_since"] or now
    is_stuck = at_once or since < now - PATIENCE
    env.derive(MAILBOX, {row["id"]: {"state": STUCK if is_stuck else FAILING, "problem": text[:500], "problem_since": since, "run_at": now,
                                     "held_by": None, "held_until": None}})
    if is_stuck:
        accounts.failing(env, accounts.rows(env, [account["id"]])[0], _("Incoming mail: {problem}", problem=text))


def watch(env: Env) -> list[int]:
    """Boxes that are due, those that nobody looked into for long are marked as stuck; elevated code only."""
    now = dt.datetime.now(dt.UTC)
    due = []
    for row in boxes.rows(env, F.active, F.account.active):
        last = row["success_at"] or row["created_at"]
        if row["state"] != STUCK and last < now - 2 * PATIENCE and not row["held_by"]:
            account = accounts.rows(env, [row["account"].id])[0]
            failed(env, {**row, "problem_since": row["problem_since"] or last}, account,
                   row["problem"] or _("No mail could be fetched for a long time."), at_once=True)
        due.append(row["id"])
    return due
