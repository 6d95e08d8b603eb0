"""Where articles are written: new ones, the draft beside what is published, its files, preview, versions, languages."""

from __future__ import annotations

from typing import Any

from core.api import Conflict, Env, F, NotFound, SarnakhError, _, direction
from core.web_api import (
    Action,
    Crumb,
    FieldView,
    FormPage,
    Option,
    Pages,
    RecordForm,
    Request,
    Response,
    Section,
    list_url,
    record_url,
    store_file,
    text,
)

from . import addresses, publishing, texts, versions, writing
from .choices import ARTICLE, LANGUAGE_NAMES, LANGUAGES, PUBLISHED, VERSION

pages = Pages("knowledge")
MOST_FILES = 20


def edit_url(key: int) -> str:
    """The page on which an article is written."""
    return f"/x/knowledge/edit/{key}"


def crumbs(env: Env, article: Any = None) -> list[Crumb]:
    """The way to an article."""
    found = [Crumb(env.t(_("Articles")), list_url(ARTICLE))]
    return [*found, Crumb(article.title, record_url(ARTICLE, article.id))] if article is not None else found


# ---------------------------------------------------------------- new
@pages.route("/new", methods=("GET", "POST"))
def new(env: Env, request: Request) -> Response:
    """A new article: what it is called, in which language, for whom; its text is written on the next page."""
    env.require("create", ARTICLE)
    form = RecordForm(env, request, ARTICLE, ("category", "audience")).begin({})
    title = text(env, request, "title", _("Title"), required=True, maxlength="200")
    chosen = request.value("language") or (env.lang if env.lang in LANGUAGE_NAMES else "en")
    language = FieldView("language", env.t(_("Language")), "select", chosen, required=True,
                         options=[Option(code, name, selected=code == chosen) for code, name in LANGUAGES])
    errors: list[str] = []
    if request.posted:
        values = form.values()
        if not request.value("title").strip():
            title.errors = [env.t(_("An article needs a title."))]
        elif chosen in LANGUAGE_NAMES and not form.errors:
            try:
                with request.attempt():
                    key = writing.create(env, {**values, "title": request.value("title").strip(), "language": chosen})
                return request.redirect(edit_url(key))
            except SarnakhError as error:
                errors = form.take(error)
    page = FormPage(env.t(_("New article")), "/x/knowledge/new", [Section("main", columns=2, fields=[title, language, *form.fields()])],
                    errors=errors, cancel_url=list_url(ARTICLE), actions=[Action(env.t(_("Write")), kind="submit", style="primary")])
    title.width = 2
    return request.render("form.html", page, title=page.title, crumbs=crumbs(env), active=ARTICLE, status=422 if request.posted else 200)


# ---------------------------------------------------------------- the draft
@pages.route("/edit/<int:key>", methods=("GET", "POST"))
def edit(env: Env, request: Request, key: int) -> Response:
    """The draft of an article. Nothing that is published changes before it is published."""
    article = writing.allow(env, key)
    draft = writing.draft_of(env, key)
    errors: dict[str, list[str]] = {}
    whole: list[str] = []
    if request.posted:
        try:
            with request.attempt():
                done = _act(env, request, key, request.value("do"))
            request.flash(done)
            return request.redirect(record_url(ARTICLE, key) if request.value("do") == "publish" else edit_url(key))
        except Conflict:
            whole = [env.t(_("Somebody else saved this draft while you were writing. Copy your text, reload the page and put it in "
                             "again, so that neither is lost."))]
        except SarnakhError as error:
            whole, errors = _reasons(env, error)
    return _page(env, request, article, draft, whole, errors)


def _act(env: Env, request: Request, key: int, what: str) -> str:
    """Save, and what was asked for beside."""
    if what == "discard":
        writing.discard(env, key)
        return env.t(_("The draft is thrown away."))
    version = request.value_int("version") or None
    writing.save(env, key, {n: request.value(n) for n in ("title", "summary", "body", "note") if request.has(n)}, version)
    if what == "publish":
        return env.t(publishing.publish(env, [key]))
    if what == "submit":
        return env.t(publishing.submit(env, [key]))
    return env.t(_("The draft is saved. Readers see what was published before."))


def _reasons(env: Env, error: SarnakhError) -> tuple[list[str], dict[str, list[str]]]:
    by_field = getattr(error, "by_field", None)
    if by_field is None:
        return [env.t(error.message)], {}
    found = {str(n or ""): [env.t(m) for m in messages] for n, messages in by_field().items()}
    return found.pop("", []), found


def _page(env: Env, request: Request, article: Any, draft: Any, whole: list[str], errors: dict[str, list[str]]) -> Response:
    key, shown = article.id, draft or article
    values = {n: request.value(n) if request.posted and request.has(n) else getattr(shown, n) or "" for n in ("title", "summary", "body")}
    own = [FieldView("title", env.t(_("Title")), "text", values["title"], required=True, attrs={"maxlength": "200"}),
           FieldView("summary", env.t(_("Summary")), "text", values["summary"], attrs={"maxlength": "500"},
                     help=env.t(_("One or two sentences: lists and search engines show them."))),
           FieldView("body", env.t(_("Text")), "richtext", values["body"], attrs={"data-upload": f"{edit_url(key)}/picture"}),
           FieldView("note", env.t(_("What changed")), "text", request.value("note") or (getattr(draft, "note", None) or ""),
                     attrs={"maxlength": "255"}, help=env.t(_("For colleagues, in the list of versions.")))]
    for one in own:
        one.errors = errors.get(one.name, [])
    may_publish = bool(env.allowed_ids("action:publish", ARTICLE, [key]))
    buttons = [Action(env.t(_("Save draft")), kind="submit", name="do", value="save", icon="save")]
    if may_publish:
        buttons.insert(0, Action(env.t(_("Publish")), kind="submit", name="do", value="publish", icon="broadcast", style="primary"))
    else:
        buttons.append(Action(env.t(_("Ask for publication")), kind="submit", name="do", value="submit", icon="hand-index",
                              style="primary"))
    form = FormPage("", edit_url(key), [Section("main", columns=1, fields=own)], errors=whole, actions=buttons,
                    version=draft.version if draft is not None else 0, cancel_url=record_url(ARTICLE, key), draft_key=f"knowledge-{key}")
    page = {"form": form, "article": article, "draft": draft, "dir": direction(article.language), "key": key, "url": edit_url(key),
            "language": LANGUAGE_NAMES[article.language], "public": article.state == PUBLISHED,
            "public_url": addresses.article({"id": key, "language": article.language, "title": article.title, "slug": None}),
            "languages": versions.languages(env, article), "files": draft.files if draft is not None else [],
            "versions": versions.listed(env, key), "can_translate": env.can("create", ARTICLE),
            "saved": env.format.datetime(draft.updated_at) if draft is not None and draft.updated_at else "",
            "by": draft.updated_by.label if draft is not None and draft.updated_by else "",
            "may_discard": draft is not None and bool(article.published_number)}
    return request.render("knowledge/edit.html", page, title=article.title, crumbs=crumbs(env, article), active=ARTICLE,
                          status=422 if whole or errors else 200)


@pages.route("/edit/<int:key>/picture", methods=("POST",))
def picture(env: Env, request: Request, key: int) -> Response:
    """Take in a picture for the text; answers its address."""
    draft = writing.open_draft(env, key)
    found = request.uploads()
    if not found:
        return request.json({"error": env.t(_("Choose a file first."))}, 422)
    try:
        number = store_file(env, found[0], about=(VERSION, draft.id), image=True)
    except ValueError as error:
        return request.json({"error": env.t(error.args[0])}, 422)
    return request.json({"url": f"/files/{number}?inline=1"})


@pages.route("/edit/<int:key>/files", methods=("POST",))
def files(env: Env, request: Request, key: int) -> Response:
    """Put files beside the draft, or take one away."""
    if request.value_int("remove"):
        writing.detach(env, key, request.value_int("remove"))
        request.flash(env.t(_("The file goes when the draft is published.")))
        return request.redirect(edit_url(key))
    draft = writing.open_draft(env, key)
    for upload in request.uploads()[:MOST_FILES]:
        try:
            with request.attempt():
                writing.attach(env, key, store_file(env, upload, about=(VERSION, draft.id)))
        except ValueError as error:
            request.flash(env.t(error.args[0]), "error")
            return request.redirect(edit_url(key))
    if request.uploads():
        request.flash(env.t(_("Readers get the files when the draft is published.")))
    return request.redirect(edit_url(key))


@pages.route("/preview/<int:key>")
def preview(env: Env, request: Request, key: int) -> Response:
    """The draft as readers would see it; `?version=` an older text."""
    article = env.get(ARTICLE, key, "title", "language", "audience", "audience.kind", "category")
    number = request.arg_int("version")
    if number:
        found = env.query(VERSION).where(F.article == key).with_ids([number]).first("title", "summary", "body", "files")
    else:
        found = writing.draft_of(env, key)
    if found is None:
        raise NotFound(_("There is no draft of this article."))
    lang = env.lang = article.language
    row = {"language": lang}
    shown = texts.shown(found.body, lambda one: f"/files/{one}?inline=1")
    held = [{"name": f.label or f"#{f.id}", "file": f} for f in found.files]
    page = {"title": found.title, "home": addresses.home(lang), "lang": lang, "dir": direction(lang), "signed_in": True, "index": False,
            "style": request.static_url("knowledge", "help/help.css"), "alternates": [], "canonical": "", "q": "", "site": "", "way": [],
            "description": found.summary or "", "found": {"row": row, "text": shown, "files": held, "related": []}, "given": "",
            "file": lambda one: f"/files/{one['file'].id}", "updated": "", "iso": "", "internal": False, "restricted": False,
            "edit": edit_url(key)}
    return request.render("knowledge/help/preview.html", page, title=found.title)


# ---------------------------------------------------------------- versions and languages
@pages.route("/versions/<int:key>")
def compare(env: Env, request: Request, key: int) -> Response:
    """Two texts of an article side by side, with what was taken out and put in."""
    article = env.get(ARTICLE, key, "title", "language")
    found = versions.listed(env, key)
    if not found:
        raise NotFound
    newer = next((v for v in found if v["id"] == request.arg_int("new")), found[0])
    behind = [v for v in found if v["number_sort"] < newer["number_sort"]]
    older = next((v for v in found if v["id"] == request.arg_int("old")), behind[0] if behind else None)
    page = {"article": article, "key": key, "versions": found, "newer": newer, "older": older, "dir": direction(article.language),
            "lines": versions.differences(env, key, older["id"] if older else 0, newer["id"]),
            "may": key in env.allowed_ids("update", ARTICLE, [key]), "url": f"/x/knowledge/versions/{key}"}
    return request.render("knowledge/versions.html", page, title=env.t(_("Versions")), crumbs=crumbs(env, article), active=ARTICLE)


@pages.route("/versions/<int:key>/<int:number>/take", methods=("POST",))
def take(env: Env, request: Request, key: int, number: int) -> Response:
    """An older text becomes the draft."""
    writing.take_up(env, key, number)
    request.flash(env.t(_("The older text is the draft now. Publish it to go back to it.")))
    return request.redirect(edit_url(key))


@pages.route("/translate/<int:key>/<any(en, fa, tr):language>", methods=("POST",))
def translate(env: Env, request: Request, key: int, language: str) -> Response:
    """The translation of an article, begun where there is none."""
    made = writing.translate(env, key, language)
    if made not in env.allowed_ids("update", ARTICLE, [made]):
        raise SarnakhError(_("There is a translation that somebody else is writing."))
    return request.redirect(edit_url(made))
