"""Fields that a profile hides: nothing that a person can ask tells what they hold. Each test is an attack."""

from __future__ import annotations

import base64
import json
import re

import pytest

from core.errors import ExpressionError
from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import user_id
from tests.core.web.conftest import Visit, host, visit

__all__ = ["host", "visit"]
pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
SECRET = "Zqhidden"


def hide(installation: Installation, rights: dict[str, dict[str, str]], profile: str = "Standard") -> None:
    """Let a profile hide fields."""
    with installation.env(SYSTEM) as env:
        key = env.query("base.profile").where(f'name == "{profile}"').ids()[0]
        env.update("base.profile", key, {"field_rights": rights})


@pytest.fixture
def order(installation: Installation) -> int:
    """An order of Sara's, whose profile hides e-mail, phone and memo."""
    hide(installation, {"shop.order": {"email": "hidden", "phone": "hidden", "memo": "hidden"}})
    with installation.env(SYSTEM) as env:
        return int(env.create("shop.order", {
            "name": "Visible words", "email": "zqhidden@example.com", "phone": "+989121234567", "memo": SECRET,
            "owner": user_id(installation, "sara")}))


def test_searching_finds_nothing_by_them(env_as, order: int) -> None:
    with env_as("sara") as env:
        def found(text: str) -> bool:
            return env.query("shop.order").search(text).exists()

        assert found("visible") and found("WORDS vis")
        for text in ("zqhidden", "zqhidden@example.com", "example", "1234567", "09121234567", "visible zqhidden"):
            assert not found(text), text
        assert not found("isible")  # nor by the middle of a word: a hidden field's word could begin like that
    with env_as("boss") as env:
        assert env.query("shop.order").search("zqhidden").exists() and env.query("shop.order").search("1234567").exists()


def test_search_page_palette_lists_and_pickers_find_nothing(visit: Visit, order: int) -> None:
    sara = visit("sara")
    for text in ("zqhidden", "1234567"):
        for path in (f"/search?q={text}", f"/palette?q={text}", f"/r/shop.order?s=1&q={text}", f"/lookup/shop.order?q={text}",
                     f"/lookup/any?q={text}"):
            assert "Visible words" not in sara.get(path).get_data(as_text=True), path
    assert "Visible words" in sara.get("/search?q=visible").text


def test_every_way_to_ask_a_list(visit: Visit, order: int) -> None:
    sara = visit("sara")
    tree = json.dumps({"op": "==", "left": {"field": "memo"}, "right": {"text": SECRET}})
    for query in (f"s=1&criteria={tree}", f"s=1&filter.memo={SECRET}", "s=1&order=memo", "s=1&order=-email", "s=1&columns=name,memo,email",
                  "group=email", "s=1&group=memo", f"memo={SECRET}", "s=1&sum=memo"):
        for path in (f"/r/shop.order?{query}", f"/r/shop.order/export?{query}"):
            page = sara.get(path)
            text = page.get_data(as_text=True).replace(tree, "")
            assert page.status_code < 500 and "zqhidden@" not in text, path
            assert SECRET not in re.sub(rf"(filter\.memo|memo)=?[^<>]*?{SECRET}", "", text), path


def test_record_pages_and_forms(visit: Visit, order: int, installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        env.update("shop.order", order, {"memo": f"{SECRET} again"})
    sara = visit("sara")
    for path in ("", "/edit", "/clone", "/print", "/history", "/timeline", "/timeline?t=change", "/field/memo", "/field/email"):
        page = sara.get(f"/r/shop.order/{order}{path}")
        assert page.status_code < 500 and "zqhidden" not in page.text.lower(), path
    assert "zqhidden" not in sara.get(f"/card/shop.order/{order}", headers={"X-Fragment": "card"}).text.lower()
    sara.post(f"/r/shop.order/{order}/edit", {"version": "1", "name": "New name", "memo": "overwritten", "email": "x@example.com"})
    sara.post(f"/r/shop.order/{order}/field/memo", {"memo": "overwritten", "value": "overwritten"})
    sara.post("/r/shop.order/bulk/edit", {"ids": str(order), "field": "memo", "memo": "overwritten", "confirm": "1"})
    made = sara.post(f"/r/shop.order/{order}/clone", {"name": "Copy"})
    assert made.status_code < 500
    with installation.env(SYSTEM) as env:
        rows = env.query("shop.order").select("memo", "email", "name").rows()
        assert {r["memo"] for r in rows if r["id"] == order} == {f"{SECRET} again"}
        assert all(r["memo"] is None and r["email"] is None for r in rows if r["id"] != order)  # a clone takes them nowhere


def test_conflict_pages_do_not_show_them(visit: Visit, order: int, installation: Installation) -> None:
    with installation.env(SYSTEM) as env:
        env.update("shop.order", order, {"memo": f"{SECRET} two", "name": "Theirs"})
    page = visit("sara").post(f"/r/shop.order/{order}/edit", {"version": "1", "name": "Mine"})
    assert page.status_code == 409 and "zqhidden" not in page.text.lower() and "Theirs" in page.text


def test_a_hidden_name_of_a_linked_record(installation: Installation, env_as, visit: Visit) -> None:
    """What shops are called is hidden: not by order, page token, group, tags of links, or the record's own pages."""
    with installation.env(SYSTEM) as env:
        sara = user_id(installation, "sara")
        shops = env.create("shop.shop", [{"name": f"{SECRET} {n}", "owner": sara} for n in "bac"])
        orders = env.create("shop.order", [{"name": f"n{i}", "shop": k, "owner": sara} for i, k in enumerate(shops)])
    hide(installation, {"shop.shop": {"name": "hidden"}})
    with env_as("sara") as env:
        query = env.query("shop.order").select("name", "shop").order("shop")
        page = query.page(1)
        assert SECRET not in base64.urlsafe_b64decode((page.next or "") + "==").decode()
        seen = [r["name"] for r in query.rows()]
        paged, token = [], None
        for _i in range(4):
            page = query.page(1, token)
            paged += [r["name"] for r in page.rows]
            token = page.next
            if token is None:
                break
        assert seen == paged == ["n0", "n1", "n2"]
        assert all(r["shop"].label is None for r in query.rows())
        assert env.query("shop.shop").order("name").where is not None
        with pytest.raises(ExpressionError):
            env.query("shop.shop").order("name").ids()
        assert env.query("shop.shop").search(SECRET).count() == 0
    browser = visit("sara")
    for path in ("/r/shop.order?s=1&order=shop&columns=name,shop", f"/r/shop.order/{orders[0]}", f"/r/shop.order/{orders[0]}/edit",
                 "/r/shop.order?group=shop", "/r/shop.shop", f"/r/shop.shop/{shops[0]}", f"/r/shop.shop/{shops[0]}/edit",
                 f"/r/shop.shop/{shops[0]}/history", f"/card/shop.shop/{shops[0]}", "/lookup/shop.shop?q=z", "/r/shop.shop/new",
                 "/r/shop.order/export?s=1&order=shop", f"/r/shop.shop/{shops[0]}/print", f"/r/shop.shop/{shops[0]}/clone",
                 "/", "/bin", "/palette", f"/r/shop.shop/{shops[0]}/share", f"/r/shop.shop/{shops[0]}/owner"):
        page = browser.get(path)
        assert page.status_code < 500, path
        assert SECRET not in page.get_data(as_text=True), path
    browser.post(f"/r/shop.shop/{shops[2]}/delete")
    assert SECRET not in browser.get("/bin").text


def test_hidden_people_in_many_links_and_default_orders(installation: Installation, env_as, visit: Visit) -> None:
    with installation.env(SYSTEM) as env:
        key = env.create("shop.order", {"name": "x", "owner": user_id(installation, "sara"),
                                        "helpers": [user_id(installation, "omid")]})
    hide(installation, {"base.user": {"name": "hidden"}})
    with env_as("sara") as env:
        assert [h.label for h in env.get("shop.order", key, "helpers").helpers] == [None]
        assert env.query("base.user").ids()  # the type's own order goes by what is hidden: it falls away
    page = visit("sara").get(f"/r/shop.order/{key}")
    assert page.status_code == 200 and "Omid Other" not in page.text
    assert visit("sara").get("/r/base.user").status_code < 500
