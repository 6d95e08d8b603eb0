"""A locked record stays as it is, with what it owns, whatever door somebody tries; who holds the right gets in."""

import io
import threading

import pytest

from addons.contacts import merging
from core.errors import AccessDenied, SarnakhError, ValidationFailed
from core.exchange import importing
from core.exchange.undoing import run_undo
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id
from tests.core.records.doors import imported, set_everywhere

pytestmark = [pytest.mark.addons("gates", "contacts"), pytest.mark.folders("tests/fixtures/addons")]
DEAL, LINE, FILE = "gates.deal", "gates.line", "base.file"


@pytest.fixture
def world(env_as):
    """An open deal and a closed one of Sara's, each with two lines."""
    made = {}
    with env_as("sara") as env:
        for name in ("open", "closed"):
            made[name] = env.create(DEAL, {"name": name, "amount": 100})
            made[f"{name} lines"] = env.create(LINE, [{"deal": made[name], "name": f"{name} {i}", "price": 10} for i in range(2)])
        made["before"] = env.batch
    with env_as("sara") as env:
        env.update(DEAL, made["closed"], {"status": "won"})
        made["closing"] = env.batch
    return made


def state(env_as):
    """All that must stay as it is."""
    with env_as("admin") as env:
        deals = env.query(DEAL).archived(None).deleted(None).order("id")
        return (deals.select("name", "amount", "status", "owner", "archived", "deleted_at", "tags", "total").rows(),
                env.query(LINE).archived(None).deleted(None).order("id").select("deal", "name", "price", "deleted_at").rows())


def shut(env, door, *args):
    with pytest.raises(ValidationFailed) as caught:
        getattr(env, door)(*args)
    assert "This deal is closed." in {env.t(e.message) for e in caught.value.errors}


def test_the_api_refuses_every_way_of_changing_it(env_as, world):
    before = state(env_as)
    closed, lines = world["closed"], world["closed lines"]
    with env_as("sara") as env:
        tag = env.create("base.tag", {"name": "x"})
        shut(env, "update", DEAL, closed, {"name": "other"})
        shut(env, "update", DEAL, closed, {"status": "open"})
        shut(env, "update", DEAL, closed, {"status": "open", "remark": "and this"})
        shut(env, "update", DEAL, closed, {"tags": [tag]})
        shut(env, "update", DEAL, closed, {"owner": user_id(env.installation, "reza")})
        shut(env, "update", DEAL, [world["open"], closed], {"name": "both"})
        shut(env, "update", DEAL, closed, {"name": "other"}, None, "undo")
        shut(env, "archive", DEAL, closed and [closed])
        shut(env, "delete", DEAL, [closed])
        shut(env, "update", LINE, lines[0], {"price": 1})
        shut(env, "update", LINE, lines[0], {"deal": world["open"]})
        shut(env, "update", LINE, world["open lines"][0], {"deal": closed})
        shut(env, "create", LINE, {"deal": closed, "name": "further"})
        shut(env, "delete", LINE, lines)
    assert state(env_as) == before


def test_what_stays_open_and_what_hangs_on_it(env_as, world):
    with env_as("sara") as env:
        env.update(DEAL, world["closed"], {"remark": "paid late"})
        env.create("base.note", {"about": (DEAL, world["closed"]), "body": "<p>Thanks</p>"})
        assert set(env.locked(DEAL, [world["open"], world["closed"]])) == {world["closed"]}
        assert set(env.locked(LINE, world["open lines"] + world["closed lines"])) == set(world["closed lines"])


def test_who_holds_the_right_gets_in_and_code_too(env_as, world):
    with env_as("boss") as env:
        assert env.locked(DEAL, [world["closed"]]) == {}
        env.update(LINE, world["closed lines"][0], {"price": 11})
        env.update(DEAL, world["closed"], {"status": "open"})
    with env_as("sara") as env:
        env.update(DEAL, world["closed"], {"name": "again", "status": "lost"})
        with env.elevated("a program") as sudo:
            sudo.update(DEAL, world["closed"], {"name": "by code"})


def test_every_door_refuses_it_with_the_reason(installation, env_as, world):
    before = state(env_as)
    for field, value in (("name", "other"), ("status", "open")):
        said = set_everywhere(installation, env_as, "sara", DEAL, world["closed"], field, value)
        assert {door for door, text in said.items() if "This deal is closed." in text} == {
            "api", "form", "in place", "mass edit", "import"}
    with env_as("sara") as env:
        _done, reasons = imported(env, LINE, ("deal", "name"), (f"#{world['closed']}", "more"), duplicates="create")
        assert reasons == ["This deal is closed."]
    assert state(env_as) == before


def test_pages_try_in_vain_and_show_no_pen(installation, env_as, world):
    before = state(env_as)
    sara = Visitor(installation, user_id(installation, "sara"))
    url = f"/r/{DEAL}/{world['closed']}"
    lines = {f"lines-{i}-{n}": v for i, key in enumerate(world["closed lines"]) for n, v in (("id", str(key)), ("price", "1"))}
    sara.post(f"{url}/edit", {"remark": "", "version": "2", **lines})
    for path, data in (("archive", {"archived": "1"}), ("delete", {}), ("owner", {"owner": str(user_id(installation, "reza"))})):
        sara.post(f"{url}/{path}", data)
    for do in ("delete", "archive"):
        sara.post(f"/r/{DEAL}/bulk", {"do": do, "ids": str(world["closed"])})
    sara.post(f"/r/{LINE}/new", {"deal": str(world["closed"]), "name": "x"})
    assert state(env_as) == before

    page = sara.get(url).text
    assert "This deal is closed." in page and f"{url}/field/name" not in page and f"{url}/field/remark" in page
    assert f"{url}/delete" not in page and f"{url}/archive" not in page and f"{url}/owner" not in page
    form = sara.get(f"{url}/edit").text
    assert "This deal is closed." in form and 'name="remark"' in form and 'name="name"' not in form and "lines-0-price" not in form
    open_page = sara.get(f"/r/{DEAL}/{world['open']}").text
    assert "This deal is closed." not in open_page and f"/r/{DEAL}/{world['open']}/field/name" in open_page
    boss = Visitor(installation, user_id(installation, "boss"))
    assert f"{url}/field/name" in boss.get(url).text


def test_a_list_offers_only_what_stays_open(installation, env_as, world):
    """The list asks once for all its rows; what is locked is not among them, of a locked deal its open fields are."""
    def asked(record, keys, login="sara"):
        person = Visitor(installation, user_id(installation, login))
        return person.get(f"/r/{record}/changeable?" + "&".join(f"ids={k}" for k in keys)).get_json()

    deals = [world["open"], world["closed"]]
    assert asked(DEAL, deals) == {"ids": deals[:1], "open": {str(deals[1]): ["remark"]}}
    assert asked(DEAL, deals, "boss") == {"ids": deals, "open": {}}
    assert asked(LINE, world["open lines"] + world["closed lines"]) == {"ids": sorted(world["open lines"]), "open": {}}


def test_undo_does_not_reach_behind_the_lock(env_as, world):
    """Lines changed before the deal was closed are not put back afterwards, nor is the closing itself."""
    with env_as("sara") as env:
        keys = world["open lines"]
        env.update(LINE, keys[0], {"price": 99})
        env.delete(LINE, keys[1])
        extra = env.create(LINE, {"deal": world["open"], "name": "extra"})
        batch = env.batch
    with env_as("sara") as env:
        env.update(DEAL, world["open"], {"status": "lost"})
    before = state(env_as)
    with env_as("sara") as env:
        assert (env.undo(batch).undone, env.undo(world["closing"]).undone) == (0, 0)
        shut(env, "restore", LINE, [keys[1]])
        shut(env, "purge", LINE, [keys[1]])
    assert state(env_as) == before
    with env_as("boss") as env:
        env.update(DEAL, world["open"], {"status": "open"})
    with env_as("sara") as env:
        assert env.undo(batch).undone == 3 and set(env.visible_ids(LINE, [*keys, extra])) == set(keys)


def test_what_puts_back_without_limits_is_held_by_locks_of_itself(env_as, world):
    """Whatever a place that takes something back forgets to ask, the core refuses; for who holds the right it does not."""
    before = state(env_as)
    with env_as("sara") as env:
        assert env.open_ids("update", DEAL, [world["open"], world["closed"]]) == {world["open"]}
        assert env.open_ids("read", LINE, world["open lines"] + world["closed lines"]) == set(world["open lines"])
        with env.taking_back("undo") as back:
            shut(back, "update", DEAL, world["closed"], {"name": "other"})
            shut(back, "update", LINE, world["closed lines"][0], {"price": 1})
            shut(back, "delete", DEAL, [world["closed"]])
    assert state(env_as) == before
    with env_as("boss") as env, env.taking_back("undo") as back:
        back.update(DEAL, world["closed"], {"name": "the boss may"})
    with env_as("nobody") as env, env.elevated("a program") as sudo, sudo.taking_back("undo") as back:
        back.update(DEAL, world["closed"], {"name": "a program may"})


def test_taking_an_import_back_does_not_reach_behind_the_lock_either(env_as, world):
    with env_as("sara") as env:
        line = world["open lines"][0]
        made, _reasons = imported(env, LINE, ("deal", "name"), (f"#{world['open']}", "from a file"), duplicates="create")
        changed, _reasons = imported(env, LINE, ("id", "price"), (str(line), "77"), duplicates="update", keys=[["id"]])
        assert (made.counts["created"], changed.counts["updated"]) == (1, 1)
    with env_as("sara") as env:
        env.update(DEAL, world["open"], {"status": "won"})
    before = state(env_as)
    with env_as("sara") as env:
        for one in (made, changed):
            importing.undo(env, one.id, background=False)
            run_undo(env, one.id, lambda _plan: env.commit())
    assert state(env_as) == before


def attach(person, url, name="a.txt"):
    return person.post(f"{url}/file", {"file": (io.BytesIO(name.encode()), name)})


def test_files_of_a_locked_record_are_kept_and_new_ones_come(installation, env_as, world):
    sara, url = Visitor(installation, user_id(installation, "sara")), f"/r/{DEAL}/{world['open']}"
    attach(sara, url)
    with env_as("sara") as env:
        mine = env.query(FILE).holding("about", [world["open"]], DEAL).ids()
        assert f"{url}/file/{mine[0]}/delete" in sara.get(url).text
    with installation.env(SYSTEM) as env:
        held = env.create(FILE, {"name": "paper.pdf", "digest": "2" * 64})
        env.update(DEAL, world["open"], {"paper": held, "status": "won"})
    with env_as("sara") as env:
        assert set(env.locked(FILE, [mine[0], held])) == {mine[0], held}
        shut(env, "delete", FILE, [mine[0]])
        shut(env, "update", FILE, mine[0], {"name": "other.txt"})
        shut(env, "update", FILE, mine[0], {"about": None})
        env.create("base.note", {"about": (DEAL, world["open"]), "body": "<p>Thanks</p>"})
    page = sara.get(url).text
    assert f"{url}/file/{mine[0]}/delete" not in page and f'"{url}/file"' in page
    assert "This deal is closed." in sara.post(f"{url}/file/{mine[0]}/delete").text
    attach(sara, url, "later.txt")
    with env_as("sara") as env:
        assert env.query(FILE).holding("about", [world["open"]], DEAL).count() == 2
    with env_as("boss") as env:
        env.update(DEAL, world["open"], {"status": "open"})
    with env_as("sara") as env:
        assert env.delete(FILE, mine) == 1


def test_a_lock_may_refuse_new_files_too(installation, env_as):
    sara = Visitor(installation, user_id(installation, "sara"))
    with env_as("sara") as env:
        key = env.create("gates.pipeline", {"name": "Yearly", "kept": True})
    url = f"/r/gates.pipeline/{key}"
    assert f'"{url}/file"' not in sara.get(url).text
    assert "kept as it is" in attach(sara, url).text
    with env_as("sara") as env:
        assert env.query(FILE).holding("about", [key], "gates.pipeline").count() == 0
        with pytest.raises(ValidationFailed, match="kept as it is"):
            env.create(FILE, {"name": "x", "about": ("gates.pipeline", key)})


def test_merging_cannot_swallow_it(env_as, world):
    before = state(env_as)
    for keep, gone in ((world["open"], world["closed"]), (world["closed"], world["open"])):
        with pytest.raises(SarnakhError), env_as("sara") as env:
            merging.merge(env, DEAL, keep, [gone])
    assert state(env_as) == before


def test_a_merge_is_not_taken_back_behind_the_lock(env_as, world):
    with env_as("admin") as env:
        env.update("base.profile", env.query("base.profile").where('name == "Standard"').ids(), {
            "sets": ["base.user", "gates.seller", "contacts.manager"]})
    with env_as("sara") as env:
        other = env.create(DEAL, {"name": "other"})
        env.create(LINE, {"deal": other, "name": "moves along"})
    with env_as("sara") as env:
        done = merging.merge(env, DEAL, world["open"], [other])
    with env_as("sara") as env:
        env.update(DEAL, world["open"], {"status": "won"})
    before = state(env_as)
    with env_as("sara") as env, pytest.raises(AccessDenied, match="closed"):
        merging.take_back(env, done.merge)
    assert state(env_as) == before


def test_it_costs_the_same_for_many(env_as, installation, world):
    with env_as("sara") as env:
        deals = env.create(DEAL, [{"name": f"D{i}"} for i in range(300)])
        lines = env.create(LINE, [{"name": "L", "deal": d} for d in deals])
        with query_budget(installation, 25):
            env.update(LINE, lines, {"price": 5})


@pytest.mark.database("postgresql")
def test_a_line_does_not_slip_in_while_the_deal_is_being_closed(env_as, installation, world):
    """Whoever closes the deal and whoever changes a line at the same moment come one after the other."""
    closing, went_on, said = threading.Event(), threading.Event(), []

    def change_line():
        closing.wait(5)
        try:
            with env_as("sara") as env:
                went_on.set()
                env.update(LINE, world["open lines"][0], {"price": 77})
            said.append("changed")
        except SarnakhError as error:
            said.append(str(error))

    thread = threading.Thread(target=change_line)
    thread.start()
    with installation.env(SYSTEM) as env:
        env.update(DEAL, world["open"], {"status": "won"})
        closing.set()
        went_on.wait(5)
        thread.join(0.5)  # it waits for this transaction
        assert said == []
    thread.join(10)
    assert said == ["This deal is closed."]
