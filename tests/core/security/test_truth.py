"""Who sees and changes what: the SQL predicate against a plain model of the rules, over random organisations."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AccessDenied, NotFound
from core.security.actor import READ, SYSTEM, WRITE
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]
ABOVE = {"sara": {"mina", "boss"}, "reza": {"mina", "boss"}, "mina": {"boss"}, "omid": {"boss"}, "boss": set()}
OWNERS = ("sara", "reza", "mina", "omid", "boss")
PEOPLE = (*OWNERS, "admin", "nobody")
ROLE = {"boss": "Director", "mina": "Sales manager", "sara": "Seller", "reza": "Seller", "omid": "Other seller"}
BELOW = {"Director": {"boss", "mina", "sara", "reza", "omid"}, "Sales manager": {"mina", "sara", "reza"},
         "Seller": {"sara", "reza"}, "Other seller": {"omid"}}

principal = st.one_of(st.sampled_from(OWNERS).map(lambda n: ("user", n)), st.sampled_from(sorted(BELOW)).map(lambda r: ("role", r)),
                      st.sampled_from(sorted(BELOW)).map(lambda r: ("below", r)))
order = st.fixed_dictionaries({"owner": st.sampled_from(OWNERS), "amount": st.integers(0, 100),
                               "co": st.sets(st.sampled_from(OWNERS), max_size=2),
                               "shares": st.lists(st.tuples(principal, st.sampled_from([READ, WRITE])), max_size=2)})
rule = st.fixed_dictionaries({"by": st.one_of(st.integers(0, 100), principal), "to": principal,
                              "access": st.sampled_from(["read", "write"])})
worlds = st.fixed_dictionaries({"default": st.sampled_from(["private", "private", "read", "write"]), "tree": st.booleans(),
                                "orders": st.lists(order, min_size=1, max_size=6), "rules": st.lists(rule, max_size=2)})


def members(who):
    kind, name = who
    if kind == "user":
        return {name}
    return BELOW[name] if kind == "below" else {p for p, role in ROLE.items() if role == name}


def expected(world, person, one, writing):
    """The rules in words of the documentation, one record and one person at a time."""
    if person == "admin":
        return True
    if person == "nobody":
        return False
    level = ["read", "write"] if not writing else ["write"]
    if world["default"] in level or person == one["owner"] or person in one["co"]:
        return True
    if world["tree"] and person in ABOVE[one["owner"]]:
        return True
    if any(person in members(who) and (access == WRITE or not writing) for who, access in last_wins(one["shares"])):
        return True
    for r in world["rules"]:
        applies = one["amount"] > r["by"] if isinstance(r["by"], int) else one["owner"] in members(r["by"])
        if applies and person in members(r["to"]) and r["access"] in level:
            return True
    return False


def last_wins(shares):
    return dict(shares).items()


@pytest.fixture
def ids(installation):
    with installation.env(SYSTEM) as env:
        roles = {r["name"]: r["id"] for r in env.query("base.role").select("name").rows()}
    return {("user", n): user_id(installation, n) for n in PEOPLE} | {
        (kind, n): key for n, key in roles.items() for kind in ("role", "below")}


def build(installation, ids, world):
    def name(who):
        return f"{who[0]}:{ids[who]}"
    with installation.env(SYSTEM) as env:
        for record in ("base.sharing_rule", "base.access_default", "shop.order"):
            env.delete(record, env.query(record).ids())
        env.create("base.access_default", {"record_type": "shop.order", "access": world["default"], "role_tree": world["tree"]})
        for i, r in enumerate(world["rules"]):
            source = {"criteria": f"amount > {r['by']}"} if isinstance(r["by"], int) else {"owners": name(r["by"])}
            env.create("base.sharing_rule", {"name": f"r{i}", "record_type": "shop.order", "share_with": name(r["to"]),
                                             "access": r["access"], **source})
        keys = env.create("shop.order", [
            {"name": "x", "amount": o["amount"], "owner": ids["user", o["owner"]],
             "co_owners": [ids["user", c] for c in o["co"]]} for o in world["orders"]])
        from core.security.shares import share
        for key, o in zip(keys, world["orders"], strict=True):
            for who, access in o["shares"]:
                share(env, "shop.order", [key], name(who), access)
    return keys


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds)
def test_everyone_reaches_exactly_what_the_rules_say(installation, ids, world):
    keys = build(installation, ids, world)
    for person in PEOPLE:
        may_see = {k for k, o in zip(keys, world["orders"], strict=True) if expected(world, person, o, writing=False)}
        may_write = {k for k, o in zip(keys, world["orders"], strict=True) if expected(world, person, o, writing=True)}
        with installation.env(installation.load_actor(ids["user", person])) as env:
            query = env.query("shop.order")
            assert set(query.ids()) == may_see, person
            assert query.count() == len(may_see)
            assert sum(r["count"] for r in query.aggregate(["owner"])) == len(may_see)
            assert set(env.visible_ids("shop.order", keys)) == may_see
            assert set(env.labels("shop.order", keys)) == may_see
            assert env.allowed_ids("update", "shop.order", keys) == may_write
            for key in keys:
                if key in may_write:
                    env.update("shop.order", key, {"memo": "x"})
                elif key in may_see:
                    with pytest.raises(AccessDenied):
                        env.update("shop.order", key, {"memo": "y"})
                else:
                    with pytest.raises(NotFound):
                        env.update("shop.order", key, {"memo": "y"})
                    with pytest.raises(NotFound):
                        env.get("shop.order", key)
