"""Rules of moves hold at every door: who may go where, with which fields filled in, and what must then be true."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ValidationFailed
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id
from tests.core.records.doors import imported, set_everywhere

pytestmark = [pytest.mark.addons("gates"), pytest.mark.folders("tests/fixtures/addons")]
DEAL, TICKET, MOVE, LINE = "gates.deal", "gates.ticket", "base.move", "gates.line"


@pytest.fixture
def rule(installation):
    """`rule(TICKET, "new", "work", condition="...")` adds a rule."""
    def make(record, start, end, **values):
        with installation.env(SYSTEM) as env:
            return env.create(MOVE, {"record_type": record, "field_name": env.registry.record(record).moves,
                                     "from_value": str(start or "") or None, "to_value": str(end), **values})
    return make


@pytest.fixture
def profiles(installation):
    with installation.env(SYSTEM) as env:
        return {r["name"]: r["id"] for r in env.query("base.profile").select("name").rows()}


@pytest.fixture
def stages(env_as):
    """The stages of a pipeline, and those of another one."""
    with env_as("sara") as env:
        pipes = env.create("gates.pipeline", [{"name": "One"}, {"name": "Two"}])
        names = ("Lead", "Offer", "Won")
        made = env.create("gates.stage", [{"name": n, "pipeline": p, "position": i} for p in pipes for i, n in enumerate(names)])
    return {"pipe": pipes[0], **dict(zip(names, made, strict=False)), "other": made[3:], "pipe two": pipes[1]}


def ticket(env, **values):
    return env.create(TICKET, {"name": "T", **values})


def reasons(env, call, *args):
    with pytest.raises(ValidationFailed) as caught:
        call(*args)
    return [(e.field, env.t(e.message)) for e in caught.value.errors]


def test_only_listed_moves_where_they_are_strict(env_as, rule):
    rule(TICKET, "new", "work")
    rule(TICKET, "work", "done")
    with env_as("sara") as env:
        key = ticket(env)
        assert reasons(env, env.update, TICKET, key, {"status": "done"}) == [
            ("status", "“Status” cannot go from “New” to “Done”. Allowed: In work.")]
        assert reasons(env, env.update, TICKET, key, {"status": None})
        env.update(TICKET, key, {"status": "work"})
        env.update(TICKET, key, {"status": "done", "name": "finished"})
        env.update(TICKET, key, {"status": "done", "name": "finished twice"})
        assert reasons(env, env.update, TICKET, key, {"status": "new"})[0][1].endswith("Allowed: -.")
        ticket(env, status="done")  # no rule limits how tickets begin
    rule(TICKET, "(new)", "new")
    with env_as("sara") as env:
        ticket(env)
        with pytest.raises(ValidationFailed, match="cannot begin as"):
            ticket(env, status="done")


def test_a_place_with_a_plain_rule_is_limited_to_what_rules_name(env_as, rule, stages):
    rule(DEAL, stages["Offer"], stages["Won"])
    rule(DEAL, "", stages["Won"], required_fields=["amount"])
    with env_as("sara") as env:
        key = env.create(DEAL, {"name": "D", "pipeline": stages["pipe"], "stage": stages["Lead"]})
        env.update(DEAL, key, {"stage": stages["Offer"]})
        assert "cannot go from “Offer” to “Lead”. Allowed: Won." in reasons(env, env.update, DEAL, key, {"stage": stages["Lead"]})[0][1]
        env.update(DEAL, key, {"stage": stages["Won"], "amount": 5})
        env.update(DEAL, key, {"stage": stages["Lead"]})


def test_profiles_are_ways_of_one_move(env_as, rule, profiles):
    rule(TICKET, "new", "done", profiles=[profiles["Administrator"]])
    with env_as("sara") as env:
        key = ticket(env, hours=1)
        assert reasons(env, env.update, TICKET, key, {"status": "done"}) == [
            ("status", "People of your profile may not go to “Done” from here.")]
    rule(TICKET, "new", "done", profiles=[profiles["Standard"]], required_fields=["hours"])
    with env_as("sara") as env:
        assert reasons(env, env.update, TICKET, key, {"status": "done", "hours": None}) == [
            ("hours", "“Hours” is required to go to “Done”.")]
        env.update(TICKET, key, {"status": "done", "hours": 0})
    with env_as("boss") as env:
        env.update(TICKET, ticket(env), {"status": "done"})
    with env_as("admin") as env:
        env.update(TICKET, ticket(env), {"status": "done"})


def test_rules_from_anywhere_hold_beside(env_as, rule):
    rule(TICKET, "", "done", required_fields=["hours"], message="Write the hours first.")
    rule(TICKET, "new", "done")
    with env_as("sara") as env:
        key = ticket(env)
        assert reasons(env, env.update, TICKET, key, {"status": "done"}) == [
            ("status", "Write the hours first."), ("hours", "“Hours” is required to go to “Done”.")]
        with pytest.raises(ValidationFailed):
            ticket(env, status="done")
        env.update(TICKET, key, {"status": "done", "hours": 2})


def test_conditions_are_asked_of_what_was_written_and_nothing_stays_of_a_refusal(env_as, rule, stages):
    rule(DEAL, "", stages["Won"], condition="amount >= 100 and count(lines) > 0")
    with env_as("sara") as env:
        values = {"name": "D", "pipeline": stages["pipe"], "stage": stages["Lead"], "amount": 50}
        key = env.create(DEAL, values)
        env.create(LINE, {"deal": key, "name": "L"})
        before = env.get(DEAL, key, "version").version, env.query("base.note").count()
        [(field, text)] = reasons(env, env.update, DEAL, key, {"stage": stages["Won"], "reason": "x"})
        assert field == "stage" and "Won" in text and "amount >= 100" in text
        assert reasons(env, env.create, DEAL, values | {"stage": stages["Won"], "amount": 500})
        assert env.query(DEAL).count() == 1
        assert (env.get(DEAL, key, "version").version, env.query("base.note").count()) == before
        assert env.get(DEAL, key).reason is None
        env.update(DEAL, key, {"stage": stages["Won"], "amount": 100})


def test_required_fields_that_hold_several(env_as, rule):
    rule(TICKET, "new", "done", required_fields=["tags"])
    with env_as("sara") as env:
        key, tag = ticket(env), env.create("base.tag", {"name": "t"})
        assert reasons(env, env.update, TICKET, key, {"status": "done"}) == [
            ("tags", "“Tags” is required to go to “Done”.")]
        env.update(TICKET, key, {"status": "done", "tags": [tag]})


def test_every_door_refuses_it_with_the_reason(installation, env_as, rule, stages):
    rule(DEAL, "", stages["Won"], required_fields=["reason"], message="Say why we won.")
    rule(DEAL, stages["Lead"], stages["Offer"], condition="amount > 10", message="Too small.")
    with env_as("sara") as env:
        key = env.create(DEAL, {"name": "D", "pipeline": stages["pipe"], "stage": stages["Lead"]})
    for end, text in (("Won", "Say why we won."), ("Offer", "Too small.")):
        said = set_everywhere(installation, env_as, "sara", DEAL, key, "stage", stages[end])
        assert {door for door, answer in said.items() if text in answer} == {"api", "form", "in place", "mass edit", "import"}
    with env_as("sara") as env:
        assert env.get(DEAL, key).stage.id == stages["Lead"]
        _done, aside = imported(env, DEAL, ("name", "pipeline", "stage"), ("I", "One", f"#{stages['Won']}"),
                                ("J", "One", f"#{stages['Lead']}"), duplicates="create")
        assert "Say why we won." in aside and env.query(DEAL).count() == 2


def test_undo_gets_past_no_rule_but_back_over_a_free_move(env_as, rule):
    rule(TICKET, "new", "work")
    rule(TICKET, "work", "done")
    with env_as("sara") as env:
        key = ticket(env, status="new")
    with env_as("sara") as env:
        env.update(TICKET, key, {"status": "work"})
        there = env.batch
    with env_as("sara") as env:
        assert env.undo(there).undone == 1 and env.get(TICKET, key).status == "new"
        back = env.batch
    rule(TICKET, "new", "work", required_fields=["hours"])
    rule(TICKET, "", "work", required_fields=["hours"])
    with env_as("sara") as env:
        assert reasons(env, env.undo, back)[0][0] == "hours"
    with env_as("sara") as env:
        assert env.get(TICKET, key).status == "new"


def test_code_is_free(env_as, rule):
    rule(TICKET, "new", "done", required_fields=["hours"])
    with env_as("sara") as env, env.elevated("a program") as sudo:
        key = ticket(sudo)
        sudo.update(TICKET, key, {"status": "done"})
        assert reasons(env, lambda: env.update(TICKET, ticket(env), {"status": "done"}, source="conversion"))


def test_rules_are_kept_by_administrators_and_checked(env_as, rule):
    good = {"record_type": TICKET, "field_name": "status", "from_value": "new", "to_value": "work"}
    with env_as("sara") as env:
        assert not env.query(MOVE).exists() and not env.can("create", MOVE)
    with env_as("boss") as env:
        for wrong, field in (({"record_type": "base.tag"}, "record_type"), ({"field_name": "name"}, "record_type"),
                             ({"from_value": "nowhere"}, "from_value"), ({"to_value": "(new)"}, "to_value"),
                             ({"required_fields": ["nothing"]}, "required_fields"), ({"condition": "nothing > 1"}, "condition"),
                             ({"condition": "hours >"}, "condition")):
            assert field in [f for f, _text in reasons(env, env.create, MOVE, good | wrong)]
        env.create(MOVE, good)


def test_a_batch_costs_a_fixed_number_of_statements(env_as, installation, rule, stages):
    rule(DEAL, "", stages["Offer"], condition="amount > 0", required_fields=["lines"])
    with env_as("sara") as env:
        deals = env.create(DEAL, [{"name": f"D{i}", "pipeline": stages["pipe"], "stage": stages["Lead"], "amount": 1} for i in range(500)])
        env.create(LINE, [{"deal": d, "name": "L"} for d in deals])
        with query_budget(installation, 25):
            env.update(DEAL, deals, {"stage": stages["Offer"]})


def test_open_moves_of_many_records_name_what_is_missing(env_as, installation, rule, profiles, stages):
    rule(DEAL, "", stages["Won"], required_fields=["reason", "lines"])
    rule(DEAL, stages["Lead"], stages["Offer"], condition="amount > 10", message="Too small.")
    rule(DEAL, stages["Lead"], stages["Won"], profiles=[profiles["Administrator"]])
    with env_as("sara") as env:
        values = {"pipeline": stages["pipe"], "stage": stages["Lead"]}
        small, large, closed = env.create(DEAL, [{"name": "s", "amount": 1, **values}, {"name": "l", "amount": 50, "reason": "x", **values},
                                                 {"name": "c", "status": "won", **values}])
        elsewhere = env.create(DEAL, {"name": "e", "pipeline": stages["pipe two"], "stage": stages["other"][0]})
    with env_as("mina") as env:
        found = env.moves(DEAL, [small, large, closed, elsewhere])
        offer, won = str(stages["Offer"]), str(stages["Won"])
        assert set(found[small]) == {offer, won} and set(found[elsewhere]) == set(map(str, stages["other"][1:]))
        said = {k: {end: [env.t(t) for t in why] for end, why in ends.items()} for k, ends in found.items()}
        profile = "People of your profile may not go to “Won” from here."
        assert said[small] == {offer: ["Too small."], won: [
            profile, "“Reason” is required to go to “Won”.", "“Lines” is required to go to “Won”."]}
        assert said[large] == {offer: [], won: [profile, "“Lines” is required to go to “Won”."]}
        assert said[closed] == {offer: ["This deal is closed."], won: ["This deal is closed."]}
        assert all(why == [] for why in said[elsewhere].values())
    with env_as("omid") as env:
        assert env.moves(DEAL, [small]) == {}
    with env_as("mina") as env:
        deals = env.create(DEAL, [{"name": f"D{i}", **values} for i in range(200)])
    with env_as("mina") as env, query_budget(installation, 14):
        assert len(env.moves(DEAL, deals)) == 200


def test_a_choice_without_rules_answers_by_its_transitions_and_rights(env_as, rule):
    with env_as("sara") as env:
        key = env.create(DEAL, {"name": "x"})
        assert env.moves(DEAL, [key], "status")[key] == {"won": [], "lost": []}


def test_the_path_on_the_page_goes_where_it_may_and_names_what_is_missing(installation, env_as, rule, stages):
    rule(DEAL, "", stages["Won"], required_fields=["reason"])
    with env_as("sara") as env:
        key = env.create(DEAL, {"name": "D", "pipeline": stages["pipe"], "stage": stages["Lead"]})
    sara = Visitor(installation, user_id(installation, "sara"))
    url = f"/r/{DEAL}/{key}"
    page = sara.get(url).text
    assert f'value="{stages["Offer"]}"' in page and f'name="value" value="{stages["Won"]}"' not in page
    assert "“Reason” is required to go to “Won”." in page and f'value="{stages["other"][1]}"' not in page
    assert sara.post(f"{url}/step", {"value": str(stages["Won"])}).status_code == 422
    assert sara.post(f"{url}/step", {"value": str(stages["other"][1])}).status_code == 422
    assert sara.post(f"{url}/step", {"value": str(stages["Offer"])}).status_code == 303
    with env_as("sara") as env:
        assert env.get(DEAL, key).stage.id == stages["Offer"]


def test_administrators_edit_rules_by_pages(installation, env_as, rule, stages, profiles):
    boss, sara = (Visitor(installation, user_id(installation, who)) for who in ("boss", "sara"))
    assert "/admin/moves/gates.deal" in boss.get("/admin/moves").text and boss.get("/admin/moves/base.tag").status_code == 404
    assert sara.get("/admin/moves").status_code == sara.get(f"/admin/moves/{DEAL}").status_code == 403
    url = f"/admin/moves/{DEAL}?group={stages['pipe']}"
    page = boss.get(url).text
    assert f'name="to.{stages["Lead"]}"' in page and f'value="{stages["other"][0]}"' not in page
    lead, offer, won = (str(stages[n]) for n in ("Lead", "Offer", "Won"))
    assert boss.post(url, {f"to.{lead}": [offer, "nonsense"], f"to.{offer}": [won]}).status_code == 303
    gate = f"/admin/moves/{DEAL}/rule/new?group={stages['pipe']}"
    assert boss.get(gate).status_code == 200
    wrong = boss.post(gate, {"to_value": won, "condition": "nothing > 1", "required_fields": ["reason"]})
    assert wrong.status_code == 422 and "nothing" in wrong.text
    values = {"from_value": "", "to_value": won, "condition": "amount > 1", "required_fields": ["reason", "lines"],
              "profiles": [str(profiles["Standard"])], "message": "Not yet."}
    assert boss.post(gate, values).status_code == 303
    with env_as("boss") as env:
        rows = env.query(MOVE).order("id").select("from_value", "to_value", "required_fields", "profiles", "message").rows()
        assert [(r["from_value"], r["to_value"]) for r in rows] == [(lead, offer), (offer, won), (None, won)]
        assert rows[2]["required_fields"] == ["reason", "lines"] and [p.label for p in rows[2]["profiles"]] == ["Standard"]
        key = rows[2]["id"]
    page = boss.get(url).text
    assert "amount &gt; 1" in page and f"/rule/{key}" in page
    assert boss.post(url, {}).status_code == 303  # plain ones go, the gate stays
    one = f"/admin/moves/{DEAL}/rule/{key}?group={stages['pipe']}"
    assert "Not yet." in boss.get(one).text
    assert boss.get(f"/admin/moves/{TICKET}/rule/{key}").status_code == 404
    with env_as("boss") as env:
        assert env.query(MOVE).ids() == [key]
    assert boss.post(one, {"do": "delete"}).status_code == 303
    with env_as("boss") as env:
        assert not env.query(MOVE).exists()


STATUS = ("new", "work", "done")
PAIRS = st.sets(st.tuples(st.sampled_from(STATUS), st.sampled_from(STATUS)).filter(lambda p: p[0] != p[1]), max_size=6)


@pytest.mark.database("sqlite")
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PAIRS, st.lists(st.sampled_from(STATUS), min_size=1, max_size=6))
def test_a_ticket_only_ever_walks_along_what_is_listed(installation, env_as, rule, pairs, walk):
    with installation.env(SYSTEM) as env:
        env.delete(MOVE, env.query(MOVE).ids())
    for start, end in pairs:
        rule(TICKET, start, end)
    with env_as("sara") as env:
        key, at = ticket(env), "new"
        for end in walk:
            open_ = env.moves(TICKET, [key])[key]
            try:
                env.update(TICKET, key, {"status": end})
                assert end == at or (at, end) in pairs
                assert end == at or open_[end] == []
                at = end
            except ValidationFailed:
                assert (at, end) not in pairs and open_[end]
            assert env.get(TICKET, key).status == at
