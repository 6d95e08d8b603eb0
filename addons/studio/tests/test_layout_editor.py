"""The layout editor over HTTP: what is stored, for whom it holds, who may, and what a look at a draft shows."""

from __future__ import annotations

import json
import re

import pytest

from core.api import SYSTEM, Piece, apply_pieces, change_customising
from core.testing.browser import Visitor
from core.testing.plugin import user_id

LEAD = "leads.lead"
FORM = f"/x/studio/layout/{LEAD}/form"
pytestmark = [pytest.mark.addons("studio", "leads"), pytest.mark.database("sqlite")]
BOTH = pytest.mark.database("sqlite", "postgresql")


class Editor:
    """A person at the editor of one page."""

    def __init__(self, installation, login="boss", path=FORM, owner="installation"):
        self.visitor, self.path, self.owner = Visitor(installation, user_id(installation, login)), path, owner
        self.load()

    def load(self):
        """Open it."""
        answer = self.visitor.get(self.path, query_string={"for": self.owner})
        self.status, self.html = answer.status_code, answer.get_data(as_text=True)
        found = re.search(r'data-le-state>(.*?)</script>', self.html, re.S)
        self.state = json.loads(found[1]) if found else {}
        return self

    def tree(self):
        """What the editor's script sends when nothing was changed."""
        def plain(node):
            return {**{k: node[k] for k in ("id", "kind", "set")}, "children": [plain(c) for c in node["children"]]}
        return {"set": self.state["page"]["set"], "nodes": [plain(node) for node in self.state["nodes"]]}

    def store(self, tree, version=None):
        """Send a tree."""
        return self.visitor.client.post(self.path, json={"owner": self.owner, "version": version or self.state["version"], "tree": tree},
                                        headers={"X-CSRFToken": self.visitor.csrf()})

    def preview(self, tree, **more):
        """Look at a draft."""
        return self.visitor.post(f"{self.path}/preview", {"tree": json.dumps(tree), "owner": self.owner, **more})


def find(tree, node_id):
    """The list that holds a node, and the node."""
    def walk(children):
        for node in children:
            if node["id"] == node_id:
                return children, node
            below = walk(node["children"])
            if below:
                return below
        return None
    return walk(tree["nodes"])


def stored(installation, owner="installation", kind="form"):
    """What is kept for one owner."""
    return installation.current().registry.customising.of("layout").get(f"{LEAD}|{kind}|{owner}")


def lead(env_as, **values):
    """A lead of Sara's."""
    with env_as("sara") as env:
        return env.create(LEAD, {"last_name": "Karimi", **values})


def page_of(installation, key, login="sara", path=""):
    """What somebody sees of a lead."""
    return Visitor(installation, user_id(installation, login)).get(f"/r/{LEAD}/{key}{path}").get_data(as_text=True)


def test_a_moved_field_is_one_operation_and_everybody_sees_it(installation, env_as):
    key = lead(env_as, company="Aftab")
    editor = Editor(installation)
    tree = editor.tree()
    children, node = find(tree, "email")
    children.remove(node)
    find(tree, "main")[1]["children"].insert(0, node)
    assert editor.store(tree).status_code == 200
    assert [(c["do"], c["target"]) for c in stored(installation)["changes"]] == [("move", "email")]
    html = page_of(installation, key, path="/edit")
    assert html.index('name="email"') < html.index('name="first_name"')
    assert "changed here" in editor.load().html and editor.state["nodes"]


def test_nothing_changed_is_nothing_stored(installation):
    editor = Editor(installation)
    assert editor.store(editor.tree()).status_code == 200
    assert stored(installation) is None


def test_labels_conditions_and_new_parts(installation, env_as):
    key = lead(env_as, company="Aftab", email="a@example.com")
    editor = Editor(installation)
    tree = editor.tree()
    find(tree, "company")[1]["set"] = {"label": {"en": "Firm", "fa": "بنگاه"}, "visible": 'rating == "hot"', "span": 2}
    children, node = find(tree, "email")
    children.remove(node)
    tree["nodes"].append({"id": "x_section_1", "kind": "section", "set": {"label": {"en": "My part"}, "columns": 1}, "children": [node]})
    tree["nodes"].append({"id": "x_link_1", "kind": "link", "set": {"label": {"en": "Look up"}, "href": "https://example.com/?q={company}"},
                          "children": []})
    assert editor.store(tree).status_code == 200
    html = page_of(installation, key)
    assert "My part" in html and ">Firm<" not in html and "https://example.com/?q=Aftab" in html
    with env_as("sara") as env:
        env.update(LEAD, key, {"rating": "hot"})
    assert ">Firm<" in page_of(installation, key)


def test_what_is_wrong_is_refused_with_the_reason(installation):
    editor = Editor(installation)
    tree = editor.tree()
    for values in ({"visible": "status =="}, {"visible": "nowhere == 1"}, {"visible": "amount_of_nothing"}, {"required": "company"},
                   {"script": "x"}, {"span": 99}, {"label": 7}):
        find(tree, "company")[1]["set"] = values
        answer = editor.store(tree)
        assert answer.status_code == 422 and answer.get_json()["errors"]
    find(tree, "company")[1]["set"] = {}
    tree["nodes"].append({"id": "x_l", "kind": "link", "set": {"label": {"en": "L"}, "href": "javascript:alert(1)"}, "children": []})
    assert editor.store(tree).status_code == 422  # a link that would run a script
    assert stored(installation) is None


def test_a_profile_has_its_own_page_above_everybodys(installation, env_as):
    key = lead(env_as, company="Aftab")
    with env_as("sara") as env:
        profile = env.actor.profile.id
    everybody = Editor(installation)
    tree = everybody.tree()
    find(tree, "company")[1]["set"] = {"label": {"en": "Firm"}}
    everybody.store(tree)
    own = Editor(installation, owner=f"profile:{profile}")
    tree = own.tree()
    children, node = find(tree, "job_title")
    children.remove(node)
    assert own.store(tree).status_code == 200
    assert [(c["do"], c["target"]) for c in stored(installation, f"profile:{profile}")["changes"]] == [("hide", "job_title")]
    assert 'name="job_title"' not in page_of(installation, key, path="/edit")
    assert "Firm" in page_of(installation, key, path="/edit")
    assert 'name="job_title"' in page_of(installation, key, "boss", "/edit")


@BOTH
def test_a_kind_of_record_has_its_own_page(installation, env_as):
    cold, hot = lead(env_as, rating="cold", company="Aftab"), lead(env_as, rating="hot", company="Mahtab")
    editor = Editor(installation, owner="kind:rating=hot")
    tree = editor.tree()
    children, node = find(tree, "job_title")
    children.remove(node)
    find(tree, "company")[1]["set"] = {"label": {"en": "Hot firm"}}
    assert editor.store(tree).status_code == 200
    assert "Hot firm" in page_of(installation, hot) and "Hot firm" not in page_of(installation, cold)
    assert 'name="job_title"' not in page_of(installation, hot, path="/edit")
    assert 'name="job_title"' in page_of(installation, cold, path="/edit")
    new = Visitor(installation, user_id(installation, "sara")).get(f"/r/{LEAD}/new?rating=hot").get_data(as_text=True)
    assert "Hot firm" in new
    with env_as("sara") as env:
        env.update(LEAD, hot, {"rating": "cold"})
    assert "Hot firm" not in page_of(installation, hot)


def test_a_field_that_one_may_not_see_does_not_tell_its_value_by_the_layout(installation, env_as):
    hot = lead(env_as, rating="hot", company="Mahtab")
    editor = Editor(installation, owner="kind:rating=hot")
    tree = editor.tree()
    find(tree, "company")[1]["set"] = {"label": {"en": "Hot firm"}}
    editor.store(tree)
    with env_as("admin") as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        env.update("base.profile", profile, {"field_rights": {LEAD: {"rating": "hidden"}}})
    assert "Hot firm" not in page_of(installation, hot)


def test_buttons_are_taken_away_and_called_otherwise(installation, env_as):
    key = lead(env_as, email="a@example.com")
    assert "/run/mark_contacted" in page_of(installation, key)
    editor = Editor(installation)
    tree = editor.tree()
    children, node = find(tree, "mark_contacted")
    children.remove(node)
    find(tree, "junk")[1]["set"] = {"label": {"en": "Rubbish"}}
    editor.store(tree)
    html = page_of(installation, key)
    assert "/run/mark_contacted" not in html and "Rubbish" in html


def test_every_kind_of_page_opens_and_stores(installation):
    for kind in ("list", "card", "kanban", "quick", "print"):
        editor = Editor(installation, path=f"/x/studio/layout/{LEAD}/{kind}")
        assert editor.status == 200
        tree = editor.tree()
        if kind == "print":
            tree["nodes"] = tree["nodes"][:1]
        else:
            tree["nodes"].append(tree["nodes"].pop(0))
        assert editor.store(tree).status_code == 200
        assert stored(installation, kind=kind)
        assert editor.load().preview(editor.tree()).status_code == 200


def test_lists_show_the_columns_that_were_chosen(installation, env_as):
    lead(env_as, company="Aftab", city="Shiraz")
    editor = Editor(installation, path=f"/x/studio/layout/{LEAD}/list")
    tree = editor.tree()
    tree["nodes"] = [tree["nodes"][0], {"id": "city", "kind": "field", "set": {}, "children": []}]
    tree["set"] = {"order": ["city"], "limit": 30}
    assert editor.store(tree).status_code == 200
    html = Visitor(installation, user_id(installation, "sara")).get(f"/r/{LEAD}").get_data(as_text=True)
    assert "Shiraz" in html and "Aftab" not in html


def test_paper_follows_its_own_layout(installation, env_as):
    key = lead(env_as, company="Aftab", email="a@example.com")
    editor = Editor(installation, path=f"/x/studio/layout/{LEAD}/print")
    tree = editor.tree()
    tree["nodes"] = [{"id": "x_s", "kind": "section", "set": {"label": {"en": "On paper"}}, "children": [
        {"id": "company", "kind": "field", "set": {}, "children": []}]}]
    assert editor.store(tree).status_code == 200
    html = page_of(installation, key, path="/print")
    assert "On paper" in html and "Aftab" in html and "a@example.com" not in html.split("On paper")[1]
    assert "On paper" not in page_of(installation, key)


@BOTH
def test_the_second_of_two_editors_is_told(installation):
    first, second = Editor(installation), Editor(installation)
    tree = first.tree()
    tree["nodes"].reverse()
    assert first.store(tree).status_code == 200
    before = stored(installation)
    answer = second.store(second.tree())
    assert answer.status_code == 409 and "Somebody else" in answer.get_data(as_text=True)
    assert stored(installation) == before
    taken = second.visitor.post(f"{FORM}/reset", {"owner": "installation", "do": "all", "version": second.state["version"]})
    assert taken.status_code == 409 and stored(installation) == before


@BOTH
def test_one_change_or_all_are_taken_back(installation):
    editor = Editor(installation)
    tree = editor.tree()
    for name in ("company", "email"):
        find(tree, name)[1]["set"] = {"label": {"en": f"My {name}"}}
    editor.store(tree)
    editor.load()
    assert editor.html.count("Take back</button>") == 2
    editor.visitor.post(f"{FORM}/reset", {"owner": "installation", "index": 0, "version": editor.state["version"]})
    assert [c["target"] for c in stored(installation)["changes"]] == ["email"]
    editor.load()
    editor.visitor.post(f"{FORM}/reset", {"owner": "installation", "do": "all", "version": editor.state["version"]})
    assert stored(installation) is None


def test_a_draft_is_shown_and_not_kept(installation, env_as):
    lead(env_as, company="Aftab")
    editor = Editor(installation, "admin")
    tree = editor.tree()
    find(tree, "company")[1]["set"] = {"label": {"en": "Drafted", "fa": "پیش‌نویس"}}
    answer = editor.preview(tree, lang="fa")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "پیش‌نویس" in html and 'dir="rtl"' in html
    assert "<script src" not in html and "X-Frame-Options" not in answer.headers
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert stored(installation) is None and "Drafted" not in editor.load().html.split("data-le-state")[0]


def test_a_draft_of_quick_create_creates_nothing(installation, env_as):
    editor = Editor(installation, path=f"/x/studio/layout/{LEAD}/quick")
    with env_as("admin") as env:
        before = env.query(LEAD).count()
    assert editor.preview(editor.tree(), last_name="Sneaked", company="In").status_code == 200
    with env_as("admin") as env:
        assert env.query(LEAD).count() == before


@BOTH
def test_a_look_as_another_profile_hides_what_it_hides_and_opens_nothing(installation, env_as):
    key = lead(env_as, company="Aftab", email="secret@example.com")
    with env_as("admin") as env:
        shy = env.create("base.profile", {"name": "Shy", "sets": ["leads.manager"], "field_rights": {LEAD: {"email": "hidden"}}})
        rich = env.query("base.profile").where('name == "Administrator"').ids()[0]
        mine = env.create("base.profile", {"name": "Arranger", "sets": ["leads.manager"], "areas": ["layouts"],
                                           "field_rights": {LEAD: {"company": "hidden"}}})
        env.update("base.user", user_id(installation, "mina"), {"profile": mine})
    editor = Editor(installation, "admin")
    assert "secret@example.com" in editor.preview(editor.tree()).get_data(as_text=True)
    shown = editor.preview(editor.tree(), profile=str(shy), key=str(key)).get_data(as_text=True)
    assert "Aftab" in shown and "secret@example.com" not in shown
    arranger = Editor(installation, "mina")
    for profile in ("", str(rich), str(shy)):
        html = arranger.preview(arranger.tree(), profile=profile).get_data(as_text=True)
        assert "Karimi" in html and "Aftab" not in html


def test_only_holders_of_the_area_come_in(installation, env_as):
    lead(env_as)
    tree = Editor(installation).tree()
    for login in ("sara", "nobody"):
        visitor = Visitor(installation, user_id(installation, login))
        for path in ("/x/studio/layout", FORM, "/x/studio/layout/problems", f"/x/studio/layout/fields/{LEAD}"):
            assert visitor.get(path).status_code == 403
        for path in (f"{FORM}/preview", f"{FORM}/reset", "/x/studio/layout/problems"):
            assert visitor.post(path, {"tree": json.dumps(tree), "do": "all"}).status_code == 403
        for path in (FORM, f"/x/studio/layout/check/{LEAD}"):
            answer = visitor.client.post(path, json={"tree": tree, "text": "id == 1"}, headers={"X-CSRFToken": visitor.csrf()})
            assert answer.status_code == 403
    assert stored(installation) is None


def test_what_is_not_there_is_not_found(installation):
    visitor = Visitor(installation, user_id(installation, "boss"))
    for path in ("/x/studio/layout/no.such/form", f"/x/studio/layout/{LEAD}/nothing", f"{FORM}?for=profile:99999",
                 f"{FORM}?for=kind:status=nothing", f"{FORM}?for=user:1", "/x/studio/layout/fields/no.such"):
        assert visitor.get(path).status_code == 404


def test_hostile_bodies_are_refused(installation):
    editor = Editor(installation)
    for body in (b"", b"[]", b"{", b'{"tree": []}', b'{"tree": {"nodes": [[]]}, "version": 1}', b'{"owner": {"a": 1}}',
                 b'{"tree": {"nodes": [{"id": "a", "kind": "section", "children": {}}]}}', b'{"tree": ' + b'{"nodes": [' * 3000):
        answer = editor.visitor.client.post(FORM, data=body, content_type="application/json",
                                            headers={"X-CSRFToken": editor.visitor.csrf()})
        assert 400 <= answer.status_code < 500
    assert stored(installation) is None


def test_conditions_are_checked_while_they_are_written(installation):
    editor = Editor(installation)

    def check(text):
        return editor.visitor.client.post(f"/x/studio/layout/check/{LEAD}", json={"text": text},
                                          headers={"X-CSRFToken": editor.visitor.csrf()}).get_json()["fault"]
    assert check('rating == "hot"') == ""
    assert check("rating ==") and check("company") and check("nowhere == 1")


def test_blocks_are_put_on_the_page_with_options_that_fit(installation, env_as):
    key = lead(env_as, company="Aftab")
    editor = Editor(installation)
    assert {"chart", "canvas"} <= {one["id"] for group in editor.state["palette"] if group["id"] == "blocks" for one in group["items"]}
    tree = editor.tree()
    block = {"id": "x_block_1", "kind": "block", "set": {"widget": "canvas", "label": {"en": "Hint"}, "options": {}}, "children": []}
    tree["nodes"].append(block)
    assert editor.store(tree).status_code == 422
    block["set"]["options"] = {"text": {"en": "Call {{company}} today"}}
    assert editor.store(tree).status_code == 200
    assert "Call Aftab today" in page_of(installation, key)
    block["set"]["options"] = {"text": {"en": "{{nowhere}}"}}
    assert editor.load().store(tree).status_code == 422


def test_own_fields_are_arranged_like_any_other(installation, env_as):
    key = lead(env_as, company="Aftab")
    actor = installation.load_actor(user_id(installation, "admin"))
    apply_pieces(installation, actor, [Piece("field", f"{LEAD}.x_code", {"type": "text", "labels": {"en": "Code"}})])
    insert = {"format": 1, "record": LEAD, "kind": "form", "changes": [
        {"do": "insert", "target": "x_code", "anchors": [{"after": "email"}], "node": {"id": "x_code", "kind": "field"}}]}
    with installation.current().env(SYSTEM) as env:  # as "put it after" leaves it
        change_customising(env, "layout", f"{LEAD}|form|installation", insert)
    editor = Editor(installation)
    tree = editor.tree()
    children, node = find(tree, "x_code")
    assert children[children.index(node) - 1]["id"] == "email"
    children.remove(node)
    find(tree, "main")[1]["children"].append(node)
    assert editor.store(tree).status_code == 200
    assert 'name="x_code"' in page_of(installation, key, path="/edit")
    assert [(c["do"], c["target"]) for c in stored(installation)["changes"]] == [("move", "x_code")]
    editor.load()
    tree = editor.tree()
    children, node = find(tree, "x_code")
    children.remove(node)
    assert editor.store(tree).status_code == 200
    assert 'name="x_code"' not in page_of(installation, key, path="/edit")
    assert [one["id"] for one in editor.load().state["away"]] == ["x_code"]
    assert "What no longer fits" in editor.visitor.get("/x/studio/layout/problems").get_data(as_text=True)


def test_what_stands_in_something_hidden_is_hidden(installation, env_as):
    key = lead(env_as, company="Aftab")
    editor = Editor(installation)
    tree = editor.tree()
    tree["nodes"].append({"id": "x_tab_1", "kind": "tab", "set": {"label": {"en": "Later"}, "visible": 'rating == "hot"'}, "children": [
        {"id": "x_link_1", "kind": "link", "set": {"label": {"en": "Look up"}, "href": "https://example.com/?q={company}"}, "children": []},
        {"id": "contacts_contact_account", "kind": "related", "set": {"record": LEAD, "by": "owner", "label": {"en": "Others"}},
         "children": []}]})
    assert editor.store(tree).status_code == 200
    html = page_of(installation, key)
    assert "example.com" not in html and "Others" not in html
    with env_as("sara") as env:
        env.update(LEAD, key, {"rating": "hot"})
    html = page_of(installation, key)
    assert "https://example.com/?q=Aftab" in html and "Others" in html
