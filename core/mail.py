"""Mails: queued in the transaction that wants them sent, sent by the worker, kept as files where there is no server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.jobs.definitions import GiveUp, job
from core.security.accounts import keeper
from core.security.links import MAIL_HOURS, password_token

if TYPE_CHECKING:
    from core.env import Env

TOPIC = "core.mail"
PASSWORD_TOPIC = "core.password_mail"  # noqa: S105 - the name of a kind of job
SECONDS = 30


def can_send(env: Env) -> bool:
    """Whether mails leave this installation and links in them would lead back to it."""
    settings = env.installation.settings
    return bool(settings.mail.host and settings.mail.sender and settings.server.public_url)


def send(env: Env, to: str, subject: str, text: str) -> None:
    """Send a plain mail after the commit."""
    env.enqueue(TOPIC, {"to": to, "subject": subject, "text": text})


@job(TOPIC, as_actor="system")
def send_mail(env: Env, work: Any) -> None:
    """Hand one queued mail to the server."""
    deliver(env, work.id, **work.payload)


@job(PASSWORD_TOPIC, as_actor="system")
def send_password_mail(env: Env, work: Any) -> None:
    """Make a link for a new password and mail it; the link is nowhere but in the mail."""
    account = keeper(env).find(env, work.payload["login"])
    if account is None or not account.email:
        return

    def say(text: str) -> str:
        return env.installation.catalogs.translate(text, account.lang)

    link = f"{env.installation.settings.server.public_url.rstrip('/')}/reset/{password_token(env, account.id, MAIL_HOURS)}"
    deliver(env, work.id, account.email, say(_("Your new password")), say(_(
        "Hello {name},\n\nwith this link you can choose a new password within {hours} hours:\n\n{link}\n\n"
        "If you did not ask for it, nothing needs to be done.", name=account.name, hours=MAIL_HOURS, link=link)))


def deliver(env: Env, number: int, to: str, subject: str, text: str) -> None:
    """Give one mail to the SMTP server, or put it into the data folder where none is configured."""
    settings = env.installation.settings
    made = EmailMessage()
    made["To"], made["Subject"] = to, subject
    made["From"] = settings.mail.sender or "sarnakh@localhost"
    made["Date"], made["Message-ID"] = formatdate(), make_msgid(f"job{number}", "sarnakh.invalid")
    made.set_content(text)
    if settings.mail.host:
        _to_server(settings.mail, made)
        return
    folder = settings.data / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / f"{number}.eml").write_bytes(bytes(made))


def _to_server(mail: Any, message: EmailMessage) -> None:
    context = ssl.create_default_context()
    try:
        if mail.encryption == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=SECONDS)
        with server:
            if mail.encryption == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise GiveUp(_("The mail server does not take mails to this address.")) from error

