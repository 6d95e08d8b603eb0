"""The help centre at scale: search and suggestions over 20,000 articles, its pages as visitors get them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from addons.knowledge import audience, publishing, reading, suggesting
from addons.knowledge.choices import ARTICLE, VERSION
from core import upkeep
from core.addons import lifecycle
from core.api import F
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from tests.bench.measure import Figure, figure, statements, timed

ARTICLES, QUICK = 20_000, 5_000
BATCH = 500
WORDS = 6_000
"""Different words of which the articles are made, the first ones far more often than the last, as in any language."""
COMMON = ("printer", "network", "invoice", "password", "order", "delivery", "warranty", "server", "cable", "account")
TICKET = """Hello, since yesterday our printer on the second floor does not connect to the network any more. We changed the cable and
restarted the server, and an invoice of last week is missing w4711 as well. Please help, thank you."""


def _texts(count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(1405)
    weights = [1 / (i + 8) for i in range(WORDS)]
    words = [*COMMON, *(f"w{i}" for i in range(WORDS - len(COMMON)))]
    for number in range(count):
        found = chance.choices(words, weights, k=180)
        first, second = " ".join(found[3:90]), " ".join(found[90:])
        yield f"{found[0]} {found[1]} {number}".capitalize(), f"<h2>{found[2]}</h2><p>{first}.</p><p>{second}.</p>"


def fill(inst: Installation, count: int) -> None:
    """Articles in ten categories, all for everybody."""
    with inst.env(SYSTEM) as env:
        folders = env.create("knowledge.category", [{"name": f"Folder {i}"} for i in range(10)])
        open_to_all = env.query("knowledge.audience").where(F.kind == "public").ids(1)[0]
        owner = env.query("base.user").order("id").ids(1)[0]
    texts = _texts(count)
    for _start in range(0, count, BATCH):
        with inst.env(SYSTEM) as env:
            part = list(itertools.islice(texts, BATCH))
            keys = env.create(ARTICLE, [{"title": title, "language": "en", "audience": open_to_all, "owner": owner,
                                         "category": folders[i % 10]} for i, (title, _body) in enumerate(part)])
            env.create(VERSION, [{"article": key, "title": title, "body": body} for key, (title, body) in zip(keys, part, strict=True)])
            publishing.publish(env, keys)
    with inst.env(SYSTEM) as env:
        upkeep.analyze(env, None)


def help_centre(inst: Installation, database: str, quick: bool) -> Iterator[Figure]:
    """Search, suggestions, and pages a second by one visitor in this process."""
    lifecycle.enable(inst, ["knowledge"])
    count = QUICK if quick else ARTICLES
    fill(inst, count)
    visitor = Visitor(inst)
    turn = itertools.cycle(COMMON)
    with inst.env(SYSTEM, write=False) as env:
        some = env.query(ARTICLE).order("-id").ids(200)

    def find() -> None:
        answer = visitor.get(f"/x/help/en/search?q={next(turn)}+{next(turn)}")
        assert answer.status_code == 200

    median, p95 = timed(find, times=30, warm=3)
    yield figure("help_search", database, median, "ms", p95=round(p95, 2), queries=statements(inst, find), rows=count)
    with inst.env(inst.load_actor(None), write=False) as env:
        reader = audience.reader(env)

        def suggested() -> None:
            assert suggesting.suggest(reader, TICKET)

        median, p95 = timed(suggested, times=30, warm=3)
        yield figure("help_suggest", database, median, "ms", p95=round(p95, 2), queries=statements(inst, suggested), rows=count)
        addresses = [reading.card(r, "en").url for r in reading.published(reader).with_ids(some).select(*reading.CARD).rows()]
    pages = itertools.cycle(addresses)

    def read() -> None:
        assert visitor.get(f"{next(pages)}?new=1").status_code == 200

    median, p95 = timed(read, times=100, warm=5)
    yield figure("help_article_made", database, 1000 / median, "pages/s", ms=round(median, 2), p95=round(p95, 2),
                 queries=statements(inst, read), rows=count)

    def kept() -> None:
        assert visitor.get(addresses[0]).status_code == 200

    median, p95 = timed(kept, times=100, warm=5)
    yield figure("help_article_kept", database, 1000 / median, "pages/s", ms=round(median, 2), p95=round(p95, 2),
                 queries=statements(inst, kept), rows=count)
    tag = visitor.get(addresses[0]).headers["ETag"]

    def again() -> None:
        assert visitor.get(addresses[0], headers={"If-None-Match": tag}).status_code == 304

    median, p95 = timed(again, times=50, warm=3)
    yield figure("help_article_again", database, 1000 / median, "pages/s", ms=round(median, 2), rows=count)

    def home() -> None:
        assert visitor.get("/x/help/en?new=1").status_code == 200

    median, p95 = timed(home, times=30, warm=3)
    yield figure("help_home", database, median, "ms", p95=round(p95, 2), queries=statements(inst, home), rows=count)
