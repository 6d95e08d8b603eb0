"""Boxes of accounts: which there are, how their servers are reached, writing them with the rights on their account."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from addons.mail import imap, pop3
from addons.mail.fetching import Folder
from addons.mail.provider import access
from addons.mail.servers import PORTS, Server
from addons.messaging import accounts
from addons.messaging.choices import ACCOUNT
from addons.messaging.contract import Account
from core.api import Env, F, Invalid, NotFound, ValidationFailed, _

from .choices import IMAP, MAILBOX, POP3

PATHS = ("name", "account", "active", "protocol", "host", "port", "encryption", "user", "secret", "certificate", "folders", "since",
         "afterwards", "sent_folder", "state", "problem", "problem_since", "run_at", "success_at", "taken", "cursors", "held_by",
         "held_until", "created_at")
INBOX = "INBOX"
MOST_FOLDERS = 30
FIRST_DAYS = 30


def rows(env: Env, *conditions: Any) -> list[dict[str, Any]]:
    """Boxes with everything that fetching needs; elevated code only."""
    return env.query(MAILBOX).where(*conditions).order("id").select(*PATHS).rows()


def of_account(env: Env, account: int) -> dict[str, Any] | None:
    """The box of an account, for somebody who may change the account; NotFound else, None when it has none."""
    may_change(env, account)
    with env.elevated("the box of an account") as sudo:
        found = rows(sudo, F.account == account)
    return found[0] if found else None


def may_change(env: Env, account: int) -> None:
    """NotFound unless the acting person may change the account, and it is one of mail."""
    found = env.allowed_ids("update", ACCOUNT, [account])
    if found != {account} or not env.query(ACCOUNT).archived(None).with_ids([account]).where(F.channel == "mail").exists():
        raise NotFound


def folders_of(row: Mapping[str, Any]) -> list[str]:
    """The folders that are read."""
    found = [str(one) for one in row["folders"] or () if one]
    return found[:MOST_FOLDERS] or [INBOX]


# ---------------------------------------------------------------- reaching it
def server(env: Env, row: Mapping[str, Any], account: Account) -> Server:
    """How the server of a box is reached; elevated code only. What the box does not say is as for sending."""
    uses_token = account.get("auth") == "oauth" and row["secret"] is None
    password = (env.unseal(row["secret"]) if row["secret"] is not None else None) or account.get("password")
    encryption = row["encryption"] or "tls"
    return Server(row["host"], row["port"] or PORTS[row["protocol"], encryption], encryption, user=row["user"] or account.get("user"),
                  password="" if uses_token else password, access=access(account) if uses_token else None,
                  certificate=row["certificate"] or account.get("certificate"),
                  connect=account.http.connect if account.http is not None else None)


def check(env: Env, account: int) -> tuple[int, list[Folder]]:
    """How many mails a box has, and its folders. Later and Refused say what is wrong; the transaction is committed before."""
    row = of_account(env, account)
    if row is None:
        raise NotFound
    with env.elevated("is the box reached") as sudo:
        opened = accounts.opened(sudo, accounts.rows(sudo, [account])[0])
        try:
            there = server(sudo, row, opened)
            sudo.commit()
            if row["protocol"] == POP3:
                return pop3.check(there), []
            return imap.check(there, folders_of(row)[0]), imap.folders(there)
        finally:
            opened.http.close()


# ---------------------------------------------------------------- writing it
def save(env: Env, account: int, values: Mapping[str, Any], password: str = "") -> int:
    """Set up the box of an account that the acting person may change. A password that is left empty stays; ValidationFailed names
    what is wrong."""
    may_change(env, account)
    wrong = list(_wrong(values))
    if wrong:
        raise ValidationFailed(wrong)
    written = {**values, "folders": list(dict.fromkeys(values.get("folders") or [INBOX]))[:MOST_FOLDERS]}
    if password:
        written["secret"] = password
    with env.elevated("the box of an account") as sudo:
        known = rows(sudo, F.account == account)
        label = sudo.labels(ACCOUNT, [account]).get(account, "")
        if not known:
            written.setdefault("since", env.today - dt.timedelta(days=FIRST_DAYS))
            key: int = sudo.create(MAILBOX, {**written, "name": label, "account": account})
            return key
        before = known[0]
        sudo.update(MAILBOX, before["id"], {**written, "name": label})
        if any(before[name] != written.get(name, before[name]) for name in ("host", "user", "protocol")):
            sudo.derive(MAILBOX, {before["id"]: {"cursors": {}}})  # another box is read from its start
        return int(before["id"])


def _wrong(values: Mapping[str, Any]) -> Any:
    for name in ("host", "user", "sent_folder"):
        if any(c in str(values.get(name) or "") for c in "\r\n\0"):
            yield Invalid(None, name, _("This is one line."))
    if not str(values.get("host") or "").strip():
        yield Invalid(None, "host", _("This is needed."))
    if values.get("protocol") not in (IMAP, POP3):
        yield Invalid(None, "protocol", _("Choose one of the list."))
    port = values.get("port")
    if port is not None and not 0 < port < 65536:
        yield Invalid(None, "port", _("A port is a number from 1 to 65535."))


def keep(env: Env, account: int, shown: Mapping[str, Any] | None = None, hidden: Mapping[str, str] | None = None) -> None:
    """Change some settings of an account that the acting person may change; the others stay."""
    may_change(env, account)
    with env.elevated("settings of a mail account") as sudo:
        row = accounts.rows(sudo, [account])[0]
        sealed = json.loads(sudo.unseal(row["secrets"]) or "{}")
        sudo.update(ACCOUNT, account, {"settings": {**(row["settings"] or {}), **(shown or {})},
                                       "secrets": json.dumps({**sealed, **(hidden or {})})})
