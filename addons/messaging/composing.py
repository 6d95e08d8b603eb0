"""Writing a message: to whom, from what, with which template; what it costs and whether it may be sent. Everything is looked at with the
writer's own rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import LANGUAGES, Env, F, Message, NotFound, _, n_, plain_text

from . import accounts, consents, quiet, reach, showing, templating, templating_html
from .choices import COMMERCIAL, GIVEN, IN, MESSAGE, WITHDRAWN
from .contract import Channel, Setting
from .queueing import Draft, queue, with_closing
from .reach import Recipient
from .template_choices import HTML_CHANNELS, TEMPLATE
from .templating import Rendered

MOST_MEASURED = 20_000
MOST_TEMPLATES = 200
MOST_FILES = 50


@dataclass
class Writing:
    """What a composer begins with. `about`: the record it is opened on; `answered`: the message that is replied to."""

    channel: Channel
    accounts: list[dict[str, Any]]
    about: tuple[str, int] | None = None
    answered: dict[str, Any] | None = None
    recipients: list[Recipient] = field(default_factory=list)
    templates: list[tuple[int, str]] = field(default_factory=list)
    files: list[tuple[int, str]] = field(default_factory=list)
    switches: Sequence[Setting] = ()

    @property
    def formatted(self) -> bool:
        """Whether it has a subject, formatted text and attachments."""
        return self.channel.formatted


def begin(env: Env, channel: str, about: tuple[str, int] | None, answers: int | None) -> Writing:
    """What there is to write with; NotFound when the record, the message or the channel is none that the writer may see."""
    answered = _answered(env, answers) if answers else None
    if answered is not None:
        channel = answered["channel"]
    known = accounts.channels(env).get(channel)
    if known is None:
        raise NotFound
    if about is not None:
        if not may_see(env, about):
            raise NotFound
    elif answered is not None and answered["person"] is not None:
        person = (answered["person"].record, answered["person"].id)
        about = person if may_see(env, person) else None
    made = Writing(known, accounts.usable(env, channel), about, answered)
    made.recipients = _recipients(env, made)
    made.templates = _templates(env, channel, about)
    made.files = _files(env, about) if known.formatted and about else []
    made.switches = known.switches(env, [r["id"] for r in made.accounts]) if known.switches is not None else ()
    return made


def _answered(env: Env, key: int) -> dict[str, Any]:
    rows = env.query(MESSAGE).with_ids([key]).select("channel", "direction", "counterpart", "person", "account", "subject", "thread",
                                                     "private", "body", "at").rows(1)
    if not rows:
        raise NotFound
    return rows[0]


def _recipients(env: Env, made: Writing) -> list[Recipient]:
    """Whoever is answered first, then the people behind the record."""
    found = reach.recipients(env, made.about[0], [made.about[1]], made.channel)[made.about[1]] if made.about else []
    if made.answered is None:
        return found
    address = made.answered["counterpart"] or ""
    known = next((r for r in found if r.address == address), None)
    person = made.answered["person"]
    name = person.label or "" if person is not None else ""
    seen = (person.record, person.id) if person is not None and may_see(env, (person.record, person.id)) else None
    return [known or Recipient(address, name, record=seen), *(r for r in found if r is not known)] if address else found


def _templates(env: Env, channel: str, about: tuple[str, int] | None) -> list[tuple[int, str]]:
    if about is None or not env.can("read", TEMPLATE):
        return []
    options: Any = env.registry.record(TEMPLATE).field("channel")
    if channel not in options.labels:  # a channel that adds no option of its own has no templates
        return []
    query = env.query(TEMPLATE).where(F.active & (F.channel == channel) & (F.record_type == about[0]))
    return [(r["id"], r["name"]) for r in query.order("name").select("name").rows(MOST_TEMPLATES)]


def _files(env: Env, about: tuple[str, int]) -> list[tuple[int, str]]:
    rows = env.query("base.file").holding("about", [about[1]], about[0]).order("-id").select("name").rows(MOST_FILES)
    return [(r["id"], r["name"]) for r in rows]


def may_see(env: Env, place: tuple[str, int]) -> bool:
    """Whether a record is one that the writer may see."""
    return place[0] in env.registry.records and env.can("read", place[0]) and bool(env.visible_ids(place[0], [place[1]]))


# ---------------------------------------------------------------- templates
def from_template(env: Env, about: tuple[str, int] | None, template: int, lang: str) -> Rendered:
    """A template's text for the record; NotFound when there is none that the writer may see."""
    if about is None:
        raise NotFound
    found = templating.render(env, template, about[0], [about[1]], {about[1]: lang} if lang in LANGUAGES else None)
    if about[1] not in found:
        raise NotFound
    return found[about[1]]


def filled_in(env: Env, channel: Channel, about: tuple[str, int] | None, subject: str, body: str, lang: str) -> Rendered:
    """A typed text with its fields filled in; as it stands where it has none, or is about nothing."""
    is_html = channel.formatted and channel.name in HTML_CHANNELS
    if about is None or not any(mark in text for text in (subject, body) for mark in ("{{", "{%")):
        return _as_typed(subject, body, channel.formatted)
    found = templating.render_text(env, about[0], [about[1]], subject, body, is_html,
                                   languages={about[1]: lang} if lang in LANGUAGES else None)
    return found.get(about[1], _as_typed(subject, body, channel.formatted))


def _as_typed(subject: str, body: str, formatted: bool) -> Rendered:
    if not formatted:
        return Rendered(one_line(subject), body.strip())
    html = templating_html.cleaned(body)
    return Rendered(one_line(subject), plain_text(html), html)


def one_line(text: str) -> str:
    """A subject: one line, nothing in it that could begin a header."""
    return " ".join("".join(c if c.isprintable() or c == "\u200c" else " " for c in text).split())[:255]


# ---------------------------------------------------------------- before sending
@dataclass
class Told:
    """What is known of a message before it is sent, in words."""

    parts: str = ""
    cost: str = ""
    consent: str = ""
    level: str = ""
    waits: str = ""
    problem: str = ""


def measure(env: Env, channel: Channel, account: dict[str, Any] | None, to: str, text: str, kind: str, opted_out: bool = False) -> Told:
    """Parts and cost, whether this person agreed, and whether it would wait for the morning."""
    made = Told()
    text = text[:MOST_MEASURED]
    if channel.measure is not None:
        text = with_closing(env, channel, kind, text, accounts.normal_of(env, channel, to))
        counted = channel.measure(text)
        left = env.t(n_("{count} character left", "{count} characters left", counted.left)) if counted.left else ""
        parts = env.t(n_("{count} part", "{count} parts", counted.parts if text else 0))
        made.parts = env.t(_(" · ")).join(t for t in (env.t(n_("{count} character", "{count} characters", len(text))), parts, left) if t)
        price = account["price"] if account else None
        if price is not None and text:
            made.cost = env.t(_("about {amount}", amount=showing.cost(env, Decimal(price) * counted.parts,
                                                                      account["price_currency"] or "" if account else "")))
    address = accounts.normal_of(env, channel, to)
    if to.strip() and not address:
        made.problem = env.t(_("This is no address that {channel} reaches.", channel=channel.label))
    if address:
        made.consent, made.level = consent(env, channel, address, kind, opted_out)
    if address and kind == COMMERCIAL:
        due = quiet.due(quiet.policy(env), kind, env.now, quiet.zone_of(address, str(env.installation.settings.locale.time_zone)))
        if due > env.now:
            made.waits = env.t(_("Quiet hours: it leaves {when}.", when=env.format.datetime(due)))
    return made


def consent(env: Env, channel: Channel, address: str, kind: str, opted_out: bool = False) -> tuple[str, str]:
    """What the ledger says of an address, in words and as a level."""
    state = consents.standing(env, channel.name, [address]).get(address, consents.NOTHING).state
    if kind == COMMERCIAL:
        refused: Message | None = consents.refusals(env, channel.name, [address], "", [address] if opted_out else []).get(address)
        if refused is not None:
            return env.t(_("It would not be sent: {reason}", reason=refused)), "error"
        return env.t(_("They agreed to commercial messages.")), "success"
    if state == WITHDRAWN or opted_out:
        return env.t(_("They want no commercial messages. What they need for their order may be written.")), "warning"
    return (env.t(_("They agreed to commercial messages.")), "info") if state == GIVEN else ("", "")


def send(env: Env, draft: Draft, uploads: Sequence[int] = ()) -> int:
    """Queue a message; files that were uploaded for it are its own from now on. Returns its number."""
    key = queue(env, [draft])[0]
    if uploads:
        with env.elevated("files go with their message") as sudo:
            sudo.update("base.file", list(uploads), {"about": (MESSAGE, key)})
    return key


def reply_subject(answered: dict[str, Any] | None) -> str:
    """The subject of an answer."""
    subject = str(answered["subject"] or "") if answered else ""
    return subject if not subject or subject.lower().startswith("re:") else f"Re: {subject}"


def with_opt_out(recipients: Sequence[Recipient], address: str) -> Recipient:
    """The recipient with an address; somebody unknown where it is none of them."""
    return next((r for r in recipients if r.address == address), Recipient(address))


def account_of(made: Writing, wanted: int | None) -> dict[str, Any] | None:
    """The account that is meant, among those the writer may use: what is asked for, that of the message answered, or the first."""
    before = made.answered["account"].id if made.answered and made.answered["account"] is not None else None
    for key in (wanted, before):
        found = next((r for r in made.accounts if r["id"] == key), None)
        if found is not None:
            return found
    return made.accounts[0] if made.accounts and wanted is None else None


def to_of(made: Writing) -> str:
    """Who is written to unless somebody else is chosen."""
    if made.answered is not None and made.answered["direction"] == IN:
        return str(made.answered["counterpart"] or "")
    return made.recipients[0].address if made.recipients else ""
