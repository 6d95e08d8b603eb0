"""Copies of mails that were sent, for the folder of sent mail on the server."""

from __future__ import annotations

from collections.abc import Sequence

from addons.mail import boxes, imap
from addons.mail.addresses import NotMailable
from addons.mail.provider import composed
from addons.mail.signing import NotSigned
from addons.messaging import accounts, outgoing
from addons.messaging.choices import CODE, MESSAGE
from addons.messaging.contract import Later, Refused
from core.api import Env, F, Job, NotOutside

from .choices import IMAP


def keep(env: Env, ids: Sequence[int], work: Job) -> int:
    """Put copies of these messages where their boxes want them; returns how many. Of a job that is tried again those that are there
    are not put there twice, save the one that it was at."""
    rows = env.query(MESSAGE).archived(None).with_ids(ids).where((F.channel == "mail") & (F.kind != CODE)).select("account").rows()
    by_account: dict[int, list[int]] = {}
    for row in rows:
        if row["account"] is not None and row["id"] > work.state.get("last", 0):
            by_account.setdefault(row["account"].id, []).append(row["id"])
    kept = 0
    wanted = (F.account.isin(sorted(by_account)), F.active, F.protocol == IMAP, F.sent_folder.not_null())
    for box in boxes.rows(env, *wanted) if by_account else ():
        kept += _of_box(env, box, sorted(by_account[box["account"].id]), work)
    return kept


def _of_box(env: Env, box: dict[str, object], ids: Sequence[int], work: Job) -> int:
    account_row = accounts.rows(env, [box["account"].id])[0]  # type: ignore[attr-defined]
    account = accounts.opened(env, account_row)
    messages, _details = outgoing.build(env, ids)
    server = boxes.server(env, box, account)
    count = 0
    try:
        for message in messages:
            work.checkpoint({"last": message.number - 1})
            try:
                imap.keep_copy(server, str(box["sent_folder"]), composed(account, message).content)
            except (NotMailable, NotSigned):
                continue
            count += 1
    except (Later, Refused, NotOutside) as error:
        env.installation.log.warning("copy of a sent mail", account=account.id, reason=str(error))
    finally:
        account.http.close()
    return count
