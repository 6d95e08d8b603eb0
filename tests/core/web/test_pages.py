"""Records through the browser: listing, reading, creating, editing, conflicts, steps, notes, files, fate."""

from __future__ import annotations

import io
import re

import pytest

from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.plugin import query_budget
from core.web.host import Host
from tests.core.web.conftest import Visit

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
FRAGMENT = {"X-Fragment": "cell"}


def test_home_lists_apps(visit: Visit, order: int) -> None:
    page = visit("sara").get("/")
    assert page.status_code == 200
    assert "Sara" in page.text


def test_strangers_are_asked_to_sign_in(visit: Visit, order: int) -> None:
    stranger = visit()
    answer = stranger.get(f"/r/shop.order/{order}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/login?next=%2Fr%2Fshop.order%2F{order}"
    assert stranger.get("/palette", headers={"Accept": "application/json"}).status_code == 401


def test_list_and_record(visit: Visit, order: int) -> None:
    sara = visit("sara")
    listed = sara.get("/r/shop.order")
    assert listed.status_code == 200
    assert "سفارش نخست" in listed.text
    page = sara.get(f"/r/shop.order/{order}")
    assert page.status_code == 200
    assert "سفارش نخست!" in page.text
    assert "margin" not in page.text.lower()
    assert f'href="/r/shop.order/{order}/edit"' in page.text


def test_colleagues_do_not_learn_that_it_exists(visit: Visit, order: int) -> None:
    reza = visit("reza")
    assert "سفارش" not in reza.get("/r/shop.order").text
    paths = ("", "/edit", "/clone", "/print", "/history", "/timeline", "/share", "/owner", "/related/lines", "/field/name")
    answers = {reza.get(f"/r/shop.order/{order}{path}").status_code for path in paths}
    missing = {reza.get(f"/r/shop.order/{order + 500}{path}").status_code for path in paths}
    assert answers == missing == {404}
    assert reza.post(f"/r/shop.order/{order}/delete").status_code == 404
    assert reza.get(f"/card/shop.order/{order}", headers=FRAGMENT).status_code == 404
    assert visit("mina").get(f"/r/shop.order/{order}").status_code == 200


def test_create_with_typed_values(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    with installation.env(SYSTEM) as env:
        shop = env.create("shop.shop", {"name": "Bazaar", "owner": env.query("base.user").where('login == "sara"').ids()[0]})
    assert sara.get("/r/shop.order/new").status_code == 200
    answer = sara.post("/r/shop.order/new", {
        "name": " Second ", "amount": "۱٬۲۵۰٫۵", "pieces": "3", "due": "2026-12-24", "sent_at": "2026-12-24 14:30",
        "effort": "1:30", "email": "A@Example.com", "phone": "09121234567", "site": "example.com", "colours": ["red", "blue"],
        "urgent": "1", "urgent__present": "1", "shop__label": "Bazaar", "tags": ["new:vip"], "status": "new",
        "about": f"shop.shop:{shop}"})
    assert answer.status_code == 303, re.findall(r'class="error".{0,200}', answer.text, re.S)
    key = int(answer.headers["Location"].rpartition("/")[2])
    with installation.env(SYSTEM, write=False) as env:
        made = env.get("shop.order", key, "name", "amount", "pieces", "due", "email", "phone", "site", "colours", "urgent",
                       "shop", "tags", "effort", "owner", "about")
    assert made.name == "Second"
    assert str(made.amount) in ("1250.5000", "1250.5")
    assert (made.pieces, made.email, made.site) == (3, "a@example.com", "https://example.com")
    assert made.phone == "+989121234567"
    assert made.colours == ["red", "blue"]
    assert made.urgent is True
    assert made.shop.id == shop
    assert [t.label for t in made.tags] == ["vip"]
    assert made.effort.total_seconds() == 5400
    assert made.owner.label == "Sara Seller"
    assert made.about.id == shop


def test_refused_values_stay_in_the_form(visit: Visit, order: int) -> None:
    answer = visit("sara").post("/r/shop.order/new", {"name": "", "amount": "-5", "email": "nonsense", "status": "new"})
    assert answer.status_code == 422
    assert "nonsense" in answer.text
    assert "This is not an e-mail address." in answer.text


def test_untouched_inputs_change_nothing(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    with installation.env(SYSTEM) as env:
        env.update("shop.order", order, {"due": "2026-03-04", "effort": 5400, "phone": "+989121234567", "pieces": 12000,
                                         "sent_at": "2026-03-04 10:11:12", "story": "<p>a <b>b</b></p>"})
    page = sara.get(f"/r/shop.order/{order}/edit").text
    form = dict(re.findall(r'<input class="[^"]*" type="[a-z]+" value="([^"]*)" id="f-[a-z_]+" name="([a-z_]+)"', page))
    values = {name: value for value, name in form.items()}
    version = re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]
    assert sara.post(f"/r/shop.order/{order}/edit", {**values, "version": version}).status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        assert str(env.get("shop.order", order, "version").version) == version


def test_both_savers_keep_what_they_changed(visit: Visit, installation: Installation, order: int) -> None:
    sara, mina = visit("sara"), visit("mina")
    mina.post(f"/r/shop.order/{order}/edit", {"version": "1", "name": "سفارش نخست", "pieces": "7"})
    merged = sara.post(f"/r/shop.order/{order}/edit", {"version": "1", "name": "Renamed", "pieces": "1"})
    assert merged.status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        found = env.get("shop.order", order, "name", "pieces")
        assert (found.name, found.pieces) == ("Renamed", 7)


def test_conflict_is_shown_field_by_field(visit: Visit, installation: Installation, order: int) -> None:
    sara, mina = visit("sara"), visit("mina")
    mina.post(f"/r/shop.order/{order}/edit", {"version": "1", "pieces": "7"})
    answer = sara.post(f"/r/shop.order/{order}/edit", {"version": "1", "pieces": "9"})
    assert answer.status_code == 409
    assert "Mina Manager" in answer.text
    assert 'name="keep.pieces"' in answer.text
    assert sara.post(f"/r/shop.order/{order}/edit", {"version": "2", "pieces": "9", "keep.pieces": "theirs"}).status_code == 303
    with installation.env(SYSTEM, write=False) as env:
        assert env.get("shop.order", order, "pieces").pieces == 7


def test_edit_in_place(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    url = f"/r/shop.order/{order}/field/pieces"
    assert 'name="pieces"' in sara.get(url, headers={"X-Fragment": "editor"}).text
    saved = sara.post(url, {"pieces": "۱۲", "version": "1"}, headers=FRAGMENT)
    assert (saved.status_code, saved.headers["X-Version"]) == (200, "2")
    assert "12" in saved.text
    assert sara.post(url, {"pieces": "many", "version": "2"}, headers=FRAGMENT).status_code == 422
    assert sara.post(url, {"pieces": "1", "version": "1"}, headers=FRAGMENT).status_code == 409
    assert sara.get(f"/r/shop.order/{order}/field/margin").status_code == 404
    assert sara.get(f"/r/shop.order/{order}/field/version").status_code in (403, 404)


def test_status_path_and_action(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    assert f"/r/shop.order/{order}/run/send" in sara.get(f"/r/shop.order/{order}").text
    assert sara.post(f"/r/shop.order/{order}/step", {"value": "paid"}).status_code == 422
    assert sara.post(f"/r/shop.order/{order}/run/send").status_code == 303
    assert f"/r/shop.order/{order}/run/send" not in sara.get(f"/r/shop.order/{order}").text
    assert sara.post(f"/r/shop.order/{order}/run/send").status_code == 422
    assert sara.post(f"/r/shop.order/{order}/step", {"value": "paid"}).status_code == 303


def test_notes_files_and_timeline(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    sara.post(f"/r/shop.order/{order}/note", {"body": "<script>x</script> سلام", "file": (io.BytesIO(b"%PDF-1.4 x"), "a.pdf")})
    page = sara.get(f"/r/shop.order/{order}").text
    assert "&lt;script&gt;x" in page
    link = re.search(r"/files/\d+", page)
    assert link is not None
    file = sara.get(link[0] + "?inline=1")
    assert file.data == b"%PDF-1.4 x"
    assert file.headers["Content-Type"] == "application/pdf"
    assert visit("reza").get(link[0]).status_code == 404
    assert visit("mina").get(link[0]).status_code == 200


def test_an_uploaded_page_is_never_shown(visit: Visit, order: int) -> None:
    sara = visit("sara")
    sara.post(f"/r/shop.order/{order}/file", {"file": (io.BytesIO(b"<script>alert(1)</script>"), "x.html")})
    link = re.search(r"/files/\d+", sara.get(f"/r/shop.order/{order}").text)
    assert link is not None
    answer = sara.get(link[0] + "?inline=1")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_delete_undo_bin(visit: Visit, order: int) -> None:
    sara = visit("sara")
    gone = sara.post(f"/r/shop.order/{order}/delete")
    assert gone.status_code == 303
    batch = re.search(r'name="batch" value="(\w+)"', sara.get("/r/shop.order").text)
    assert batch is not None
    assert sara.get(f"/r/shop.order/{order}").status_code == 404
    assert "سفارش" in sara.get("/bin/shop.order").text
    assert 'href="/bin/shop.order"' in sara.get("/bin").text and 'href="/bin/shop.order"' not in visit("reza").get("/bin").text
    assert sara.post("/undo", {"batch": batch[1]}).status_code == 303
    assert sara.get(f"/r/shop.order/{order}").status_code == 200
    sara.post(f"/r/shop.order/{order}/delete")
    assert sara.post(f"/bin/shop.order/{order}", {"do": "purge"}).status_code == 403
    assert sara.post(f"/bin/shop.order/{order}", {"do": "restore"}).status_code == 303


@pytest.mark.addons("shop", "leads", "deals")
def test_the_bin_asks_only_for_types_of_which_something_was_deleted(visit: Visit, installation: Installation, order: int) -> None:
    boss = visit("boss")
    boss.post(f"/r/shop.order/{order}/delete")
    boss.get("/bin")
    with query_budget(installation, 9):
        assert 'href="/bin/shop.order"' in boss.get("/bin").text


def test_sharing_opens_a_record(visit: Visit, installation: Installation, order: int) -> None:
    sara, reza = visit("sara"), visit("reza")
    with installation.env(SYSTEM, write=False) as env:
        key = env.query("base.user").where('login == "reza"').ids()[0]
    assert sara.get(f"/r/shop.order/{order}/share", headers={"X-Fragment": "dialog"}).status_code == 200
    assert sara.post(f"/r/shop.order/{order}/share", {"user": str(key), "access": "read"}).status_code == 303
    assert reza.get(f"/r/shop.order/{order}").status_code == 200
    assert reza.get(f"/r/shop.order/{order}/edit").status_code == 403
    dialog = sara.get(f"/r/shop.order/{order}/share", headers={"X-Fragment": "dialog"}).text
    assert "Reza Seller" in dialog and f'name="take_back" value="user:{key}"' in dialog
    assert "take_back" in sara.get(f"/r/shop.order/{order}/share").text
    sara.post(f"/r/shop.order/{order}/share", {"take_back": f"user:{key}"})
    assert reza.get(f"/r/shop.order/{order}").status_code == 404


def test_clone_follow_archive_transfer(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    assert "سفارش نخست" in sara.get(f"/r/shop.order/{order}/clone").text
    sara.post(f"/r/shop.order/{order}/follow")
    assert "Stop following" in sara.get(f"/r/shop.order/{order}").text
    sara.post(f"/r/shop.order/{order}/archive", {"archived": "1"})
    assert f'<tr data-id="{order}"' not in sara.get("/r/shop.order").text
    assert f'<tr data-id="{order}"' in sara.get("/r/shop.order?show=archived&s=1").text
    with installation.env(SYSTEM, write=False) as env:
        key = env.query("base.user").where('login == "reza"').ids()[0]
    assert sara.post(f"/r/shop.order/{order}/owner", {"owner": str(key)}).headers["Location"] == "/r/shop.order"
    assert visit("reza").get(f"/r/shop.order/{order}").status_code == 200


def test_neighbours_follow_the_list(visit: Visit, installation: Installation, order: int) -> None:
    with installation.env(SYSTEM) as env:
        owner = env.query("base.user").where('login == "sara"').ids()[0]
        others = env.create("shop.order", [{"name": f"n{i}", "pieces": i, "owner": owner} for i in range(5)])
    sara = visit("sara")
    listed = sara.get("/r/shop.order?order=pieces&s=1&filter.name=n").text
    urls = re.findall(r'<tr data-id="\d+" data-url="([^"]+)"', listed)
    assert len(urls) == 5
    page = sara.get(urls[2].replace("&amp;", "&")).text
    assert re.search(rf'data-previous="/r/shop.order/{others[1]}\?', page)
    assert re.search(rf'data-next="/r/shop.order/{others[3]}\?', page)


def test_related_lines_and_recent(visit: Visit, installation: Installation, order: int, host: Host) -> None:
    with installation.env(SYSTEM) as env:
        env.create("shop.line", [{"order": order, "name": "Tea", "price": "3", "quantity": 2}])
    sara = visit("sara")
    assert "Tea" in sara.get(f"/r/shop.order/{order}/related/lines", headers={"X-Fragment": "related"}).text
    sara.get(f"/r/shop.order/{order}")
    host.later.flush()
    assert f'href="/r/shop.order/{order}"' in sara.get("/").text


def test_form_in_few_statements(visit: Visit, installation: Installation, order: int) -> None:
    sara = visit("sara")
    sara.get(f"/r/shop.order/{order}/edit")
    with query_budget(installation, 12):
        assert sara.get(f"/r/shop.order/{order}/edit").status_code == 200
