"""Writing: articles and their drafts, older versions taken up again, translations. Nothing here changes what readers see.

The draft is version 0 of an article, beside the published ones. Whoever may change the article may write it; the acting
person's right is checked first, the text itself is written by elevated code, as nobody changes it in a form or an import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import AccessDenied, Env, F, Invalid, NotFound, SarnakhError, ValidationFailed, _

from . import texts
from .choices import ARTICLE, ATTACHMENT, DRAFT, FILE, KEPT, LANGUAGE_NAMES, PUBLISHED, VERSION

TEXT = ("title", "summary", "body")


def allow(env: Env, key: int) -> Any:
    """The article, when the acting person may change it."""
    article = env.get(ARTICLE, key, *TEXT, "state", "language", "category", "audience", "group", "published_number", "has_draft",
                      "waiting", "owner", "version")
    if key not in env.allowed_ids("update", ARTICLE, [key]):
        raise AccessDenied(_("Only the owner of an article and editors change it."))
    return article


def draft_of(env: Env, key: int) -> Any:
    """The draft of an article that the acting person may see, or None."""
    return env.query(VERSION).where((F.article == key) & (F.state == DRAFT)).first(*TEXT, "note", "files", "version", "updated_at",
                                                                                  "updated_by")


def create(env: Env, values: Mapping[str, Any], body: str = "") -> int:
    """A new article with its draft: `values` are fields of the article (title, summary, language, category, audience ...)."""
    env.require("create", ARTICLE)
    given = dict(values)
    given.setdefault("language", env.lang if env.lang in LANGUAGE_NAMES else "en")
    with env.elevated("draft of an article") as sudo:
        key = sudo.create(ARTICLE, {**given, "has_draft": True, "slug": texts.slug(str(given.get("title") or ""))})
        sudo.create(VERSION, {"article": key, "title": given.get("title"), "summary": given.get("summary"),
                              "body": texts.keep_pictures(body, ())})
    return int(key)


def draft_from(env: Env, title: str, body: str, category: int | None = None) -> int:
    """A new article whose draft holds this title and text (HTML, or plain text with empty lines between paragraphs), for what
    was worked out elsewhere, such as in a ticket. Returns its number; the acting person becomes the owner."""
    text = body if body.lstrip().startswith("<") else texts.as_html(body)
    return create(env, {"title": title.strip()[:200], "category": category}, text)


def open_draft(env: Env, key: int) -> Any:
    """The draft of an article, begun from what is published when there is none."""
    article = allow(env, key)
    found = draft_of(env, key)
    if found is None:
        _begin(env, article, {name: getattr(article, name) for name in TEXT}, _live_files(env, key))
        found = draft_of(env, key)
    return found


def _begin(env: Env, article: Any, text: Mapping[str, Any], files: Sequence[int], note: str = "") -> int:
    with env.elevated("draft of an article") as sudo:
        made = sudo.create(VERSION, {"article": article.id, **text, "files": list(files), "note": note or None})
        sudo.update(ARTICLE, article.id, {"has_draft": True})
    return int(made)


def _live_files(env: Env, key: int) -> list[int]:
    rows = env.query(ATTACHMENT).where((F.article == key) & ~F.in_text).order("id").select("file").rows()
    return [r["file"].id for r in rows if r["file"]]


def save(env: Env, key: int, values: Mapping[str, Any], version: int | None = None) -> None:
    """Write the draft; `version` is the one the person began with, so that nobody's work is overwritten unseen."""
    article = allow(env, key)
    draft = open_draft(env, key)
    given = {n: values[n] for n in (*TEXT, "note") if n in values}
    if "title" in given and not str(given["title"] or "").strip():
        raise ValidationFailed([Invalid(draft, "title", _("An article needs a title."))])
    with env.elevated("draft of an article") as sudo:
        if given.get("body"):
            given["body"] = texts.keep_pictures(_cleaned(sudo, given["body"]), own_files(sudo, key))
        sudo.update(VERSION, draft.id, given, versions=None if version is None else {draft.id: version})
        changed: dict[str, Any] = {"has_draft": True}
        if article.state != PUBLISHED and not article.published_number and "title" in given:
            changed |= {"title": given["title"], "slug": texts.slug(str(given["title"]))}
        sudo.update(ARTICLE, key, changed)


def _cleaned(sudo: Env, body: str) -> str:
    return str(sudo.registry.record(VERSION).fields["body"].clean(body, sudo) or "")


def own_files(sudo: Env, key: int) -> set[int]:
    """The files that were put into any version of an article: the only ones its texts may show or offer."""
    versions = sudo.query(VERSION).where(F.article == key).deleted(None).archived(None).ids()
    return set(sudo.query(FILE).holding("about", {VERSION: versions}).ids()) if versions else set()


def discard(env: Env, key: int) -> None:
    """Throw the draft away; what is published stays. An article that was never published is deleted instead, by whoever may."""
    article = allow(env, key)
    draft = draft_of(env, key)
    if not article.published_number:
        raise SarnakhError(_("There is nothing but this draft. Delete the article if it is not wanted."))
    with env.elevated("draft of an article thrown away") as sudo:
        if draft is not None:
            _keep_files(sudo, key, draft.id)
            sudo.delete(VERSION, [draft.id])
            sudo.purge(VERSION, [draft.id])
        sudo.update(ARTICLE, key, {"has_draft": False, "waiting": False})


def _keep_files(sudo: Env, key: int, draft: int) -> None:
    """Files of a draft that goes away hang on the latest version from now on, should a text still show them."""
    kept = sudo.query(VERSION).where((F.article == key) & (F.state == KEPT)).order("-number").ids(1)
    files = sudo.query(FILE).holding("about", {VERSION: [draft]}).ids()
    if kept and files:
        sudo.update(FILE, files, {"about": (VERSION, kept[0])})


def take_up(env: Env, key: int, version: int) -> None:
    """Make the text of an older version the draft: the way back. It is published as any draft is."""
    article = allow(env, key)
    old = env.query(VERSION).where((F.article == key) & (F.state == KEPT)).with_ids([version]).first(*TEXT, "number", "files")
    if old is None:
        raise NotFound
    text = {name: getattr(old, name) for name in TEXT}
    note = env.t(_("Back to version {number}", number=old.number))
    draft = draft_of(env, key)
    if draft is None:
        _begin(env, article, text, [f.id for f in old.files], note)
        return
    with env.elevated("older text of an article taken up") as sudo:
        sudo.update(VERSION, draft.id, {**text, "note": note, "files": [f.id for f in old.files]})
        sudo.update(ARTICLE, key, {"has_draft": True})


def translate(env: Env, key: int, language: str) -> int:
    """The article of the same group in a language: the one there is, or a new draft that begins with this one's text."""
    source = env.get(ARTICLE, key, *TEXT, "language", "category", "audience", "group", "published_number", "featured", "review_every")
    if language not in LANGUAGE_NAMES:
        raise NotFound
    env.require("create", ARTICLE)
    with env.elevated("translations of an article") as sudo:
        known = sudo.query(ARTICLE).archived(None).where((F.group == source.group) & (F.language == language)).ids(1)
    if known:
        return known[0]
    draft = draft_of(env, key) if not source.published_number else None
    text = draft or source
    made = create(env, {"title": text.title, "summary": text.summary, "language": language,
                        "category": source.category.id if source.category else None, "audience": source.audience.id})
    with env.elevated("translation of an article") as sudo:
        sudo.update(ARTICLE, made, {"group": source.group, "source": key, "source_number": source.published_number})
        version = sudo.query(VERSION).where(F.article == made).ids(1)[0]
        numbers = _copied(sudo, texts.pictures(text.body), own_files(sudo, key), version)
        sudo.update(VERSION, version, {"body": texts.renumbered(text.body or "", numbers)})
    return made


def _copied(sudo: Env, wanted: Sequence[int], allowed: set[int], version: int) -> dict[int, int]:
    """Records of the same stored files under another version, by the number of the old one."""
    rows = sudo.query(FILE).with_ids(set(wanted) & allowed).select("name", "digest", "size", "media_type").rows()
    made = sudo.create(FILE, [{n: r[n] for n in ("name", "digest", "size", "media_type")} | {"about": (VERSION, version)}
                              for r in rows]) if rows else []
    return dict(zip((r["id"] for r in rows), made, strict=True))


def attach(env: Env, key: int, file: int) -> None:
    """Put a stored file of the draft among those that readers may take with them."""
    draft = open_draft(env, key)
    with env.elevated("file of a draft") as sudo:
        if file not in own_files(sudo, key):
            raise NotFound
        sudo.update(VERSION, draft.id, {"files": list(dict.fromkeys([*(f.id for f in draft.files), file]))})
        sudo.update(ARTICLE, key, {"has_draft": True})


def detach(env: Env, key: int, file: int) -> None:
    """Take a file away from the draft; what is published keeps it until the draft is published."""
    draft = open_draft(env, key)
    with env.elevated("file of a draft") as sudo:
        sudo.update(VERSION, draft.id, {"files": [f.id for f in draft.files if f.id != file]})
        sudo.update(ARTICLE, key, {"has_draft": True})
