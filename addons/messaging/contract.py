"""What a provider of any channel is to Sarnakh: the whole contract between `messaging` and a gateway.

    class Example(Provider):
        channel, name, label = "sms", "example", _("Example")
        settings = (Setting("key", _("API key"), kind=SECRET, required=True),)
        can = frozenset({SEND, STATUS})

        def send(self, account, messages):
            answer = account.http.post("https://sms.example/send", json={...})
            return [Sent(ACCEPTED, id=...), ...]

A provider is one object for all accounts and threads, so it keeps nothing; what belongs to an account comes with the call. It
knows neither records nor people, and nothing but a provider knows its protocol. An addon registers its own by the hook
`providers`; docs/developer/gateways.md walks through one.

An answer has three values: the provider has the message (ACCEPTED), it has not and never will (REJECTED), or nobody knows
(UNCERTAIN: a time-out, a broken connection after sending, an answer nobody can read). What is uncertain is never simply sent
again: see `Provider.repeats`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from core.api import SarnakhError

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
UNCERTAIN: Final = "uncertain"
SEND, TEMPLATE, STATUS, BALANCE, LINES, INBOX, CANCEL, CALLBACK, SCHEDULE = (
    "send", "template", "status", "balance", "lines", "inbox", "cancel", "callback", "schedule")
BY_KEY: Final = "key"
BY_QUERY: Final = "query"
BY_HAND: Final = "ask"
TEXT, SECRET, URL, NUMBER, CHOICE, FLAG, LONG = "text", "secret", "url", "number", "choice", "flag", "long"


# ---------------------------------------------------------------- what a provider is asked
@dataclass(frozen=True)
class Setting:
    """One thing that an account of a provider is told. `kind`: TEXT, SECRET (sealed, never shown again), URL, NUMBER, CHOICE with
    `options` as (value, label), FLAG, LONG. `unverified`: the vendor's documentation does not say so; the page marks it."""

    name: str
    label: str
    kind: str = TEXT
    required: bool = False
    default: str = ""
    help: str = ""
    options: Sequence[tuple[str, str]] = ()
    unverified: bool = False
    section: str = ""


@dataclass(frozen=True)
class Account:
    """An account at a provider as a call gets it. `settings` hold the opened secrets, too, and are in no log. `sender`: the line,
    number or address messages leave from, "" for the provider's usual. `http`: a guarded `requests` session
    (:mod:`core.outward`). `callback`: the secret address for the provider's reports, "" where the installation has none. `access`:
    gives an access token that is good now, where the provider names a connection; Later and Refused when there is none."""

    id: int
    name: str
    settings: Mapping[str, Any] = field(repr=False)
    sender: str = ""
    http: Any = field(default=None, repr=False)
    callback: str = field(default="", repr=False)
    access: Callable[[], str] | None = field(default=None, repr=False)

    def get(self, name: str) -> str:
        """A setting as text, "" when it is empty."""
        return str(self.settings.get(name) or "")


@dataclass(frozen=True)
class File:
    """A file that goes along with a message, or came with one."""

    name: str
    content: bytes = field(repr=False)
    type: str = "application/octet-stream"
    inline_id: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message to be sent. `number`: ours, unique and the same however often it is tried; `key`: the same as text, unguessable,
    for providers that take such. `to`: E.164 (+98912…) or an address. `template`: the provider's name of an approved text, with
    `parameters` in their order. `kind`: "code" (one-time code), "service" or "commercial". `consent`: facts the provider must be
    told of a commercial one ("iys": "BIREYSEL" or "TACIR"). `extra`: what only this channel knows (mail: to, cc, headers ...)."""

    number: int
    key: str
    to: str
    text: str = ""
    sender: str = ""
    kind: str = "service"
    subject: str = ""
    html: str = ""
    files: Sequence[File] = ()
    template: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    consent: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


# ---------------------------------------------------------------- what it answers
@dataclass(frozen=True)
class Sent:
    """What became of handing over one message. `id`: the provider's. `code` and `reason`: what it said, the reason as text for
    people (a Message or the provider's words). `elsewhere`: this provider will not, another might: the account's stand-in is
    tried. `address_bad`: the number or address does not exist. `unwanted`: the person is on a list of those who want nothing."""

    state: Literal["accepted", "rejected", "uncertain"]
    id: str = ""
    code: str = ""
    reason: str = ""
    cost: Decimal | None = None
    currency: str = ""
    parts: int | None = None
    elsewhere: bool = False
    address_bad: bool = False
    unwanted: bool = False


@dataclass(frozen=True)
class Report:
    """What became of a message later. `id`: the provider's, or `key`: ours. `state`: "sent" (with the network), "delivered",
    "read", "failed", "bounced", "complained" or "cancelled"."""

    state: Literal["sent", "delivered", "read", "failed", "bounced", "complained", "cancelled"]
    id: str = ""
    key: str = ""
    at: dt.datetime | None = None
    code: str = ""
    reason: str = ""
    cost: Decimal | None = None
    currency: str = ""
    address_bad: bool = False
    unwanted: bool = False


@dataclass(frozen=True)
class Incoming:
    """A message that came. `id`: the provider's; the same one of an account is taken in once. `to`: the line or address it came to.
    `references`: identifiers of messages it answers, the nearest last. `automatic`: a machine wrote it (never answered by one).
    `html` is untrusted, and kept as it came."""

    id: str
    sender: str
    to: str = ""
    text: str = ""
    at: dt.datetime | None = None
    name: str = ""
    subject: str = ""
    html: str = ""
    files: Sequence[File] = ()
    references: Sequence[str] = ()
    automatic: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Balance:
    """What is left with a provider. `amount` in `currency` ("" where it counts messages)."""

    amount: Decimal
    currency: str = ""
    expires: dt.date | None = None


@dataclass(frozen=True)
class Call:
    """A provider calling our address. `url`: as the provider knows it, for signatures; `headers` by names in small letters;
    `values`: of the address and the form together; `body`: as it came."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes
    json: Any = None

    @property
    def values(self) -> dict[str, str]:
        """Everything in the address and the form, by name; the form counts."""
        return {**self.query, **self.form}


class Later(SarnakhError):
    """The provider has taken nothing and may be asked again in `seconds`: it is busy, or was never reached. `done`: answers for the
    first messages of the call, where it took some before; they are not sent again."""

    def __init__(self, reason: str, seconds: float = 60, done: Sequence[Sent] = ()) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.done = list(done)


class Refused(SarnakhError):
    """The provider takes nothing from this account until somebody mends it (wrong key, no credit, account closed)."""

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


class Unclear(SarnakhError):
    """Nobody knows whether the provider has what was sent: a time-out, a broken connection, an answer nobody can read."""


class Forged(SarnakhError):
    """A call that does not come from the provider."""


# ---------------------------------------------------------------- the contract
class Provider:
    """One provider. Only `send` must be there; `can` names what else is.

    `batch`: most messages for one call of `send`; `same_text`: they must have one text and sender in common. `repeats`: how a
    message is tried again when it is unclear whether it arrived: BY_KEY (sent again with the same number, the provider drops
    repeats), BY_QUERY (`known` tells which arrived), BY_HAND (neither is possible: people are asked). `per_minute`: most messages
    a minute unless the account says otherwise, 0 for any number. `longest`: most characters of a text, 0 for any. `repeats_approved`:
    the same as `repeats` for approved texts, where it differs. `signed`: calls of our address prove who calls; what an unsigned one
    reports is asked about once more where the provider can be asked.
    """

    channel: ClassVar[str] = "sms"
    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    help: ClassVar[str] = ""
    website: ClassVar[str] = ""
    currency: ClassVar[str] = ""
    settings: ClassVar[Sequence[Setting]] = ()
    can: ClassVar[frozenset[str]] = frozenset({SEND})
    batch: ClassVar[int] = 1
    same_text: ClassVar[bool] = False
    repeats: ClassVar[Literal["key", "query", "ask"]] = BY_HAND
    repeats_approved: ClassVar[Literal["", "key", "query", "ask"]] = ""
    signed: ClassVar[bool] = False
    per_minute: ClassVar[int] = 0
    longest: ClassVar[int] = 0

    def send(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """Hand over messages, at most `batch`; an answer for each, in their order. Raises Later, Refused, Unclear for all."""
        raise NotImplementedError

    def send_template(self, account: Account, messages: Sequence[Outgoing]) -> list[Sent]:
        """The same with approved texts (`template`, `parameters`)."""
        raise NotImplementedError

    def known(self, account: Account, messages: Sequence[Outgoing]) -> dict[int, Sent]:
        """For BY_QUERY: which of these arrived after all, by our number; what is not in it did not."""
        raise NotImplementedError

    def status(self, account: Account, ids: Sequence[str]) -> list[Report]:
        """What became of messages, by the provider's numbers; what it does not know is left out."""
        raise NotImplementedError

    def balance(self, account: Account) -> Balance:
        """What is left."""
        raise NotImplementedError

    def lines(self, account: Account) -> list[str]:
        """The lines or numbers that messages may leave from."""
        raise NotImplementedError

    def inbox(self, account: Account) -> list[Incoming]:
        """What came and was not fetched before (or was: repeats are dropped by `id`). Where fetching consumes, all of it."""
        raise NotImplementedError

    def cancel(self, account: Account, ids: Sequence[str]) -> list[str]:
        """Take back what the provider has not sent yet; the numbers of those it took back."""
        raise NotImplementedError

    def callback(self, account: Account, call: Call) -> Sequence[Report | Incoming]:
        """What the provider tells by calling our address. Raises Forged when a signature is wrong or missing."""
        raise NotImplementedError

    def answer(self, account: Account, call: Call) -> str:
        """What the provider is answered; most want nothing. What begins with "<" goes out as XML."""
        return ""

    def uses_connection(self, account: Account) -> int:
        """The number of the connection (`addons.base.connecting`) whose access tokens the account signs in with; 0 for none. The
        account gets them as `access` then."""
        return 0

    def problems(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with settings beyond their kinds, by name; checked before they are saved."""
        return {}

    def preview(self, account: Account, message: Outgoing) -> str:
        """The request with which a message would go, as text for the people who set the account up; sends nothing, and has dots
        where secrets stand. "" where there is nothing to see that the settings do not say already."""
        return ""


# ---------------------------------------------------------------- channels
@dataclass(frozen=True)
class Measure:
    """How a text is counted: `parts`, the `encoding` it needs, characters `left` in the last part."""

    parts: int
    encoding: str = ""
    left: int = 0


@dataclass(frozen=True)
class Channel:
    """A channel: what all its providers have in common. Registered by the hook `providers` with the kind "channel".

    `normal(text, region)`: a number or address in its one form; ValueError (with a Message) when it is none. `semantics`: of which
    meaning the fields are that hold one, the best first. `opt_out`: the meaning of the flag against it. `formatted`: subject and HTML.
    `measure(text)`: counted in parts. `closing(env, lang, to)`: what is added to commercial texts to a number or address in its normal
    form (`lang` may be ""). `prepare(env, rows)`: fills in what only this channel knows, before rows of messages are written.
    `answered(incoming)`: keys of our messages that it answers, the likeliest first. `wants(text)`: "stop", "start" or "" for what
    somebody answered. `show(env, message)`: the formatted text of a message (a dict with `id`, `direction`, `body`, `html`, `details`,
    `files`) as safe HTML for a page. `pages(env, account)`: further pages about an account (label, address, icon) for whoever may
    change it. `switches(env, accounts)`: settings of the kind FLAG that a composer offers for messages from these accounts (numbers);
    those that are switched on are in the details of the message.
    """

    name: str
    label: str
    icon: str
    normal: Callable[[str, str], str]
    semantics: Sequence[str]
    opt_out: str = ""
    formatted: bool = False
    threads_by_person: bool = True
    measure: Callable[[str], Measure] | None = None
    closing: Callable[[Any, str, str], str] | None = None
    prepare: Callable[[Any, Sequence[dict[str, Any]]], None] | None = None
    answered: Callable[[Incoming], Sequence[str]] | None = None
    wants: Callable[[str], str] | None = None
    show: Callable[[Any, Mapping[str, Any]], str] | None = None
    pages: Callable[[Any, int], Sequence[tuple[str, str, str]]] | None = None
    switches: Callable[[Any, Sequence[int]], Sequence[Setting]] | None = None


@dataclass(frozen=True)
class Taker:
    """A kind of record that messages by strangers may open, by the rule of their account. `take(env, messages)`: with rows of incoming
    messages (`id`, `channel`, `sender`, `counterpart`, `name`, `subject`, `body`, `files`, `account`), elevated: the record that each
    opened, as (type, number), by the message's number; what it leaves out stays in the inbox."""

    name: str
    label: str
    take: Callable[[Any, Sequence[Mapping[str, Any]]], Mapping[int, tuple[str, int]]]
