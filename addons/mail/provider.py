"""Mail by any SMTP server, as a provider of messages.

A server keeps no list of what it took, so a mail whose fate is unclear is not sent again by a machine: people are asked, who can
look into the folder of sent mails.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from addons.mail import embedding, oauth, signing
from addons.mail.addresses import NotMailable, address, with_tag
from addons.mail.compose import Draft, Mail, compose
from addons.mail.servers import ENCRYPTIONS, NONE, PORTS, TLS, Server
from addons.mail.smtp import Smtp as Connection
from addons.messaging.contract import (
    BY_HAND,
    CHOICE,
    FLAG,
    LINES,
    LONG,
    NUMBER,
    REJECTED,
    SECRET,
    SEND,
    URL,
    Account,
    Later,
    Outgoing,
    Provider,
    Refused,
    Sent,
    Setting,
)
from core.api import _

PASSWORD, OAUTH, NOBODY = "password", "oauth", "none"
MAIL_SECTION, OAUTH_SECTION, SIGN_SECTION, TRACK_SECTION = (
    _("Sign-in"), _("Sign-in with OAuth 2"), _("DKIM signature"), _("Opened mails and pressed links"))


class LaterAfterSome(Later):
    """The rest of a batch may be tried later; `done` has the answers for the first ones, which must not be sent again."""

    def __init__(self, error: Later | Refused, done: Sequence[Sent]) -> None:
        super().__init__(error.message, error.seconds if isinstance(error, Later) else 1, done)


class Smtp(Provider):
    """See the module."""

    channel, name, label = "mail", "smtp", _("SMTP server")
    help = _("Any mail server: your own, that of your hosting company, Google, Microsoft or a service for mass mails.")
    settings = (
        Setting("host", _("Server"), required=True, help=_("For example smtp.example.com.")),
        Setting("encryption", _("Encryption"), kind=CHOICE, options=ENCRYPTIONS, default=TLS, required=True),
        Setting("port", _("Port"), kind=NUMBER, help=_("Empty: the usual one, 465 with TLS and 587 with STARTTLS.")),
        Setting("from_address", _("Sender address"), required=True),
        Setting("from_name", _("Sender name")),
        Setting("reply_to", _("Address for replies"), help=_("Empty: the sender address.")),
        Setting("reply_key", _("Replies carry a key"), kind=FLAG, help=_(
            "An answer finds its conversation even if a mail program leaves out what it answers. The server must deliver "
            "name+anything@… of that address to the same box.")),
        Setting("bounces", _("Address for undeliverable mail"),
                help=_("Its server must deliver name+anything@… to the same box. Empty: the sender address.")),
        Setting("auth", _("Sign in with"), kind=CHOICE, default=PASSWORD, section=MAIL_SECTION,
                options=((PASSWORD, _("User name and password")), (OAUTH, _("OAuth 2 (Google, Microsoft)")), (NOBODY,
                    _("Nothing", context="signing in")))),
        Setting("user", _("User name"), section=MAIL_SECTION),
        Setting("password", _("Password"), kind=SECRET, section=MAIL_SECTION),
        Setting("certificate", _("Certificate of the server"), kind=LONG, section=MAIL_SECTION,
                help=_("PEM, only for a server with a certificate of its own.")),
        Setting("oauth_company", _("Company"), kind=CHOICE, section=OAUTH_SECTION, default="google",
                options=(("google", "Google"), ("microsoft", "Microsoft"), ("other", _("Another"))),
                help=_("Fill in this section, save, and press “Sign in with OAuth 2” on this page.")),
        Setting("oauth_client", _("Client ID"), section=OAUTH_SECTION),
        Setting("oauth_secret", _("Client secret"), kind=SECRET, section=OAUTH_SECTION),
        Setting("oauth_authorise", _("Address for signing in"), kind=URL, section=OAUTH_SECTION, help=_("Only for another company.")),
        Setting("oauth_token", _("Address for tokens"), kind=URL, section=OAUTH_SECTION, help=_("Only for another company.")),
        Setting("oauth_scopes", _("Scopes"), section=OAUTH_SECTION, help=_("Only for another company; separated by spaces.")),
        Setting("dkim_domain", _("Domain"), section=SIGN_SECTION, help=_("Only when the server itself does not sign.")),
        Setting("dkim_selector", _("Selector"), section=SIGN_SECTION),
        Setting("dkim_key", _("Private key"), kind=SECRET, section=SIGN_SECTION),
        Setting("track", _("See whether mails are opened"), kind=CHOICE, section=TRACK_SECTION, default="",
                options=(("", _("Never")), ("commercial", _("Of commercial mails")), ("all", _("Of all mails"))),
                help=_("Never for those who withdrew their consent. Say in your privacy notice that you do so.")),
        Setting("track_opens", _("Opened mails"), kind=FLAG, section=TRACK_SECTION, default="1"),
        Setting("track_clicks", _("Pressed links"), kind=FLAG, section=TRACK_SECTION, default="1"),
        Setting("per_minute", _("Mails per minute at most"), kind=NUMBER, default="60"),
    )
    can = frozenset({SEND, LINES})
    batch = 10  # in one connection; of a worker that is killed so many are unknown at most
    repeats = BY_HAND
    per_minute = 60

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand over mails in one connection. Raises LaterAfterSome where the contract has only Later, once some were taken."""
        done: list[Sent] = []
        with Connection(server(account), greeting(account)) as connection:
            for message in messages:
                try:
                    mail = composed(account, message)
                except (NotMailable, signing.NotSigned) as error:
                    done.append(Sent(REJECTED, reason=error.message, address_bad=_own_fault(message)))
                    continue
                try:
                    done.append(connection.deliver(mail).sent)
                except (Later, Refused) as error:
                    raise (LaterAfterSome(error, done) if done else error) from error
        return done

    def lines(self, account: Account) -> list[str]:
        """The sender address, once the server let us in: what “Check connection” asks for."""
        with Connection(server(account), greeting(account)) as connection:
            connection.connect()
        return [account.sender or account.get("from_address")]

    def uses_connection(self, account: Account) -> int:
        """The connection that somebody signed in to."""
        return oauth.connection_of(account) if account.get("auth") == OAUTH else 0

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """Addresses, the key, and a password that would go over the network for all to read."""
        found: dict[str, str] = {}
        for name in ("from_address", "reply_to", "bounces"):
            if settings.get(name):
                try:
                    address(str(settings[name]))
                except NotMailable as error:
                    found[name] = error.message
        port = str(settings.get("port") or "")
        if port and not (port.isdecimal() and 0 < int(port) < 65536):
            found["port"] = _("A port is a number from 1 to 65535.")
        found |= _sign_in_problems(settings) | _signing_problems(settings)
        return found


def _sign_in_problems(settings: Mapping[str, Any]) -> dict[str, str]:
    auth = settings.get("auth") or PASSWORD
    found: dict[str, str] = {}
    if auth != NOBODY and not settings.get("user"):
        found["user"] = _("Signing in needs a user name.")
    if auth != NOBODY and settings.get("encryption") == NONE and not _nearby(str(settings.get("host") or "")):
        found["encryption"] = _("Without encryption everybody on the way could read the password.")
    return found


def _signing_problems(settings: Mapping[str, Any]) -> dict[str, str]:
    wanted = [name for name in ("dkim_domain", "dkim_selector", "dkim_key") if settings.get(name)]
    if not wanted:
        return {}
    found: dict[str, str] = {name: _("A signature needs a domain, a selector and a key.") for name in ("dkim_domain",
        "dkim_selector", "dkim_key")
             if name not in wanted}
    if found:
        return found
    try:
        signing.sign(b"From: a@example.org\r\n\r\n", str(settings["dkim_domain"]), str(settings["dkim_selector"]),
                     str(settings["dkim_key"]))
    except signing.NotSigned as error:
        return {"dkim_key": error.message}
    return {}


def _nearby(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host


def _own_fault(message: Outgoing) -> bool:
    try:
        address(message.to)
    except NotMailable:
        return bool(message.to)
    return False


# ---------------------------------------------------------------- from an account
def server(account: Account) -> Server:
    """The server that an account names."""
    encryption = account.get("encryption") or TLS
    auth = account.get("auth") or PASSWORD
    return Server(account.get("host"), int(account.get("port") or PORTS["smtp", encryption]), encryption,
                  user="" if auth == NOBODY else account.get("user"), password=account.get("password") if auth == PASSWORD
                  else "",
                  access=access(account) if auth == OAUTH else None, certificate=account.get("certificate"),
                  connect=account.http.connect if account.http is not None else None)


def access(account: Account) -> Callable[[], str]:
    """What gives an account's access token."""
    return account.access or _nobody_signed_in


def _nobody_signed_in() -> str:
    raise Refused(_("Nobody has signed in with OAuth 2 yet: press “Sign in with OAuth 2” on the account's page."))


def greeting(account: Account) -> str:
    """What the server is told that we are called: the sender's domain, which means something to it."""
    try:
        return address(account.sender or account.get("from_address")).domain
    except NotMailable:
        return ""


def composed(account: Account, message: Outgoing) -> Mail:
    """The mail for a message, signed where the account has a key. NotMailable, NotSigned."""
    extra = message.extra
    sender = message.sender or account.sender or account.get("from_address")
    back = account.get("bounces")
    draft = Draft(
        sender=(str(extra.get("from_name") or account.get("from_name")), sender), to=_people(extra.get("to")) or (("",
            message.to),),
        cc=_people(extra.get("cc")), bcc=_people(extra.get("bcc")),
        reply_to=_people(extra.get("reply_to")) or _replies(account, message, sender),
        subject=message.subject, text=message.text, html=embedding.finished(message.html, message.subject, extra),
        files=message.files, key=message.key,
        message_id=str(extra.get("message_id") or ""), in_reply_to=str(extra.get("in_reply_to") or ""),
        references=tuple(extra.get("references") or ()), bounces=with_tag(back, message.key) if back else "",
        unsubscribe=str(extra.get("unsubscribe") or ""), unsubscribe_mail=str(extra.get("unsubscribe_mail") or ""),
        automatic=_automatic(extra.get("automatic")), bulk=message.kind == "commercial", calendar=str(extra.get("calendar")
            or ""),
        headers=dict(extra.get("headers") or {}))
    mail = compose(draft)
    domain, selector, key = (account.get(name) for name in ("dkim_domain", "dkim_selector", "dkim_key"))
    if not (domain and selector and key):
        return mail
    return Mail(mail.sender, mail.recipients, mail.message_id, signing.sign(mail.content, domain, selector, key), mail.utf8)


def _replies(account: Account, message: Outgoing, sender: str) -> tuple[tuple[str, str], ...]:
    """Where answers go, with the key of what they answer where the account's server delivers such addresses."""
    reply = account.get("reply_to")
    if account.settings.get("reply_key"):
        return ((account.get("from_name"), with_tag(reply or sender, message.key)),)
    return (("", reply),) if reply else ()


def _people(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(one)) for name, one in value or ())


def _automatic(value: Any) -> str:
    if value in (True, "yes"):
        return "auto-generated"
    return str(value or "")


__all__ = ["LaterAfterSome", "Smtp", "composed", "server"]
