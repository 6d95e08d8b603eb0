"""Texts with fields of records in them, for every channel: checked, and filled in with what the sender may read.

    check(env, "leads.lead", "sms", "", "Hello {{ last_name }}")     what is wrong, for the writer
    render(env, template, "leads.lead", keys)                        a text for each record, in its language
    render_text(env, "leads.lead", keys, subject, body, html=False)  the same for texts that were just typed

Everything is read by the environment's person. A field, record or block that they may not see is missing in the text, and
named in `Rendered.missing`; nothing else tells of it. A text with a `problem` is not to be sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.api import Env, F, Message, NotFound, plain_text

from . import templating_html
from .template_choices import BLOCK_VERSION, HTML_CHANNELS, MAIL, SMS, TEMPLATE, VERSION
from .templating_compile import Compiler, Program
from .templating_fields import label_of
from .templating_state import State, TooMuch
from .templating_syntax import included
from .templating_values import Row, Speaker, languages_of, load

MOST_SUBJECT = 500


@dataclass(frozen=True)
class Rendered:
    """A text for one record. `text`: plain, of mails too; `html`: a fragment, "" for channels without; `missing`: paths without a
    value; `files`: numbers of the attachments; `pictures`: of stored pictures in the HTML; `template` and `parameters`: for texts
    that a provider approved; `problem`: why there is no text."""

    subject: str = ""
    text: str = ""
    html: str = ""
    missing: tuple[str, ...] = ()
    language: str = ""
    files: tuple[int, ...] = ()
    pictures: tuple[int, ...] = ()
    template: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    problem: Message | str = ""


@dataclass(frozen=True)
class Text:
    """What stands in one version of a template, or was typed."""

    subject: str = ""
    body: str = ""
    files: tuple[int, ...] = ()
    approved: str = ""
    parameters: str = ""

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Names and texts of the parameters, in their order."""
        pairs = (line.partition(":") for line in self.parameters.splitlines() if ":" in line)
        return [(name.strip(), text.strip()) for name, _colon, text in pairs if name.strip()]


# ---------------------------------------------------------------- checking
def check(env: Env, record: str, channel: str, subject: str, body: str, parameters: str = "") -> list[Message]:
    """What is wrong with a text about records of a type, for its writer; nothing when it may be used."""
    is_html = channel in HTML_CHANNELS
    if record not in env.registry.records:
        return []
    text = Text(subject, body, parameters=parameters)
    blocks = _blocks(env, channel, [subject, body])
    found = []
    compiler = Compiler(env, record, is_html=is_html, blocks=blocks)
    plain = Compiler(env, record, is_html=False, blocks=blocks)
    for program in (plain.program(subject or ""), compiler.program(body or ""), *(plain.program(t) for _n, t in text.parts)):
        found += [problem.told() for problem in program.problems]
    return found


# ---------------------------------------------------------------- versions
def versions_of(env: Env, template: int) -> dict[str, Text]:
    """The texts of a template by language; NotFound when it may not be seen."""
    if not env.query(TEMPLATE).archived(None).with_ids([template]).exists():
        raise NotFound
    query = env.query(VERSION).where(F.template == template)
    rows = query.select("language", "subject", "body", "files", "approved", "parameters").rows()
    return {r["language"]: Text(r["subject"] or "", r["body"] or "", tuple(f.id for f in r["files"] or ()), r["approved"] or "",
                                r["parameters"] or "") for r in rows}


def chosen(versions: Mapping[str, Any], lang: str, usual: str) -> str:
    """The language in which somebody is written to: their own, else the usual one, else any; "" where there is none."""
    return next((one for one in (lang, usual, *sorted(versions)) if one in versions), "")


def version_for(env: Env, template: int, lang: str) -> tuple[str, Text]:
    """The version for a language, and its language; NotFound when the template has no text yet."""
    versions = versions_of(env, template)
    found = chosen(versions, lang, env.installation.settings.locale.default_language)
    if not found:
        raise NotFound
    return found, versions[found]


# ---------------------------------------------------------------- rendering
def render(env: Env, template: int, record: str, keys: Sequence[int], languages: Mapping[int, str] | None = None,
           extras: Mapping[int, Mapping[str, Any]] | Mapping[str, Any] | None = None) -> dict[int, Rendered]:
    """The text of a template for each record, in the language given or else in the record's own; records that the person may not
    see are left out. `extras`: what is no field (`unsubscribe_url`), the same for all or by record. NotFound: no such template."""
    head = env.query(TEMPLATE).archived(None).with_ids([template]).select("channel", "record_type").rows(1)
    if not head or head[0]["record_type"] != record:
        raise NotFound
    return render_versions(env, record, keys, versions_of(env, template), head[0]["channel"], languages, extras)


def render_text(env: Env, record: str, keys: Sequence[int], subject: str, body: str, html: bool, *,
                languages: Mapping[int, str] | None = None, extras: Mapping[int, Mapping[str, Any]] | Mapping[str, Any] | None = None,
                mark: bool = False) -> dict[int, Rendered]:
    """The same for a text that was just typed; it is in whatever language its writer chose, so values are written in the record's
    language unless `languages` says otherwise. `mark`: missing values show in the text, for previews."""
    known = languages or languages_of(env, record, keys)
    texts = dict.fromkeys(set(known.values()), Text(subject, body))
    return render_versions(env, record, keys, texts, MAIL if html else SMS, known, extras, mark=mark)


def render_versions(env: Env, record: str, keys: Sequence[int], versions: Mapping[str, Text], channel: str,
                    languages: Mapping[int, str] | None = None, extras: Mapping[Any, Any] | None = None, *,
                    mark: bool = False) -> dict[int, Rendered]:
    """Texts for records from given versions, grouped by language: a fixed number of statements for each language."""
    spoken = languages or languages_of(env, record, keys)
    usual = env.installation.settings.locale.default_language
    groups: dict[str, list[int]] = {}
    for key in dict.fromkeys(keys):
        lang = chosen(versions, spoken.get(key, usual), usual)
        if lang:
            groups.setdefault(lang, []).append(key)
    made: dict[int, Rendered] = {}
    for lang, group in groups.items():
        made |= _Group(env, record, versions[lang], channel, lang, mark).render(group, extras or {})
    return _with_files(env, made)


class _Group:
    """One version for many records."""

    def __init__(self, env: Env, record: str, text: Text, channel: str, lang: str, mark: bool) -> None:
        self.env, self.record, self.text, self.lang, self.mark = env.speaking(lang), record, text, lang, mark
        self.is_html = channel in HTML_CHANNELS
        self.speaker = Speaker(self.env, lang)
        blocks = _blocks(self.env, channel, [text.subject, text.body], lang)
        body = Compiler(self.env, record, is_html=self.is_html, blocks=blocks)
        self.scope = body.root
        plain = Compiler(self.env, record, is_html=False, blocks=blocks, scope=self.scope)
        self.body, self.subject = body.program(text.body), plain.program(text.subject)
        self.parameters = [(name, plain.program(part)) for name, part in text.parts]

    def render(self, keys: list[int], extras: Mapping[Any, Any]) -> dict[int, Rendered]:
        """A text for each record that may be seen."""
        rows = load(self.env, self.scope, keys)
        common = {k: v for k, v in extras.items() if isinstance(k, str)}
        return {key: self._one(rows[key], common | dict(extras.get(key) or {})) for key in keys if key in rows}

    def _named(self, path: str) -> str:
        return label_of(self.env, self.record, path)

    def _one(self, row: Row, extras: Mapping[str, Any]) -> Rendered:
        missing: dict[str, None] = {}
        programs = (self.subject, self.body, *(p for _n, p in self.parameters))
        fatal = next((p.fatal for p in programs if p.fatal is not None), None)
        if fatal is not None:
            return Rendered(language=self.lang, problem=fatal.told())
        try:
            subject, body, *parts = (self._write(p, row, extras, missing) for p in programs)
        except TooMuch as error:
            return Rendered(language=self.lang, problem=error.message)
        html = templating_html.cleaned(body) if self.is_html else ""
        return Rendered(" ".join(subject.split())[:MOST_SUBJECT], plain_text(html) if self.is_html else body.strip(), html,
                        tuple(missing), self.lang, self.text.files, template=self.text.approved,
                        parameters={name: part for (name, _p), part in zip(self.parameters, parts, strict=True)})

    def _write(self, program: Program, row: Row, extras: Mapping[str, Any], missing: dict[str, None]) -> str:
        state = State(self.speaker, self.scope, row, extras, program.is_html, self._named if self.mark and program is self.body else None)
        program.write(state)
        missing.update(state.missing)
        return state.text()


def _with_files(env: Env, made: dict[int, Rendered]) -> dict[int, Rendered]:
    """Only files that the person may see go along, as attachments or as pictures in the text; one statement for all."""
    shown = {key: templating_html.pictures(one.html) for key, one in made.items() if one.html}
    wanted = {number for one in made.values() for number in one.files} | {n for numbers in shown.values() for n in numbers}
    allowed = set(env.visible_ids("base.file", wanted)) if wanted else set()
    for key, one in made.items():
        if one.files or shown.get(key):
            made[key] = replace(one, files=tuple(f for f in one.files if f in allowed),
                                html=templating_html.only_pictures(one.html, allowed),
                                pictures=tuple(sorted(shown.get(key, set()) & allowed)))
    return made


def _blocks(env: Env, channel: str, sources: Iterable[str], lang: str = "") -> dict[str, str]:
    """Texts of the blocks that are put in, by name, as far as the person may read them; one statement for each of three depths."""
    usual = env.installation.settings.locale.default_language
    found: dict[str, str] = {}
    wanted = {name for source in sources for name in included(source)}
    for _depth in range(3):
        wanted -= found.keys()
        if not wanted or not env.can("read", BLOCK_VERSION):
            break
        query = env.query(BLOCK_VERSION).where(F["block.name"].isin(sorted(wanted)[:100]), F["block.channel"] == channel)
        rows = query.order("language").select("block.name", "language", "body").rows()
        by_name: dict[str, dict[str, str]] = {}
        for row in rows:
            by_name.setdefault(row["block.name"], {})[row["language"]] = row["body"] or ""
        new = {name: texts[chosen(texts, lang or env.lang, usual)] for name, texts in by_name.items()}
        found |= new
        wanted = {name for source in new.values() for name in included(source)}
    return found
