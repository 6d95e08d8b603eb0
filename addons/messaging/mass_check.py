"""What a mass sending would do: how many get it, who does not and why, languages, missing values, three samples, parts and cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.api import Env, F, Message, SarnakhError, _

from . import accounts, consents, costs, mass, reach, templating
from .choices import COMMERCIAL
from .contract import Channel
from .mass import DOUBLED, EMPTY, LEFT, NO_ADDRESS, Content
from .reach import Recipient

AT_ONCE = 2000
MOST_WRITTEN = 1000
"""Texts that are written for the check; of more recipients the rest is estimated from these."""
SAMPLES = 3


@dataclass
class Sample:
    """One message as it would be."""

    to: str
    name: str
    language: str
    subject: str
    text: str


@dataclass
class Findings:
    """`left`: why records get nothing, with how many; `written`: how many texts the figures of texts rest on."""

    total: int = 0
    sent: int = 0
    left: list[tuple[str, int]] = field(default_factory=list)
    languages: list[tuple[str, int]] = field(default_factory=list)
    missing: list[tuple[str, int]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    parts: int = 0
    cost: Decimal | None = None
    currency: str = ""
    written: int = 0
    problems: list[str] = field(default_factory=list)


def examine(env: Env, record: str, chosen: Mapping[str, Any], channel: Channel, account: Mapping[str, Any], content: Content,
            kind: str, purpose: str) -> Findings:
    """Look through all chosen records, as the person who would send; a few statements for each two thousand of them."""
    found = Findings()
    taken: set[str] = set()
    left: Counter[str] = Counter()
    sample: dict[int, Recipient] = {}
    languages: Counter[str] = Counter()
    query, last = mass.query_of(env, record, chosen), 0
    while keys := query.where(F.id > last).ids(AT_ONCE):
        last = keys[-1]
        found.total += len(keys)
        people = reach.recipients(env, record, keys, channel)
        left.update(_unreachable(env, record, channel, [k for k, several in people.items() if not several]))
        firsts, others = mass.firsts(people, taken)
        left[env.t(LEFT[DOUBLED])] += others[DOUBLED]
        refused = _refused(env, channel, list(firsts.values()), kind, purpose)
        for key, one in firsts.items():
            if one.address in refused:
                left[env.t(refused[one.address])] += 1
                continue
            found.sent += 1
            languages[one.language] += 1
            if len(sample) < MOST_WRITTEN:
                sample[key] = one
    found.languages = languages.most_common()
    _texts(env, record, channel, account, content, kind, purpose, sample, found, left)
    found.left = [(reason, count) for reason, count in left.most_common() if count]
    return found


def _unreachable(env: Env, record: str, channel: Channel, keys: Sequence[int]) -> Counter[str]:
    """Of records without a usable address: which have none, and which have one that cannot be right."""
    if not keys:
        return Counter()
    paths = {f"{link}.{name}" if link else name for link, _target, meant in reach.ways(env, record, channel)
             for meaning, name in meant.items() if meaning in channel.semantics}
    rows = env.query(record).archived(None).with_ids(keys).select(*sorted(paths)).rows() if paths else []
    wrong = sum(1 for row in rows if any(row.get(path) for path in paths))
    return Counter({env.t(_("The number or address is not one of this channel")): wrong, env.t(LEFT[NO_ADDRESS]): len(keys) - wrong})


def _refused(env: Env, channel: Channel, people: Sequence[Recipient], kind: str, purpose: str) -> Mapping[str, Message]:
    if kind != COMMERCIAL or not people:
        return {}
    return consents.refusals(env, channel.name, [one.address for one in people], purpose, {one.address for one in people if one.opted_out})


def _texts(env: Env, record: str, channel: Channel, account: Mapping[str, Any], content: Content, kind: str, purpose: str,
           sample: Mapping[int, Recipient], found: Findings, left: Counter[str]) -> None:
    """What the texts of a sample tell."""
    try:
        made = mass.texts(env, record, channel, content, sample, purpose)
    except SarnakhError as error:
        found.problems.append(env.t(error.message))
        return
    missing: Counter[str] = Counter()
    texts: list[str | tuple[str, str]] = []
    for key, one in sample.items():
        text = made.get(key)
        if text is None or text.problem or not (text.text or text.html or text.template):
            left[env.t(text.problem) if text is not None and text.problem else env.t(LEFT[EMPTY])] += 1
            found.sent -= 1
            continue
        missing.update(text.missing)
        texts.append((one.address, text.text))
        if len(found.samples) < SAMPLES:
            found.samples.append(Sample(one.address, one.name, text.language, text.subject, text.text))
    found.written = len(texts)
    found.missing = [(_named(env, record, path), count) for path, count in missing.most_common(20)]
    measured = costs.estimate(env, channel.name, account["id"], texts, kind=kind)
    share = Fraction(found.sent, len(texts)) if texts else Fraction(1)
    found.parts = round(measured.parts * share)
    found.cost = None if measured.cost is None else measured.cost * share.numerator / share.denominator
    found.currency = measured.currency


def _named(env: Env, record: str, path: str) -> str:
    """A path of fields by its label, where it is a plain one."""
    known = env.registry.record(record).fields.get(path)
    return env.t(known.label) if known is not None and known.label else path


def problems(env: Env, record: str, channel: Channel, content: Content) -> list[str]:
    """What is wrong with the content before anything is looked at."""
    if content.template is not None:
        return []
    if not content.text.strip():
        return [env.t(_("Choose a template, or write a text."))]
    if channel.formatted and not content.subject.strip():
        return [env.t(_("A mail needs a subject."))]
    return [env.t(m) for m in templating.check(env, record, "sms", content.subject, content.text)]


def usable(env: Env, name: str, kind: str) -> list[dict[str, Any]]:
    """Accounts that the person may send from."""
    return accounts.usable(env, name, commercial=kind == COMMERCIAL)
