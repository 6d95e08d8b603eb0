"""Boards: columns and their figures, pages of cards, moves and refusals, folding, months, rights, and what they cost."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id
from tests.core.web.conftest import Visit

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
BOARD = "/r/shop.order/board"
ORDER = "shop.order"


@pytest.fixture
def sara(visit: Visit, installation: Installation) -> Visitor:
    """Sara, who has ninety orders in three statuses and two shops; Reza has one."""
    with installation.env(SYSTEM) as env:
        mine, reza = user_id(installation, "sara"), user_id(installation, "reza")
        shops = env.create("shop.shop", [{"name": n, "town": t, "owner": mine} for n, t in (("Bazaar", "Tabriz"), ("Arcade", "Rey"))])
        env.create(ORDER, [{"name": f"Order {i:02d}", "amount": i, "owner": mine, "due": dt.date(2020, 1, 1) if i == 88 else None,
                            "shop": shops[i % 2] if i > 9 else None, "status": ("new", "sent", "paid")[i % 3]} for i in range(90)])
        env.create(ORDER, {"name": "Secret of Reza", "owner": reza, "amount": 1_000_000})
    return visit("sara")


def cards(page: str) -> dict[str, list[int]]:
    """Numbers of cards by column."""
    found = {}
    for part in page.split('<section class="board-col')[1:]:
        key = re.search(r'data-key="([^"]*)"', part)
        assert key
        found[key[1]] = [int(k) for k in re.findall(r'data-card-id="(\d+)"', part)]
    return found


def first(installation: Installation, **values: Any) -> int:
    """The number of Sara's first order with these values."""
    with installation.env(SYSTEM, write=False) as env:
        query = env.query(ORDER)
        for name, value in values.items():
            query = query.holding(name, [value])
        return query.order("id").ids(limit=1)[0]


def value(installation: Installation, key: int, name: str = "status") -> Any:
    """What is stored."""
    with installation.env(SYSTEM, write=False) as env:
        return env.query(ORDER).with_ids([key]).select(name).rows()[0][name]


def move(visitor: Visitor, key: int, came: str, to: str, query: str = "") -> Any:
    """Drop a card."""
    return visitor.post(f"{BOARD}/move{query}", {"id": key, "version": 1, "from": came, "to": to})


# ---------------------------------------------------------------- what is shown
def test_columns_hold_their_cards_and_figures(sara: Visitor) -> None:
    page = sara.get(BOARD)
    assert page.status_code == 200
    found = cards(page.text)
    assert list(found) == ["vnew", "vsent", "vpaid"]
    assert [len(v) for v in found.values()] == [20, 20, 20]
    assert "Secret of Reza" not in page.text and "1M IRR" not in page.text
    assert page.text.count(">30</a>") == 3
    for total in ("1,305", "1,335", "1,365"):  # sums of every third number below 90
        assert re.search(rf'data-total title="[^"]*{total}\b', page.text), total
    assert page.text.count('class="card-stale"') == 1


def test_further_cards_come_by_key(sara: Visitor) -> None:
    seen, page = [], sara.get(BOARD).text
    seen += cards(page)["vnew"]
    url = re.search(r'data-more="([^"]*column=vnew[^"]*)"', page)
    assert url
    rest = sara.get(url[1].replace("&amp;", "&"), headers={"X-Fragment": "column"}).text
    seen += [int(k) for k in re.findall(r'data-card-id="(\d+)"', rest)]
    assert len(seen) == len(set(seen)) == 30 and "data-more" not in rest


def test_filters_search_and_views_are_those_of_the_list(sara: Visitor) -> None:
    assert sum(map(len, cards(sara.get(f"{BOARD}?s=1&q=Order+04").text).values())) == 1
    page = sara.get(f"{BOARD}?s=1&filter.amount=%3E80").text
    assert sorted(map(len, cards(page).values())) == [3, 3, 3] and 'class="chip"' in page
    sara.post("/r/shop.order/views/new", {"name": "Dear ones", "s": "1", "filter.amount": ">85", "face": "board"})
    again = sara.get(BOARD).text
    tab = re.search(r'href="(/r/shop\.order/board\?view=\d+)"', again)
    assert tab and "Dear ones" in again
    assert sum(map(len, cards(sara.get(tab[1]).text).values())) == 4
    nothing = sara.get(f"{BOARD}?s=1&q=nowhere").text
    assert cards(nothing) == {} and "Nothing fits" in nothing


def test_a_view_opens_on_the_face_it_was_made_on(sara: Visitor, installation: Installation) -> None:
    """Seen from the list or from the board alike; saved again, it takes the face it is then on."""
    def tab(name: str, page: str) -> str:
        tabs = re.findall(r'<a class="tab[^"]*" href="([^"]*)"[^>]*>(.*?)</a>', page)
        return next(url.replace("&amp;", "&") for url, text in tabs if name in text)

    sara.post("/r/shop.order/views/new", {"name": "Cards", "s": "1", "filter.amount": ">85", "face": "board", "by": "shop"})
    sara.post("/r/shop.order/views/new", {"name": "Rows", "s": "1", "filter.amount": ">85", "face": ""})
    with installation.env(SYSTEM) as env:
        old = env.create("base.view", {"name": "Older", "record_type": "shop.order", "settings": {}, "shared": True,
                                       "owner": user_id(installation, "reza")})
        views = {r["name"]: r["id"] for r in env.query("base.view").select("name").rows()}
    for page in (sara.get(BOARD).text, sara.get("/r/shop.order").text):
        assert tab("Cards", page) == f"{BOARD}?view={views['Cards']}&by=shop"
        assert tab("Rows", page) == f"/r/shop.order?view={views['Rows']}"
    assert tab("Older", sara.get(BOARD).text) == f"{BOARD}?view={old}"
    assert tab("Older", sara.get("/r/shop.order").text) == f"/r/shop.order?view={old}"
    assert sara.get(f"{BOARD}?view={views['Cards']}&by=shop").status_code == 200
    sara.post(f"/r/shop.order/views/{views['Cards']}", {"do": "save", "s": "1", "face": ""})
    assert tab("Cards", sara.get(BOARD).text) == f"/r/shop.order?view={views['Cards']}"
    with installation.env(SYSTEM) as env:
        env.update("base.view", views["Rows"], {"settings": {"face": "board", "extra": [["x"], 5, ["by", "nothing"]]}})
    assert tab("Rows", sara.get("/r/shop.order").text) == f"{BOARD}?view={views['Rows']}&by=nothing"


def test_a_count_opens_its_records(sara: Visitor) -> None:
    page = sara.get(f"{BOARD}?s=1&filter.amount=%3E80").text
    url = re.search(r'<a class="count num" href="([^"]*vpaid|[^"]*status=paid[^"]*)"', page)
    assert url and not urlsplit(url[1]).path.endswith("board")
    assert len(re.findall(r'<tr data-id="', sara.get(url[1].replace("&amp;", "&")).text)) == 3


def test_list_and_board_lead_to_each_other(sara: Visitor) -> None:
    assert 'id="as-board"' in sara.get("/r/shop.order?s=1&q=04").text
    href = re.search(r'href="([^"]*)"[^>]*id="as-list"', sara.get(f"{BOARD}?s=1&q=04").text)
    assert href and parse_qs(urlsplit(href[1].replace("&amp;", "&")).query)["q"] == ["04"]


def test_no_board_without_a_column(sara: Visitor) -> None:
    """A type that moves along nothing has no switch, and its board's address is no page."""
    assert 'id="as-board"' not in sara.get("/r/shop.shop").text
    assert sara.get("/r/shop.shop/board").status_code == 404
    assert sara.post("/r/shop.shop/board/move", {"id": 1, "from": "n", "to": "n"}).status_code == 404


def test_a_link_makes_columns_in_the_order_of_its_records(sara: Visitor, installation: Installation) -> None:
    page = sara.get(f"{BOARD}?by=shop").text
    found = cards(page)
    assert [len(v) for v in found.values()] == [20, 20, 10] and list(found)[-1] == "n"
    assert page.index("Arcade") < page.index("Bazaar") and ">Tabriz<" in page
    key, (arcade, bazaar, _none) = found["n"][0], list(found)
    assert move(sara, key, "n", bazaar, "?by=shop").status_code == 200
    assert f"v{value(installation, key, 'shop').id}" == bazaar
    assert move(sara, key, bazaar, "n", "?by=shop").status_code == 200
    assert value(installation, key, "shop") is None and arcade != bazaar


def test_what_one_may_not_see_makes_no_column(sara: Visitor, installation: Installation) -> None:
    """Orders of a shop out of sight stand together, without its name."""
    with installation.env(SYSTEM) as env:
        hidden = env.create("shop.shop", {"name": "Hidden shop", "owner": user_id(installation, "reza")})
        key = env.create(ORDER, {"name": "Of the hidden", "owner": user_id(installation, "sara"), "shop": hidden})
    page = sara.get(f"{BOARD}?by=shop").text
    assert "Hidden shop" not in page and cards(page)["other"] == [key]
    assert move(sara, key, "other", f"v{hidden}", "?by=shop").status_code == 404
    assert move(sara, first(installation, name="Order 01"), "n", "other", "?by=shop").status_code == 422


@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
def test_months_of_the_readers_calendar(sara: Visitor, installation: Installation, visit: Visit, calendar: str) -> None:
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "sara"), {"calendar": calendar})
    with installation.env(replace(SYSTEM, calendar=calendar)) as env:
        start, end = env.calendar.month_bounds(env.today)
        after = env.calendar.month_bounds(end + dt.timedelta(days=1))
    visitor = visit("sara")
    page = visitor.get(f"{BOARD}?by=due").text
    found = cards(page)
    assert list(found)[:2] == ["before", f"m{start}"] and list(found)[-2:] == ["after", "n"] and len(found) == 9
    assert len(found["before"]) == 1
    key = found["n"][0]
    assert move(visitor, key, "n", f"m{after[0]}", "?by=due").status_code == 200
    assert value(installation, key, "due") == after[1]
    refused = move(visitor, key, f"m{after[0]}", "before", "?by=due")
    assert refused.status_code == 422 and value(installation, key, "due") == after[1]
    assert move(visitor, key, f"m{after[0]}", "n", "?by=due").status_code == 200
    assert value(installation, key, "due") is None


# ---------------------------------------------------------------- moves
def test_a_move_changes_the_record_and_the_figures(sara: Visitor, installation: Installation) -> None:
    key = first(installation, status="new", name="Order 03")
    told = move(sara, key, "vnew", "vsent").get_json()
    assert value(installation, key) == "sent"
    assert told["heads"]["vnew"]["count"] == "29" and told["heads"]["vsent"]["count"] == "31"
    assert f'data-card-id="{key}"' in told["card"] and 'data-version="2"' in told["card"]


def test_a_refused_move_says_why(sara: Visitor, installation: Installation) -> None:
    """By the moves of the picklist, by a validator, by what may not be empty: nothing is written."""
    key = first(installation, status="new", name="Order 03")
    answer = move(sara, key, "vnew", "vpaid")
    assert answer.status_code == 422 and answer.get_json()["message"]
    assert value(installation, key) == "new"
    moves = sara.get(f"{BOARD}/moves?id={key}").get_json()
    assert moves["vpaid"]["reason"] and not moves["vsent"]["reason"] and "vnew" not in moves
    assert moves["n"]["reason"] == "“Status” must not be empty."
    assert move(sara, key, "vnew", "nowhere").status_code == 404


def test_the_later_of_two_is_told(sara: Visitor, visit: Visit, installation: Installation) -> None:
    key = first(installation, status="new", name="Order 03")
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "mina"), {"name": "Mina Quick"})
    other = visit("sara")
    assert move(other, key, "vnew", "vsent").status_code == 200
    answer = move(sara, key, "vnew", "vsent")
    told = answer.get_json()
    assert answer.status_code == 409 and told["column"] == "vsent" and told["version"] == 2
    assert "was faster" in told["message"] and "Sent" in told["message"] and "Sara" in told["message"]
    assert value(installation, key) == "sent"


def test_other_changes_meanwhile_do_not_matter(sara: Visitor, installation: Installation) -> None:
    """Somebody wrote a note or corrected a name: the card may be moved all the same."""
    key = first(installation, status="new", name="Order 03")
    with installation.env(SYSTEM) as env:
        env.update(ORDER, key, {"memo": "called"})
    assert move(sara, key, "vnew", "vsent").status_code == 200
    assert value(installation, key) == "sent" and value(installation, key, "memo") == "called"


def test_nobody_moves_what_they_may_not(sara: Visitor, visit: Visit, installation: Installation) -> None:
    """Others' cards are not there; shared ones for reading stay where they are; without the right nothing moves."""
    theirs = first(installation, name="Secret of Reza")
    assert move(sara, theirs, "vnew", "vsent").status_code == 404
    assert sara.get(f"{BOARD}/moves?id={theirs}").status_code == 404
    from core.security.shares import share
    with installation.env(SYSTEM) as env:
        share(env, ORDER, [theirs], f"user:{user_id(installation, 'sara')}", 1)
    answer = move(sara, theirs, "vnew", "vsent")
    assert answer.status_code == 403 and answer.get_json()["message"]
    assert all(d["reason"] for d in sara.get(f"{BOARD}/moves?id={theirs}").get_json().values())
    assert value(installation, theirs) == "new"
    assert visit().get(BOARD).status_code in (302, 303)


def test_a_hidden_field_makes_no_board(sara: Visitor, visit: Visit, installation: Installation) -> None:
    """Who may not see the status sees no board by it, no figure of it, and cannot move by it."""
    key = first(installation, status="new", name="Order 03")
    with installation.env(SYSTEM) as env:
        user = env.query("base.user").with_ids([user_id(installation, "sara")]).select("profile").rows()[0]
        env.update("base.profile", user["profile"].id, {"field_rights": {ORDER: {"status": "hidden", "amount": "hidden"}}})
    again = visit("sara")
    for query in ("", "?by=status", "?by=shop"):
        answer = again.get(f"{BOARD}{query}")
        assert answer.status_code == 404 or ("vnew" not in answer.text and "1,305" not in answer.text)
    assert move(again, key, "vnew", "vsent").status_code == 404 and value(installation, key) == "new"


# ---------------------------------------------------------------- folding
def test_folded_columns_are_kept_and_read_nothing(sara: Visitor, visit: Visit) -> None:
    assert sara.post(f"{BOARD}/fold", {"column": "vpaid", "folded": "1"}).status_code == 303
    page = visit("sara").get(BOARD).text
    assert cards(page)["vpaid"] == [] and "board-col folded" in page and page.count(">30</a>") == 3
    sara.post(f"{BOARD}/fold", {"column": "vpaid", "folded": "0"})
    assert len(cards(visit("sara").get(BOARD).text)["vpaid"]) == 20
    assert sara.post(f"{BOARD}/fold", {"column": "nothing", "folded": "1"}).status_code == 404


# ---------------------------------------------------------------- cost
def test_a_board_takes_a_fixed_number_of_statements(sara: Visitor, installation: Installation) -> None:
    """However many columns and cards: change counters, session, figures, cards, and one for the cards' tags."""
    sara.get(BOARD)
    with query_budget(installation, 5) as seen:
        sara.get(BOARD)
    by_status = len(seen)
    with installation.env(SYSTEM) as env:
        env.create("shop.shop", [{"name": f"Shop {i:02d}", "owner": user_id(installation, "sara")} for i in range(30)])
        env.create(ORDER, [{"name": f"More {i}", "owner": user_id(installation, "sara")} for i in range(100)])
    sara.get(f"{BOARD}?by=shop")
    with query_budget(installation, 6) as seen:
        page = sara.get(f"{BOARD}?by=shop").text
    assert len(cards(page)) == 33 and len(seen) <= by_status + 1


def test_the_empty_board_and_odd_addresses(visit: Visit) -> None:
    """A board with nothing on it says so; nonsense in its address does no harm."""
    mina = visit("mina")
    assert mina.get(BOARD).status_code == 200 and "empty-icon" in mina.get(BOARD).text
    for query in ("by=nothing", "by=secret", "within.shop=7", "by=shop&within.shop=x", "order=-nothing", "order=about",
                  "criteria=%7B", "view=99999999", "column=vnew", "column=zz&after=rubbish"):
        assert mina.get(f"{BOARD}?{query}").status_code == 200, query
        assert mina.get(f"{BOARD}?{query}", headers={"X-Fragment": "column"}).status_code in (200, 404), query


@pytest.mark.addons("bargains")
def test_amounts_of_several_currencies_are_not_mixed(installation: Installation, visit: Visit) -> None:
    """Each currency stands for itself in a column's total. The column is a link, and of one pipeline if it is asked for."""
    with installation.env(SYSTEM) as env:
        codes = {r["code"]: r["id"] for r in env.query("base.currency").select("code").archived(None).rows()}
        pipeline = env.create("bargains.pipeline", {"name": "New business"})
        stage = env.create("bargains.stage", {"name": "Talks", "pipeline": pipeline})
        env.create("bargains.bargain", [
            {"name": f"{code} {n}", "pipeline": pipeline, "stage": stage, "amount": n, "currency": codes[code],
             "owner": user_id(installation, "admin")} for code, n in (("EUR", 10), ("EUR", 20), ("USD", 5))])
    page = visit("admin").get("/r/bargains.bargain/board").text
    assert sorted(len(v) for v in cards(page).values())[-1] == 3
    total = re.search(r'data-total title="([^"]+)"', page)
    assert total and "30" in total[1] and "5" in total[1] and " + " in total[1] and "35" not in total[1]


@pytest.fixture
def deals(installation: Installation) -> dict[str, int]:
    """Two pipelines with two stages each; deals of Sara, one of them closed; into the second stage one comes with a budget."""
    with installation.env(SYSTEM) as env:
        sara = user_id(installation, "sara")
        one, two = env.create("gates.pipeline", [{"name": "One"}, {"name": "Two"}])
        a, b, c, _d = env.create("gates.stage", [{"name": n, "pipeline": p, "position": i}
                                                 for i, (n, p) in enumerate((("A", one), ("B", one), ("C", two), ("D", two)))])
        first_, second, third = env.create("gates.deal", [
            {"name": "Open", "pipeline": one, "stage": a, "owner": sara},
            {"name": "Closed", "pipeline": one, "stage": a, "status": "won", "owner": sara},
            {"name": "Other pipeline", "pipeline": two, "stage": c, "owner": sara}])
        env.create("base.move", {"record_type": "gates.deal", "field_name": "stage", "from_value": str(a), "to_value": str(b),
                                 "required_fields": ["remark"]})
        return {"one": one, "two": two, "a": a, "b": b, "c": c, "open": first_, "closed": second, "other": third}


@pytest.mark.addons("gates")
def test_stages_are_those_of_one_pipeline(installation: Installation, visit: Visit, deals: dict[str, int]) -> None:
    """The first one, or that which is chosen over the board; the cards are its own."""
    sara = visit("sara")
    page = sara.get("/r/gates.deal/board").text
    assert cards(page) == {f"v{deals['a']}": [deals["closed"], deals["open"]], f"v{deals['b']}": []}
    assert f"within.pipeline={deals['two']}" in page
    other = sara.get(f"/r/gates.deal/board?within.pipeline={deals['two']}").text
    assert cards(other)[f"v{deals['c']}"] == [deals["other"]] and f"v{deals['a']}" not in cards(other)


@pytest.mark.addons("gates")
def test_gates_and_locks_are_told_before_and_hold_after(installation: Installation, visit: Visit, deals: dict[str, int]) -> None:
    """What a rule asks for and why a finished record is locked are said while a card is carried, and when it is dropped."""
    sara = visit("sara")

    def drop(key: int) -> Any:
        return sara.post("/r/gates.deal/board/move", {"id": key, "version": 1, "from": f"v{deals['a']}", "to": f"v{deals['b']}"})

    for key, part in ((deals["open"], "required"), (deals["closed"], "This deal is closed.")):
        told = sara.get(f"/r/gates.deal/board/moves?id={key}").get_json()[f"v{deals['b']}"]["reason"]
        answer = drop(key)
        assert part in told and answer.status_code == 422 and part in answer.get_json()["message"], (told, answer.get_json())
    with installation.env(SYSTEM) as env:
        env.update("gates.deal", deals["open"], {"remark": "a budget of ten"})
    assert drop(deals["open"]).status_code == 200
    with installation.env(SYSTEM, write=False) as env:
        assert env.query("gates.deal").with_ids([deals["open"]]).select("stage").rows()[0]["stage"].id == deals["b"]
