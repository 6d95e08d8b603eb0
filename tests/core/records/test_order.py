"""The order of lists: by the alphabet of the installation, page by page the same as in one piece, on both databases."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import column, event, text

from core.addons.lifecycle import planned
from core.errors import SettingsError
from core.installation import Installation
from core.query.paging import Term
from core.settings import load
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("shop", "shop_sms"), pytest.mark.folders("tests/fixtures/addons")]

PERSIAN = ["آبان", "ابر", "باران", "پارس", "تهران", "جهان", "چای", "ژاله", "شیراز", "کاوه", "گلستان", "لاله", "ناهید",
           "وحید", "هما", "یاس"]
TURKISH = ["Can", "Çan", "Gül", "Ğ", "Irmak", "İzmir", "Orman", "Ömer", "Sel", "Şule", "Umut", "Ünal"]


def reopened(inst: Installation, tmp_path, collation: str) -> Installation:
    """The same database with another order of texts."""
    return Installation.open(load((), {}, {
        "database.url": inst.settings.database.url, "storage.data": str(tmp_path / "data"), "jobs.engine": "sqlite",
        "addons.folders": list(inst.settings.addons.folders), "locale.collation": collation}))


def acting(inst: Installation, **options):
    """An environment of somebody who may do everything."""
    return inst.env(inst.load_actor(user_id(inst, "admin")), **options)


def clear(env) -> None:
    """No shops."""
    ids = env.query("shop.shop").ids()
    env.delete("shop.shop", ids)
    env.purge("shop.shop", ids)


def names_in_order(inst: Installation, names) -> list[str]:
    """The names as a list of shops shows them."""
    with acting(inst) as env:
        env.create("shop.shop", [{"name": n} for n in reversed(names)])
        return [r["name"] for r in env.query("shop.shop").order("name").select("name").rows()]


def test_the_alphabet_follows_the_setting_and_may_change_later(installation, tmp_path):
    with contextlib.closing(reopened(installation, tmp_path, "fa")) as inst:
        assert names_in_order(inst, PERSIAN) == PERSIAN
    with contextlib.closing(reopened(installation, tmp_path, "tr")) as inst:
        with acting(inst) as env:
            clear(env)
        assert names_in_order(inst, TURKISH) == TURKISH


def test_persian_stands_before_latin_for_persian_readers_only(installation, tmp_path):
    with contextlib.closing(reopened(installation, tmp_path, "fa")) as inst:
        assert names_in_order(inst, ["یاس", "Alpha"]) == ["یاس", "Alpha"]
    with contextlib.closing(reopened(installation, tmp_path, "en")) as inst, acting(inst) as env:
        assert [r["name"] for r in env.query("shop.shop").order("name").select("name").rows()] == ["Alpha", "یاس"]


def test_every_installation_of_a_language_sorts_by_it():
    assert load((), {}, {"locale.default_language": "fa"}).collation == "fa"
    assert load((), {}, {"locale.default_language": "fa", "locale.collation": "codepoint"}).collation == "codepoint"
    with pytest.raises(SettingsError, match="locale.collation; it takes"):
        load((), {}, {"locale.collation": "de"})


@pytest.mark.parametrize("collation", ["fa", "tr", "en", "codepoint"])
def test_a_second_start_finds_nothing_to_change(installation, tmp_path, collation):
    with contextlib.closing(reopened(installation, tmp_path, collation)) as inst:
        assert planned(inst).describe() == []


def test_links_groups_and_many_come_in_order_too(installation, tmp_path):
    with contextlib.closing(reopened(installation, tmp_path, "fa")) as inst, acting(inst) as env:
        names = ["چای", "پارس", "هما", "وحید"]
        shops = dict(zip(names, env.create("shop.shop", [{"name": n} for n in names]), strict=True))
        tags = env.create("base.tag", [{"name": n} for n in names])
        env.create("shop.order", [{"name": n, "shop": shops[n], "tags": tags} for n in names])
        wanted = ["پارس", "چای", "وحید", "هما"]
        orders = env.query("shop.order")
        assert [r["shop"].label for r in orders.order("shop").select("shop").rows()] == wanted
        assert [r["shop.name"] for r in orders.order("shop.name").select("shop.name").rows()] == wanted
        assert [r["shop"].label for r in orders.aggregate(["shop"])] == wanted
        assert [r["name"] for r in orders.aggregate(["name"])] == wanted
        assert [t.label for t in orders.select("tags").rows()[0]["tags"]] == wanted


def test_choices_come_as_their_picklist_has_them(env_as):
    with env_as("sara") as env:
        values = [o.value for o in env.registry.record("shop.order").field("status").options]
        env.create("shop.order", [{"name": v, "status": v} for v in sorted(values)])
        assert [r["status"] for r in env.query("shop.order").order("status", "id").select("status").rows()] == values
        assert [r["status"] for r in env.query("shop.order").order("-status").select("status").rows()] == values[::-1]
        assert [r["status"] for r in env.query("shop.order").aggregate(["status"])] == values


# ---------------------------------------------------------------- page by page
TEXTS = st.one_of(st.none(), st.sampled_from([
    "a", "A", "á", "Ä", "b", "ب", "پ", "ک", "ك", "ی", "ي", "می‌روم", "می روم", "ı", "i", "I", "İ", "ç", "c", "cz", "1", "۱", "!",
    "-", "گ", "ه", "و"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=6))


@pytest.fixture
def walked(installation, tmp_path):
    with contextlib.closing(reopened(installation, tmp_path, "fa")) as inst:
        yield inst


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=24), size=st.integers(1, 7), down=st.booleans())
def test_page_by_page_is_the_whole_list_both_ways(walked, rows, size, down):
    with acting(walked) as env:
        clear(env)
        env.create("shop.shop", [{"name": f"{n}", "town": town, "street": street} for n, (town, street) in enumerate(rows)])
        sign = "-" if down else ""
        for order in ((sign + "town",), (sign + "town", "street"), ("-street", sign + "town")):
            query = env.query("shop.shop").order(*order).select("town")
            whole = query.ids()
            forwards, token, last = [], None, None
            while True:
                last = query.page(size, token)
                forwards += [r["id"] for r in last.rows]
                token = last.next
                if token is None:
                    break
            assert forwards == whole
            backwards = [r["id"] for r in last.rows]
            while last.previous:
                last = query.page(size, last.previous)
                backwards = [r["id"] for r in last.rows] + backwards
            assert backwards == whole
        env.connection.rollback()


# ---------------------------------------------------------------- at any size
def test_a_page_of_the_default_order_is_read_from_its_index(walked):
    with acting(walked) as env:
        env.create("shop.shop", [{"name": f"نام {n:05}"} for n in range(3000)])
    if walked.settings.is_sqlite:
        with acting(walked) as env:
            env.connection.execute(text("ANALYZE"))
    else:
        with walked.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE shop_shop"))
    for order in ("name", "-name"):
        with acting(walked, write=False) as env:
            query = env.query("shop.shop").order(order).select("name")
            token = None
            for _page in range(3):
                plan = _plan_of(walked, env, lambda token=token, query=query: query.page(20, token))
                assert "ix_shop_shop_order" in plan and "TEMP B-TREE" not in plan and "Sort" not in plan, plan
                assert token is None or "SEARCH" in plan or "Index Cond" in plan, f"read from the beginning: {plan}"
                token = query.page(20, token).next


def _plan_of(inst, env, work) -> str:
    seen = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if "FROM shop_shop" in statement:
            seen.append((statement, parameters))

    event.listen(inst.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(inst.engine, "before_cursor_execute", note)
    statement, parameters = seen[0]
    prefix = "EXPLAIN QUERY PLAN " if inst.settings.is_sqlite else "EXPLAIN "
    rows = env.connection.exec_driver_sql(prefix + statement, parameters).all()
    return "\n".join(str(r[-1]) for r in rows)


def test_the_index_of_an_order_carries_it(walked):
    if walked.settings.is_sqlite:
        with walked.reading() as connection:
            made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'ix_shop_shop_order'"))
        assert "sarnakh_sort_fa" in made
    else:
        with walked.reading() as connection:
            made = connection.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_shop_shop_order'"))
        assert "fa-x-icu" in made


def test_the_values_of_a_place_never_share_a_name():
    """`a.b` and `a_b` in one order would otherwise be bound as one value, silently."""
    terms = [Term(path, column("c"), False, False) for path in ("shop.town", "shop_town", "shop__town", "shop.town_id")]
    assert len({t.bind for t in terms}) == len(terms)
