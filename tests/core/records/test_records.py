"""The record API, as an addon sees it, on both databases."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.errors import AccessDenied, Conflict, ExpressionError, NotFound, SarnakhError, ValidationFailed
from core.expressions import ME, F
from core.security.actor import READ, SYSTEM, WRITE
from core.security.shares import share, unshare
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("shop", "shop_sms"), pytest.mark.folders("tests/fixtures/addons")]


def full(env):
    shop = env.create("shop.shop", {"name": "Bazaar", "town": "Tabriz"})
    tag = env.create("base.tag", {"name": "vip"})
    return env.create("shop.order", {
        "name": "شرکت پارس‌گستر", "shop": shop, "colours": ["red", "green"], "amount": "۱۲٬۵۰۰٫۵", "weight": "1.25",
        "pieces": "3", "urgent": "yes", "due": "1405-06-01", "sent_at": "2026-01-02 10:00", "effort": "1:30",
        "email": "Ali@Example.com", "phone": "۰۹۱۲ ۱۲۳ ۴۵۶۷", "site": "example.com/x", "story": "<b>hi</b><script>x()</script>",
        "memo": "a\nb", "secret": "s3", "about": ("shop.shop", shop), "helpers": [env.actor.id], "tags": [tag],
        "extra": {"a": [1]}})


def test_every_field_round_trips(env_as):
    with env_as("sara") as env:
        key = full(env)
    with env_as("sara") as env:
        order = env.get("shop.order", key)
        assert (order.number, order.amount, order.weight, order.pieces) == ("O-0001", Decimal("12500.5"), Decimal("1.25"), 3)
        assert order.urgent is True and order.due == dt.date(2026, 8, 23)
        assert order.sent_at == dt.datetime(2026, 1, 2, 10, tzinfo=dt.UTC)
        assert order.effort == dt.timedelta(minutes=90)
        assert (order.email, order.phone, order.site) == ("ali@example.com", "+989121234567", "https://example.com/x")
        assert order.story == "<b>hi</b>" and order.memo == "a\nb" and order.extra == {"a": [1]}
        assert order.shop.label == "Bazaar" and order.about.label == "Bazaar" and order.owner.label == "Sara Seller"
        assert [t.label for t in order.tags] == ["vip"] and [h.id for h in order.helpers] == [env.actor.id]
        assert order.half == Decimal("6250.25") and order.shop_town == "Tabriz"
        assert order.headline == "شرکت پارس‌گستر (new)" and order.display_title() == "شرکت پارس‌گستر!"
        assert order.version == 1 and order.created_by.id == env.actor.id
    with env_as("sara") as env, pytest.raises(SarnakhError, match="not loaded"):
        _unloaded = env.get("shop.order", key, "name").amount


def test_a_large_batch_is_stored_as_single_records_are(env_as):
    odd = ["tab\there", "back\\slash \\N", 'quote " and \' and ;', "۱۲۳ ‌نیم‌فاصله 🙂", "line\nline"]
    values = [{"name": f"{odd[i % 5]} {i}", "memo": odd[i % 5], "amount": Decimal(i) / 3, "due": dt.date(2026, 1, 1 + i % 28),
               "effort": dt.timedelta(seconds=i), "colours": ["red"] if i % 2 else None, "extra": {"a": [odd[i % 5], None]},
               "urgent": i % 3 == 0, "sent_at": dt.datetime(2026, 1, 1, i % 24, tzinfo=dt.UTC)} for i in range(60)]
    columns = list(values[0])
    with env_as("sara") as env:
        many = env.create("shop.order", values)
        one_by_one = [env.create("shop.order", one) for one in values]
        first, second = (env.query("shop.order").with_ids(ids).order("id").select(*columns).rows() for ids in (many, one_by_one))
        assert [[row[n] for n in columns] for row in first] == [[row[n] for n in columns] for row in second]
        assert [row["memo"] for row in first] == [one["memo"] for one in values]
        assert env.query("shop.order").search("نیم فاصله").count() == 24


def test_a_large_batch_that_the_database_refuses_leaves_the_transaction_whole(env_as):
    with env_as("sara") as env:
        table = env.registry.record("shop.shop").table
        key = env.create("shop.shop", {"name": "Bazaar"})
        stored = dict(env.execute(select(table).where(table.c.id == key)).mappings().one())
        rows = [{**stored, "id": 1000 + min(i, 40), "name": f"n{i}"} for i in range(50)]
        with pytest.raises(IntegrityError), env.connection.begin_nested():
            env.insert_many(table, rows)
        env.insert_many(table, rows[:40])
        assert env.query("shop.shop").count() == 41


def test_search_is_folded(env_as):
    with env_as("sara") as env:
        key = full(env)
        for text in ("پارس گستر", "شركت", "ali example", "4567", "۰۹۱۲", "gostar"):
            found = env.query("shop.order").search(text).ids()
            assert (found == [key]) is (text != "gostar"), text


@pytest.mark.parametrize("login", ["boss", "sara"])
def test_half_spaces_may_be_left_out_or_be_spaces(installation, env_as, login):
    """Some fields of an order are hidden from Sara, so what the index finds for her is looked at once more."""
    with installation.env(SYSTEM) as env:
        owner = user_id(installation, "sara")
        keys = env.create("shop.order", [{"name": f"{name} کریمی", "owner": owner} for name in ("علی\u200cرضا", "علیرضا", "علی رضا")])
    with env_as(login) as env:
        def found(text):
            return sorted(env.query("shop.order").search(text).ids())

        assert found("علی\u200cرضا") == keys and found("كريمي علي\u200cرضا") == keys
        assert found("علیرضا") == keys[:2] and found("علی رضا") == [keys[0], keys[2]]
        assert found("علی\u200cنقی") == [] and found("\u200c") == [] and found("علی\u200c") == keys


def test_every_reason_is_told_and_nothing_written(env_as):
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed) as failed:
            env.create("shop.order", [{"name": "ok"}, {"name": "", "email": "x", "amount": "abc", "shop": 999, "status": "lost"}])
        assert {(e.index, e.field) for e in failed.value.errors} == {
            (1, "name"), (1, "email"), (1, "amount"), (1, "shop"), (1, "status")}
        with pytest.raises(ValidationFailed, match="negative"):
            env.create("shop.order", {"name": "x", "amount": -1})
        with pytest.raises(ValidationFailed, match="phone number"):
            env.create("shop.order", {"name": "x", "sms_opt_in": True})
        assert not env.query("shop.order").exists()


def test_unique_among_the_living(env_as):
    with env_as("sara") as env:
        one = env.create("shop.shop", {"name": "A"})
        with pytest.raises(ValidationFailed, match="already"):
            env.create("shop.shop", {"name": "A"})
        env.delete("shop.shop", one)
        two = env.create("shop.shop", {"name": "A"})
        with pytest.raises(ValidationFailed):
            env.restore("shop.shop", one)
        env.update("shop.shop", two, {"name": "B"})
        env.restore("shop.shop", one)


def test_update_history_and_conflict(env_as):
    with env_as("sara") as env:
        key = env.create("shop.order", {"name": "one", "amount": 10, "secret": "a"})
    with env_as("sara") as env:
        assert env.update("shop.order", key, {"amount": "11", "secret": "b", "name": "one"}, versions={key: 1}) == 1
        assert env.update("shop.order", key, {"amount": "11"}) == 0
        with pytest.raises(Conflict) as clash:
            env.update("shop.order", key, {"amount": 12}, versions={key: 1})
        assert clash.value.current["amount"] == 11
        audit = env.registry.system.audit
        rows = env.execute(audit.select().where(audit.c.record == "shop.order").order_by(audit.c.id)).mappings().all()
        assert [r["action"] for r in rows] == ["create", "update"]
        assert rows[1]["changes"] == {"amount": ["10", "11"], "secret": ["•••", "•••"]}


def test_transitions_and_actions(env_as):
    with env_as("sara") as env:
        key = env.create("shop.order", {"name": "x"})
        with pytest.raises(ValidationFailed, match="cannot go from New to Paid"):
            env.update("shop.order", key, {"status": "paid"})
        env.run_action("shop.order", "send", [key])
        assert env.get("shop.order", key).status == "sent"
        with pytest.raises(SarnakhError, match="does not fit"):
            env.run_action("shop.order", "send", [key])


def test_rollups_follow_children(env_as):
    with env_as("sara") as env:
        a, b = env.create("shop.order", [{"name": "a"}, {"name": "b"}])
        lines = env.create("shop.line", [{"order": a, "name": "l", "price": "2.5", "quantity": q} for q in (1, 2, 3)])
        assert (env.get("shop.order", a).total, env.get("shop.order", a).line_count) == (15, 3)
        env.update("shop.line", lines[2], {"order": b})
        assert (env.get("shop.order", a).total, env.get("shop.order", b).total) == (Decimal("7.5"), Decimal("7.5"))
        env.delete("shop.line", lines[0])
        assert env.get("shop.order", a).line_count == 1
    with env_as("sara") as env:  # what was deleted before the parent stays in the bin when the parent comes back
        env.delete("shop.order", a)
        assert not env.query("shop.line").where(F.order == a).exists()
        env.restore("shop.order", a)
        assert env.query("shop.line").where(F.order == a).count() == 1


def test_pages_by_key_cover_everything_once(env_as):
    with env_as("sara") as env:
        env.create("shop.order", [{"name": f"n{i % 7}", "amount": None if i % 3 == 0 else i} for i in range(50)])
        for order in (("-created_at",), ("amount",), ("-amount", "name"), ("name",), ("owner", "-name"), ("half",)):
            query = env.query("shop.order").order(*order).select("name", "amount")
            everything = [r["id"] for r in query.rows()]
            token, seen, tokens = None, [], []
            while True:
                page = query.page(8, token)
                seen += [r["id"] for r in page.rows]
                tokens.append(token)
                if page.next is None:
                    break
                token = page.next
            assert seen == everything and len(set(seen)) == 50, order
            back = [r["id"] for r in page.rows]
            while page.previous:
                page = query.page(8, page.previous)
                back = [r["id"] for r in page.rows] + back
            assert back == everything, order


def test_aggregates(env_as):
    with env_as("sara") as env:
        env.create("shop.order", [{"name": "x", "amount": i, "urgent": i % 2 == 0} for i in range(10)])
        rows = env.query("shop.order").aggregate(["urgent"], sums=["amount"])
        assert [(r["urgent"], r["count"], r["sum:amount"]) for r in rows] == [(False, 5, 25), (True, 5, 20)]
        assert env.query("shop.order").aggregate(sums=["amount"]) == [{"count": 10, "sum:amount": 45}]
        assert env.query("shop.order").aggregate(["owner"])[0]["owner"].label == "Sara Seller"
        assert env.query("shop.order").where("any(lines, price > 1)").count() == 0


@pytest.mark.parametrize("how", ["read", "update", "delete", "children", "link", "search", "label"])
def test_a_private_record_is_not_there_for_others(env_as, how):
    with env_as("sara") as env:
        shop = env.create("shop.shop", {"name": "Hidden bazaar"})
        key = env.create("shop.order", {"name": "secret", "shop": shop})
        line = env.create("shop.line", {"order": key, "name": "l"})
    with env_as("reza") as env:
        if how == "read":
            assert env.query("shop.order").count() == 0 and env.browse("shop.order", [key]) == []
            with pytest.raises(NotFound):
                env.get("shop.order", key)
        elif how in ("update", "delete"):
            with pytest.raises(NotFound):
                env.update("shop.order", key, {"name": "x"}) if how == "update" else env.delete("shop.order", key)
        elif how == "children":
            assert env.query("shop.line").count() == 0
            with pytest.raises(NotFound):
                env.update("shop.line", line, {"name": "x"})
            with pytest.raises(ValidationFailed):
                env.create("shop.line", {"order": key, "name": "x"})
        elif how == "link":
            with pytest.raises(ValidationFailed):
                env.create("shop.order", {"name": "x", "shop": shop})
            with pytest.raises(ValidationFailed):
                env.create("shop.order", {"name": "x", "about": ("shop.shop", shop)})
        elif how == "search":
            assert env.query("shop.order").search("secret").count() == 0
        else:
            assert env.labels("shop.order", [key]) == {} and env.visible_ids("shop.order", [key]) == []


def test_a_link_to_a_hidden_record_shows_nothing_of_it(env_as, installation):
    with env_as("sara") as env:
        shop = env.create("shop.shop", {"name": "Hidden bazaar", "town": "Yazd"})
        key = env.create("shop.order", {"name": "seen", "shop": shop})
        share(env, "shop.order", [key], f"user:{user_id(installation, 'reza')}", READ)
    with env_as("reza") as env:
        row = env.query("shop.order").select("shop", "shop.town").rows()[0]
        assert row["shop"] == (shop, None, "shop.shop") and row["shop.town"] is None
        for condition in ('shop.town == "Yazd"', 'shop.name contains "bazaar"', 'shop.town is not null'):
            assert env.query("shop.order").where(condition).count() == 0
        assert env.query("shop.order").where('shop.town is null').count() == 1
        with pytest.raises(AccessDenied):
            env.update("shop.order", key, {"name": "mine"})


def test_sharing_writes_until_taken_back(env_as, installation):
    with env_as("sara") as env:
        key = env.create("shop.order", {"name": "x"})
        principal = f"user:{user_id(installation, 'reza')}"
        share(env, "shop.order", [key], principal, WRITE)
    with env_as("reza") as env:
        assert env.update("shop.order", key, {"name": "y"}) == 1
    with env_as("sara") as env:
        share(env, "shop.order", [key], principal, WRITE, env.now + dt.timedelta(hours=1))
    reza = installation.load_actor(user_id(installation, "reza"))
    with installation.env(reza, now=dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)) as env:
        assert env.query("shop.order").count() == 0
    with env_as("sara") as env:
        unshare(env, "shop.order", [key], principal)
    with env_as("reza") as env:
        assert env.query("shop.order").count() == 0


def test_the_role_tree_sees_downwards(env_as, installation):
    with env_as("sara") as env:
        key = env.create("shop.order", {"name": "x"})
    for login, sees in (("mina", True), ("boss", True), ("reza", False), ("omid", False), ("admin", True), ("nobody", False)):
        with env_as(login) as env:
            assert env.query("shop.order").exists() is sees, login
    with env_as("admin") as env:
        env.create("base.access_default", {"record_type": "shop.order", "access": "private", "role_tree": False})
    with env_as("mina") as env:
        assert not env.query("shop.order").exists()
    with env_as("admin") as env:
        env.update("base.access_default", env.query("base.access_default").ids(), {"access": "read"})
    with env_as("omid") as env:
        assert env.query("shop.order").exists()
        with pytest.raises(AccessDenied):
            env.update("shop.order", key, {"name": "z"})


def test_sharing_rules(env_as, installation):
    with env_as("sara") as env:
        env.create("shop.order", [{"name": "big", "amount": 1000}, {"name": "small", "amount": 1}])
    omid = f"user:{user_id(installation, 'omid')}"
    with env_as("admin") as env:
        env.create("base.sharing_rule", {"name": "big ones", "record_type": "shop.order", "criteria": "amount > 100",
                                         "share_with": omid})
    with env_as("omid") as env:
        assert [r["name"] for r in env.query("shop.order").select("name").rows()] == ["big"]
    with env_as("admin") as env:
        env.create("base.sharing_rule", {"name": "all of sara", "record_type": "shop.order", "access": "write",
                                         "owners": f"user:{user_id(installation, 'sara')}", "share_with": omid})
    with env_as("omid") as env:
        assert env.update("shop.order", env.query("shop.order"), {"memo": "seen"}) == 2


def test_hidden_fields_do_not_exist(env_as):
    with env_as("boss") as env:
        key = env.create("shop.order", {"name": "x", "margin": 40})
        assert env.get("shop.order", key).margin == 40
    with env_as("admin") as env:
        env.update("shop.order", key, {"owner": env.query("base.user").where('login == "sara"').ids()[0]})
    with env_as("sara") as env:
        assert "margin" not in env.get("shop.order", key).__dict__
        for attempt in (lambda: env.query("shop.order").where("margin > 30").count(),
                        lambda: env.query("shop.order").order("margin").ids(),
                        lambda: env.query("shop.order").select("margin").rows(),
                        lambda: env.query("shop.order").aggregate(["margin"]),
                        lambda: env.query("shop.order").aggregate(sums=["margin"])):
            with pytest.raises(ExpressionError, match="no field"):
                attempt()
        with pytest.raises(ValidationFailed, match="no field"):
            env.update("shop.order", key, {"margin": 1})


def test_undo_of_a_mass_edit_leaves_what_changed_since(env_as):
    with env_as("sara") as env:
        ids = env.create("shop.order", [{"name": f"n{i}", "amount": i} for i in range(5)])
    with env_as("sara") as env:
        env.update("shop.order", ids, {"amount": 100})
        batch = env.batch
    with env_as("sara") as env:
        env.update("shop.order", ids[0], {"amount": 7})
        env.log("export", "not a touch", record="shop.order", record_id=ids[1])
    with env_as("reza") as env, pytest.raises(NotFound):
        env.undo(batch)
    with env_as("sara") as env:
        result = env.undo(batch)
        assert (result.undone, result.left) == (4, 1)
        rows = {r["id"]: r["amount"] for r in env.query("shop.order").select("amount").rows()}
        assert rows == {ids[0]: 7, **{k: i for i, k in enumerate(ids) if i}}


def test_undo_of_a_batch_that_did_several_things_to_one_record(env_as):
    with env_as("sara") as env:
        old, kept = env.create("shop.order", [{"name": "old", "amount": 1}, {"name": "kept"}])
    with env_as("sara") as env:
        new = env.create("shop.order", {"name": "new"})
        env.update("shop.order", new, {"amount": 5})
        env.update("shop.order", old, {"amount": 2})
        env.update("shop.order", old, {"amount": 3, "memo": "m", "status": "sent"})
        env.archive("shop.order", [kept])
        batch = env.batch
    with env_as("sara") as env:
        assert env.undo(batch).left == 0
        order = env.get("shop.order", old)
        assert (order.amount, order.memo, order.status) == (1, None, "new")
        assert not env.query("shop.order").with_ids([new]).exists()
        assert env.query("shop.order").with_ids([kept]).exists()


def test_restrict_archive_purge(env_as):
    with env_as("sara") as env:
        shop = env.create("shop.shop", {"name": "A"})
        key = env.create("shop.order", {"name": "x", "shop": shop})
        with pytest.raises(ValidationFailed, match="still link here"):
            env.delete("shop.shop", shop)
        env.archive("shop.order", [key])
        assert env.query("shop.order").count() == 0 and env.query("shop.order").archived(True).ids() == [key]
        env.delete("shop.order", [key])
        env.purge("shop.order", [key])
        assert env.query("shop.order").deleted(None).archived(None).count() == 0
        again = env.create("shop.order", {"name": "y"})
        assert again > key


def test_statements_do_not_grow_with_rows(env_as, installation):
    with env_as("sara") as env:
        env.create("shop.order", {"name": "starts the number series"})
    for count in (1, 300):
        with env_as("sara") as env:
            with query_budget(installation, 5):
                ids = env.create("shop.order", [{"name": f"n{i}", "amount": i} for i in range(count)])
            with query_budget(installation, 6):
                env.update("shop.order", ids, {"memo": "x"})
            with query_budget(installation, 3):
                env.query("shop.order").select("name", "owner", "shop", "shop.town", "tags", "total").page(80)


def test_my_own(env_as):
    with env_as("sara") as env:
        env.create("shop.order", {"name": "x"})
    with env_as("mina") as env:
        env.create("shop.order", {"name": "y"})
        assert env.query("shop.order").count() == 2
        assert env.query("shop.order").where(F.owner == ME).count() == 1


def test_ones_own_new_records_are_taken_back_without_the_right_to_delete(env_as, installation):
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", profile, {"record_rights": {"shop.order": {"delete": False}}})
    with env_as("sara") as env:
        key = env.create("shop.order", {"name": "x"})
        batch = env.batch
    with env_as("sara") as env:
        with pytest.raises(AccessDenied):
            env.delete("shop.order", key)
        assert env.undo(batch).undone == 1
        assert not env.query("shop.order").exists()
