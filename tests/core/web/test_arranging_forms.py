"""Forms that are arranged by the kind of the record while they are filled in: what was typed stays, and what locks a field holds."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from core.addons.lifecycle import change_customising
from core.api import Installation, Piece, apply_pieces
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
NEW = "/r/shop.order/new"


@pytest.fixture
def sara(installation: Installation) -> Visitor:
    """A seller, for whom orders that were sent show where to, and those that are paid lock their memo and ask for an e-mail."""
    hide = [{"do": "hide", "target": name} for name in ("phone", "site", "memo", "due")]
    layers: dict[str, list[dict[str, Any]]] = {
        "installation": hide, "kind:status=sent": [
            {"do": "show", "target": "phone"}, {"do": "show", "target": "memo"}, {"do": "hide", "target": "weight"},
            {"do": "hide", "target": "lines"}],
        "kind:status=paid": [{"do": "show", "target": "memo"}, {"do": "set", "target": "memo", "props": {"readonly": True}},
                             {"do": "set", "target": "email", "props": {"required": True}}]}
    with installation.env(SYSTEM) as env:
        env.update("base.profile", env.query("base.profile").where('name == "Standard"').ids(), {"sets": ["base.user", "shop.seller"]})
        for owner, changes in layers.items():
            change_customising(env, "layout", f"shop.order|form|{owner}", {
                "format": 1, "record": "shop.order", "kind": "form", "changes": changes})
    installation.current()
    return Visitor(installation, user_id(installation, "sara"))


def inputs(page: str) -> dict[str, str]:
    """What a browser would send of a form."""
    form = page[page.index('<form'):]
    found = {unescape(m[1]): unescape(m[2]) for m in re.finditer(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}
    texts = re.finditer(r'<input class="input[^"]*" type="\w+" value="([^"]*)" id="[^"]*" name="([^"]+)"', form)
    found |= {unescape(m[2]): unescape(m[1]) for m in texts}
    for name, body in re.findall(r'<select class="input select"[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in found.items() if "__" not in name or name.endswith("__present")}


def again(visitor: Visitor, page: str, url: str = NEW, **typed: str) -> str:
    answer = visitor.post(url, {**inputs(page), **typed, "then": "arrange"}, headers={"X-Fragment": "form"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def shows(page: str, name: str) -> bool:
    return f'data-field="{name}"' in page


def test_the_form_comes_again_with_what_was_typed(sara: Visitor, installation: Installation) -> None:
    page = sara.get(NEW).get_data(as_text=True)
    assert re.search(r'data-field="status"[^>]* data-arrange', page) and 'value="arrange"' in page
    assert shows(page, "weight") and not shows(page, "phone")
    page = again(sara, page, status="sent", name="Typed", weight="12.5", amount="not a number", pieces="3")
    assert shows(page, "phone") and not shows(page, "weight") and 'class="error"' not in page, "nothing is judged yet"
    sent = inputs(page)
    assert (sent["name"], sent["weight"], sent["amount"], sent["status"]) == ("Typed", "12.5", "not a number", "sent")
    page = again(sara, page, status="new", amount="7", phone="+98 21 1234")
    assert shows(page, "weight") and inputs(page)["weight"] == "12.5" and inputs(page)["phone"] == "+98 21 1234"
    with installation.env(SYSTEM) as env:
        assert not env.query("shop.order").exists(), "nothing was written"
    answer = sara.post(NEW, {**inputs(page), "phone": "+98 21 88881111"})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:800]
    with installation.env(SYSTEM) as env:
        (order,) = env.query("shop.order").records("name", "weight", "phone", "pieces", "amount")
    assert (order.name, str(order.weight), order.pieces, int(order.amount)) == ("Typed", "12.500000", 3, 7) and order.phone


def test_saving_without_scripts_loses_nothing_and_asks_what_the_kind_needs(sara: Visitor, installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        key = env.create("shop.order", {"name": "A", "status": "sent", "memo": "old", "owner": user_id(installation, "sara")})
    url = f"/r/shop.order/{key}/edit"
    page = sara.get(url).get_data(as_text=True)
    assert shows(page, "memo") and not shows(page, "weight")
    answer = sara.post(url, {**inputs(page), "status": "paid", "phone": "+98 21 88881111", "memo": "changed"})
    said = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "is required" in said, "an order that is paid needs an e-mail"
    assert not shows(said, "phone") and inputs(said)["phone"] == "+98 21 88881111"
    answer = sara.post(url, {**inputs(said), "email": "a@example.com", "memo": "changed"})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:800]
    with installation.env(SYSTEM) as env:
        order = env.get("shop.order", key, "status", "phone", "memo", "email")
    assert (order.status, order.email, order.memo) == ("paid", "a@example.com", "old") and order.phone, "what the kind locks stays"


def test_what_no_arrangement_shows_is_not_read(sara: Visitor, installation: Installation) -> None:
    page = sara.get(NEW).get_data(as_text=True)
    assert sara.post(NEW, {**inputs(page), "name": "B", "site": "https://x.example", "due": "2026-01-01"}).status_code == 303
    with installation.env(SYSTEM) as env:
        (order,) = env.query("shop.order").records("site", "due")
    assert order.site is None and order.due is None


def test_two_people_and_the_way_they_meet(sara: Visitor, installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        key = env.create("shop.order", {"name": "A", "pieces": 1, "owner": user_id(installation, "sara")})
    url = f"/r/shop.order/{key}/edit"
    page = sara.get(url).get_data(as_text=True)
    with installation.env(SYSTEM) as env:
        env.update("shop.order", key, {"pieces": 5})
    page = again(sara, page, url, status="sent", pieces="9")
    answer = sara.post(url, inputs(page))
    assert answer.status_code == 409, "arranging the form anew is no way around a conflict"


@pytest.mark.addons("bidding")
def test_lines_go_along(installation: Installation) -> None:
    options = [{"value": value, "labels": {"en": value}} for value in ("open", "plain")]
    kind = {"type": "choice", "labels": {"en": "Kind"}, "options": options}
    boss = installation.load_actor(user_id(installation, "admin"))
    apply_pieces(installation, boss, [Piece("field", "bidding.bid.x_kind", kind), Piece("layout", "bidding.bid|form|kind:x_kind=plain", {
        "format": 1, "record": "bidding.bid", "kind": "form", "changes": [{"do": "hide", "target": "lines"}]})])
    admin, url = Visitor(installation, user_id(installation, "admin")), "/r/bidding.bid/new"
    line = {"lines-0-id": "", "lines-0-was": "", "lines-0-description": "Chair", "lines-0-unit_price": "5", "lines-0-quantity": "1"}
    page = again(admin, admin.get(url).get_data(as_text=True), url, x_kind="plain", name="Bid", **{"lines-known": "", **line})
    assert not shows(page, "lines") and inputs(page)["lines-0-description"] == "Chair"
    page = again(admin, page, url, x_kind="open")
    assert shows(page, "lines") and inputs(page)["lines-0-description"] == "Chair"
    answer = admin.post(url, {**inputs(page), **line, "x_kind": "plain", "currency": inputs(page).get("currency") or "1"})
    assert answer.status_code == 303, re.findall(r"(?:data-errors>.*?</div></div>)", answer.get_data(as_text=True), re.S)
    with installation.env(SYSTEM) as env:
        assert [line.description for line in env.query("bidding.line").records("description")] == ["Chair"]


def test_links_that_were_picked_are_picked_still(sara: Visitor, installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        mine, other = env.create("shop.shop", [{"name": "Corner", "owner": user_id(installation, "sara")},
                                               {"name": "Far", "owner": user_id(installation, "omid")}])
    page = again(sara, sara.get(NEW).get_data(as_text=True), status="sent", name="L", shop=str(mine))
    assert "Corner" in page and inputs(page)["shop"] == str(mine)
    assert "Far" not in again(sara, page, shop=str(other)), "names of what one may not see are not told"


@pytest.mark.database("sqlite")
def test_it_takes_no_more_statements(sara: Visitor, installation: Installation) -> None:
    page = sara.get(NEW).get_data(as_text=True)
    sara.get(NEW)
    with query_budget(installation, 100) as before:
        sara.get(NEW)
    again(sara, page, status="sent", name="A")
    with query_budget(installation, len(before) + 1):
        again(sara, page, status="sent", name="A")
