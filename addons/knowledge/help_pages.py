"""The help centre under /x/help: pages that anybody may open, with what the reader may read.

No page sets a cookie or has a token in it, so a cache may keep what visitors get; what a signed-in person gets is their own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from core.api import Edition, Env, F, NotFound, SarnakhError, _, direction
from core.web_api import BadRequest, Pages, Request, Response, send_file, with_query

from . import addresses, audience, categories, feedback, keeping, reading, sitemap
from .choices import ARTICLE, ATTACHMENT, FILE, INTERNAL, LANGUAGE_NAMES, PUBLIC
from .keeping import Kept

pages = Pages("help")
LANG = "<any(en, fa, tr):lang>"
FRESH = 120
"""Seconds for which a cache may give a page again without asking."""
ROBOTS = ("bot", "crawl", "spider", "slurp", "preview")


def answer(env: Env, request: Request, template: str, lang: str, page: dict[str, Any], *, modified: Any = None,
           index: bool = True, article: int = 0) -> Response:
    """A page of the help centre, kept for the next visitor."""
    env.lang = lang
    page = {"home": addresses.home(lang), "lang": lang, "dir": direction(lang), "signed_in": bool(env.actor.id), "index": index,
            "style": request.static_url("knowledge", "help/help.css"), "alternates": [], "canonical": "", "description": "", "q": "",
            "site": request.base_url, **page}
    response = request.render(template, page, title=page["title"])
    keeping.remember(env, request, Kept(response.get_data(as_text=True), modified, index, article))
    return _finished(env, request, response, modified, index, article)


def kept(env: Env, request: Request) -> Response | None:
    """The page that a visitor before got, while nothing in it has changed."""
    page = keeping.recall(env, request)
    if page is None:
        return None
    response = request.text(page.html)
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return _finished(env, request, response, page.modified, page.index, page.article)


def _finished(env: Env, request: Request, response: Response, modified: Any, index: bool, article: int) -> Response:
    """Headers for caches and search engines; a look at an article is counted."""
    fresh = "public, no-cache" if request.arg("q") else f"public, max-age={FRESH}"  # what is found changes with each article
    response.headers["Cache-Control"] = fresh if env.actor.id is None and not request.arg("given") else "private, no-cache"
    response.vary.add("Cookie")
    if not index:
        response.headers["X-Robots-Tag"] = "noindex"
    if article and not any(word in request.raw.headers.get("User-Agent", "").lower() for word in ROBOTS):
        request.count(ARTICLE, "views", article)
    response.add_etag()
    if modified is not None:
        response.last_modified = modified
    response.make_conditional(request.raw)
    return response


def _permanently(request: Request, address: str) -> Response:
    response = request.empty(301)
    response.headers["Location"] = address
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return response


@pages.route("/", public=True)
def start(env: Env, request: Request) -> Response:
    """To the reader's language."""
    return request.redirect(addresses.home(env.lang if env.lang in LANGUAGE_NAMES else "en"))


@pages.route(f"/{LANG}", public=True)
def home(env: Env, request: Request, lang: str) -> Response:
    """Search, categories, chosen articles."""
    before = kept(env, request)
    if before is not None:
        return before
    reader = audience.reader(env)
    found = reading.branches(reader, lang)
    chosen, latest = reading.first_page(reader, lang)
    env.lang = lang
    page = {"title": env.t(_("Help centre")), "roots": reading.roots(found), "chosen": chosen, "latest": latest,
            "category": addresses.category, "canonical": addresses.home(lang),
            "alternates": [(code, addresses.home(code), name) for code, name in LANGUAGE_NAMES.items()]}
    return answer(env, request, "knowledge/help/home.html", lang, page)


@pages.route(f"/{LANG}/search", public=True)
def search(env: Env, request: Request, lang: str) -> Response:
    """What holds all words, the best first; what comes near when nothing does."""
    reader, text = audience.reader(env), " ".join(request.arg("q").split())[:200]
    found = reading.search(reader, lang, text)
    near = reading.close(reader, lang, text) if text and not found else []
    env.lang = lang
    page = {"title": env.t(_("Search: {text}", text=text)) if text else env.t(_("Search")), "found": found, "near": near, "q": text,
            "alternates": [(code, with_query(f"{addresses.home(code)}/search", {"q": text}), name) for code, name in
                           LANGUAGE_NAMES.items()]}
    return answer(env, request, "knowledge/help/search.html", lang, page, index=False)


@pages.route(f"/{LANG}/c/<int:key>", public=True)
def category_by_number(env: Env, request: Request, lang: str, key: int) -> Response:
    """On to the readable address."""
    response: Response = category(env, request, lang, key)
    return response


@pages.route(f"/{LANG}/c/<int:key>/<slug>", public=True)
def category(env: Env, request: Request, lang: str, key: int, slug: str = "") -> Response:
    """The articles of a category and what is below it."""
    before = kept(env, request)
    if before is not None:
        return before
    reader = audience.reader(env)
    found = reading.branches(reader, lang)
    branch = found.get(key)
    if branch is None:
        raise NotFound
    token = request.arg("after") or request.arg("before")
    cards, previous, following, others = reading.in_category(reader, lang, key, token)
    if not branch.count and not others:
        raise NotFound
    own = addresses.category(lang, key, branch.name)
    if slug != branch.slug:
        return _permanently(request, own)
    page = {"title": branch.name, "branch": branch, "cards": cards, "others": others, "way": categories.way(found, key)[:-1],
            "category": addresses.category, "canonical": own, "description": branch.description,
            "previous": with_query(own, {"after": previous}) if previous else "",
            "following": with_query(own, {"after": following}) if following else "",
            "alternates": [(code, addresses.category(code, key, ""), name) for code, name in LANGUAGE_NAMES.items()]}
    return answer(env, request, "knowledge/help/category.html", lang, page, index=bool(cards) and not token)


@pages.route(f"/{LANG}/<int:key>", public=True)
def article_by_number(env: Env, request: Request, lang: str, key: int) -> Response:
    """On to the readable address."""
    response: Response = article(env, request, lang, key)
    return response


@pages.route(f"/{LANG}/<int:key>/<slug>", public=True)
def article(env: Env, request: Request, lang: str, key: int, slug: str = "") -> Response:
    """An article, at the one address that it has; the reader's language wins where there is a translation into it."""
    before = kept(env, request)
    if before is not None:
        return before
    reader = audience.reader(env)
    found = reading.article(reader, key)
    row = found.row
    if row["language"] != lang:
        better = next((r for r in found.translations if r["language"] == lang), row)
        return _permanently(request, addresses.article(better))
    own = addresses.article(row)
    if slug != (row["slug"] or ""):
        return _permanently(request, own)
    env.lang = lang
    kind = row["audience.kind"] if row["audience.kind"] else PUBLIC
    page = {"title": row["title"], "found": found, "way": found.way, "category": addresses.category, "canonical": own,
            "description": row["summary"] or "", "given": request.arg("given"),
            "file": lambda one: addresses.file(key, one["file"].id), "updated": Edition(env, lang).format.date(row["published_at"].date()),
            "iso": row["published_at"].date().isoformat(), "internal": kind == INTERNAL, "restricted": kind != PUBLIC,
            "edit": f"/x/knowledge/edit/{key}" if env.actor.id and env.can("create", ARTICLE) and
            env.allowed_ids("update", ARTICLE, [key]) else "", "vote": f"{addresses.HELP}/feedback/{key}",
            "alternates": [(r["language"], addresses.article(r), LANGUAGE_NAMES[r["language"]]) for r in found.translations]}
    return answer(env, request, "knowledge/help/article.html", lang, page, modified=row["published_at"], index=kind == PUBLIC,
                  article=key)


@pages.route("/files/<int:key>/<int:number>", public=True)
def file(env: Env, request: Request, key: int, number: int) -> Response:
    """A file of a published article, for those who may read it."""
    reader = audience.reader(env)
    if not reading.published(reader).with_ids([key]).exists() or \
            not reader.query(ATTACHMENT).where((F.article == key) & (F.file == number)).exists():
        raise NotFound
    with env.elevated("file of an article that the reader may read") as sudo:
        stored = sudo.get(FILE, number, "name", "digest", "size", "media_type")
    response = send_file(env, stored, stored.media_type.startswith("image/"))
    response.headers["Cache-Control"] = f"public, max-age={FRESH}" if env.actor.id is None else "private, no-cache"
    response.vary.add("Cookie")
    return response


@pages.route("/feedback/<int:key>", methods=("POST",), public=True, csrf=False, max_bytes=50_000)
def vote(env: Env, request: Request, key: int) -> Response:
    """Whether an article helped. There is no token, as the page may come from a cache: only forms of this site are taken."""
    origin = request.raw.headers.get("Origin", "")
    if (origin and urlsplit(origin).netloc != urlsplit(request.base_url).netloc and urlsplit(origin).netloc != request.raw.host) or \
            request.raw.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise BadRequest(_("This form came from elsewhere."))
    rows = reading.published(audience.reader(env)).with_ids([key]).select("language", "slug", "title", "published_number").rows(1)
    if not rows:
        raise NotFound
    if request.value("helpful") not in ("yes", "no"):
        raise SarnakhError(_("Say whether the article helped."))
    env.lang = rows[0]["language"]
    if not request.value("website"):  # people do not see this field, programs fill it in
        with request.attempt():
            feedback.give(env, key, rows[0]["published_number"], request.value("helpful") == "yes", request.value("comment"), request.ip,
                          request.raw.headers.get("User-Agent", ""))
    given = "yes" if request.value("helpful") == "yes" else "thanks" if request.value("comment").strip() else "no"
    return request.redirect(with_query(addresses.article(rows[0]), {"given": given}) + "#feedback")


@pages.route("/sitemap.xml", public=True)
def site_map(env: Env, request: Request) -> Response:
    """The sitemap, or the list of its parts."""
    return sitemap.answer(env, request, None)


@pages.route("/sitemap/<int:part>.xml", public=True)
def site_map_part(env: Env, request: Request, part: int) -> Response:
    """A part of a large sitemap."""
    return sitemap.answer(env, request, part)
