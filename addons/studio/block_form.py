"""The options of a block as inputs, and back: every kind of block says what its options are, so all share one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import LANGUAGES, BlockKind, Env, OptionSpec, _, latin_digits
from core.web_api import FieldView, LineFields, Option, Request, groups_of, measures_of

from .fields_typed import languages

PREFIX = "o."
SPARE = 3
UPLOAD = "/x/studio/picture"
"""Where the editor of marked-up texts sends pictures."""
LISTS = frozenset({"fields", "order"})


def fields(env: Env, kind: BlockKind, block: Mapping[str, Any], errors: Mapping[str, list[str]]) -> list[FieldView]:
    """The inputs: title, icon, then the options."""
    made = [*_words(env, "title", env.t(_("Title")), block.get("label")),
            FieldView(f"{PREFIX}icon", env.t(_("Icon")), value=block.get("icon") or "", attrs={"dir": "ltr", "maxlength": "60"},
                      help=env.t(_("A name of Bootstrap Icons, such as star or graph-up.")))]
    options = block.get("options") or {}
    for spec in kind.options:
        if spec.kind in ("words", "rich"):
            views = _words(env, spec.name, env.t(spec.label), options.get(spec.name), "richtext" if spec.kind == "rich" else "text")
        else:
            views = [_view(env, spec, options.get(spec.name), options)]
        views[0].errors = errors.get(spec.name, [])
        made += views
    return made


def _by_language(value: Any) -> Mapping[str, Any]:
    """Stored words as texts by language; a text without a language counts as English."""
    return value if isinstance(value, Mapping) else {"en": value} if value else {}


def _words(env: Env, name: str, label: str, value: Any, kind: str = "text") -> list[FieldView]:
    known = _by_language(value)
    return [FieldView(f"{PREFIX}{name}.{lang}", f"{label} ({word})", kind, known.get(lang, ""), width=2 if kind == "richtext" else 1,
                      attrs={"lang": lang, **({"data-upload": UPLOAD} if kind == "richtext" else {})}) for lang, word in languages(env)]


def _view(env: Env, spec: OptionSpec, value: Any, options: Mapping[str, Any]) -> FieldView:
    made = FieldView(f"{PREFIX}{spec.name}", env.t(spec.label), required=spec.required, help=env.t(spec.help) if spec.help else "")
    if spec.kind == "record":
        made.kind, made.value, made.attrs = "select", value or "", {"data-submit": ""}  # its fields are offered at once
        types = sorted(((env.t(t.plural), t.name) for t in env.registry.records.values() if env.can("read", t.name)),
                       key=lambda pair: env.sort_key(pair[0]))
        made.options = [Option(name, label, selected=name == value) for label, name in types]
    elif spec.kind == "choice":
        made.kind, made.value, made.placeholder = "select", value or "", env.t(_("As it comes"))
        made.options = [Option(v, env.t(label), selected=v == value) for v, label in spec.choices]
    elif spec.kind == "where":
        made.kind, made.value, made.width = "code", value or "", 2
        made.attrs = {"rows": "3", "maxlength": "4000"}
        made.help = env.t(_("An expression over the record type, such as status == \"open\"; empty for all."))
    elif spec.kind in ("field", "measure"):
        made.kind, made.value = "select", value or ""
        made.options = _field_options(env, spec, options.get("record"), value)
        if spec.kind == "measure" and made.options:  # records are counted where nothing else is said
            made.value, made.required = value or made.options[0].value, True
    elif spec.kind == "links":
        made.kind, made.width = "children", 2
        rows = [_link(env, i, link) for i, link in enumerate(value or [])]
        made.columns, made.lines = _link(env, "__", {}), LineFields(rows + [_link(env, len(rows) + i, {}) for i in range(SPARE)])
    else:
        made.value = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
        made.attrs = {"dir": "ltr"}
    return made


def _field_options(env: Env, spec: OptionSpec, record: Any, value: Any) -> list[Option]:
    rtype = env.registry.records.get(record) if isinstance(record, str) else None
    offers = measures_of if spec.kind == "measure" else groups_of
    found = [Option(v, label) for v, label in offers(env, rtype)] if rtype is not None and env.can("read", rtype.name) else []
    if value and value not in {o.value for o in found}:
        found.append(Option(value, str(value)))
    for option in found:
        option.selected = option.value == value
    return found


def _link(env: Env, index: int | str, link: Mapping[str, Any]) -> list[FieldView]:
    known = link.get("label")
    words = _by_language(known)

    def one(name: str, label: str, value: Any, **attrs: str) -> FieldView:
        return FieldView(f"{PREFIX}links-{index}-{name}", label, value=value or "", attrs={"aria-label": label, **attrs})

    return [*(one(lang, word, words.get(lang), lang=lang) for lang, word in languages(env)),
            one("href", env.t(_("Address")), link.get("href"), dir="ltr", maxlength="2000"),
            one("icon", env.t(_("Icon")), link.get("icon"), dir="ltr", maxlength="60")]


# ---------------------------------------------------------------- and back
def read(request: Request, kind: BlockKind, block: Mapping[str, Any]) -> dict[str, Any]:
    """The block with what was typed, as plain data; whether it makes sense is asked afterwards."""
    made = {"id": block["id"], "widget": block["widget"], "label": _typed_words(request, "title"),
            "icon": request.value(f"{PREFIX}icon").strip()[:60]}
    options = {spec.name: _typed(request, spec) for spec in kind.options}
    made["options"] = {k: v for k, v in options.items() if v not in ("", None, [], {})}
    return {k: v for k, v in made.items() if v not in ("", {}) or k == "options"}


def _typed_words(request: Request, name: str) -> dict[str, str]:
    found = {lang: request.value(f"{PREFIX}{name}.{lang}").strip() for lang in LANGUAGES}
    return {lang: text for lang, text in found.items() if text}


def _typed(request: Request, spec: OptionSpec) -> Any:
    if spec.kind in ("words", "rich"):
        return _typed_words(request, spec.name)
    if spec.kind == "links":
        return _typed_links(request)
    text = request.value(f"{PREFIX}{spec.name}").strip()
    if spec.kind == "number":
        plain = latin_digits(text)
        return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else text
    if spec.kind in LISTS:
        return [part.strip() for part in text.replace("،", ",").split(",") if part.strip()][:40]
    return text


def _typed_links(request: Request) -> list[dict[str, Any]]:
    found = []
    for index in range(60):
        prefix = f"{PREFIX}links-{index}-"
        href, icon = request.value(f"{prefix}href").strip(), request.value(f"{prefix}icon").strip()
        label = {lang: text for lang in LANGUAGES if (text := request.value(prefix + lang).strip())}
        if href or label or icon:  # a line without an address comes back with what is missing
            found.append({"label": label, "href": href, **({"icon": icon} if icon else {})})
    return found
