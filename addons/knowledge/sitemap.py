"""The sitemap: all that everybody may read, whoever asks for it, in parts of numbers of articles."""

from __future__ import annotations

from xml.sax.saxutils import escape

from core.api import ANONYMOUS, Env, F, NotFound
from core.web_api import Request, Response

from . import addresses, audience, reading
from .choices import LANGUAGE_NAMES

PART = 20_000
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
FRESH = 3600


def answer(env: Env, request: Request, part: int | None) -> Response:
    """The whole sitemap where it is small, else the index of its parts or one of them."""
    visitor = audience.reader(env if env.actor.id is None else env.as_actor(ANONYMOUS))
    open_to_all = reading.published(visitor)
    last = open_to_all.order("-id").ids(1)
    parts = (last[0] // PART + 1) if last else 1
    if part is None and parts > 1:
        text = _index(request.base_url, parts)
    else:
        if part is not None and not 0 <= part < parts:
            raise NotFound
        low = (part or 0) * PART
        rows = open_to_all.where(F.id >= low, F.id < low + PART).order("id").select("language", "slug", "title", "published_at").rows()
        text = _urls(request.base_url, [(addresses.article(r), r["published_at"].date().isoformat()) for r in rows], first=not part)
    response = request.text(text)
    response.headers["Content-Type"] = "application/xml; charset=utf-8"
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    response.add_etag()
    response.make_conditional(request.raw)
    return response


def _index(site: str, parts: int) -> str:
    found = "".join(f"<sitemap><loc>{escape(f'{site}{addresses.HELP}/sitemap/{i}.xml')}</loc></sitemap>\n" for i in range(parts))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {NAMESPACES}>\n{found}</sitemapindex>\n'


def _urls(site: str, found: list[tuple[str, str]], first: bool) -> str:
    homes = [f"<url><loc>{escape(site + addresses.home(lang))}</loc></url>\n" for lang in LANGUAGE_NAMES] if first else []
    lines = [f"<url><loc>{escape(site + path)}</loc><lastmod>{day}</lastmod></url>\n" for path, day in found]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {NAMESPACES}>\n{"".join(homes + lines)}</urlset>\n'
