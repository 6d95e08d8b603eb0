"""Drafts beside what is published, versions and the way back, translations."""

import pytest

from addons.knowledge import publishing, texts, versions, writing
from addons.knowledge.tests.conftest import ADDONS, redraft, write
from core.api import SYSTEM, AccessDenied, Conflict, F, NotFound, SarnakhError, ValidationFailed
from core.testing.jobs import run_jobs

pytestmark = [pytest.mark.addons(*ADDONS)]
ARTICLE, VERSION = "knowledge.article", "knowledge.version"


def test_editing_changes_nothing_that_is_published(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "Change a password")
        redraft(env, key, title="Change your password", body="<p>Now <b>much</b> better.</p>", note="Clearer")
        live = env.get(ARTICLE, key)
        assert (live.title, live.has_draft, live.state, live.published_number) == ("Change a password", True, "published", 1)
        assert "much" not in live.body
        publishing.publish(env, [key])
        live = env.get(ARTICLE, key)
        assert (live.title, live.slug, live.has_draft, live.published_number) == ("Change your password", "change-your-password", False, 2)
        assert "much" in live.body and live.published_at and live.review_on
        rows = env.query(VERSION).where(f"article == {key}").order("number").select("number", "state", "note").rows()
        assert [(r["number"], r["state"], r["note"]) for r in rows] == [(1, "kept", None), (2, "kept", "Clearer")]


def test_the_way_back(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "One", "<p>First text here.</p><p>Stays.</p>")
        redraft(env, key, body="<p>Second text here.</p><p>Stays.</p>")
        publishing.publish(env, [key])
        first, second = env.query(VERSION).where(f"article == {key}").order("number").ids()
        lines = versions.differences(env, key, first, second)
        assert ("First", "out") in lines[1].pieces and ("Second", "in") in lines[1].pieces
        assert lines[2].kind == "same" and lines[0].kind == "same"
        writing.take_up(env, key, first)
        assert "Second" in env.get(ARTICLE, key).body
        publishing.publish(env, [key])
        assert "First" in env.get(ARTICLE, key).body and env.get(ARTICLE, key).published_number == 3


def test_who_may_do_what(env_as, editor):
    with env_as("sara") as env:
        key = write(env, "Of Sara", publish=False)
        writing.save(env, key, {"body": "<p>x</p>"})
        with pytest.raises((AccessDenied, SarnakhError)):
            publishing.publish(env, [key])
        env.run_action(ARTICLE, "submit", [key])
        assert env.get(ARTICLE, key).waiting
        with pytest.raises(SarnakhError):
            env.update(ARTICLE, key, {"title": "By the form", "body": "x", "state": "published"})
    with env_as("mina") as env:
        env.run_action(ARTICLE, "publish", [key])
        other = write(env, "Of Mina")
    with env_as("sara") as env:
        with pytest.raises(AccessDenied):
            writing.save(env, other, {"body": "<p>mine now</p>"})
        public = env.query("knowledge.audience").where('kind == "internal"').ids(1)[0]
        with pytest.raises(AccessDenied):
            env.update(ARTICLE, key, {"audience": public})
    with env_as("reza") as env:
        with pytest.raises(AccessDenied):
            writing.create(env, {"title": "By a reader"})
        with pytest.raises(AccessDenied):
            writing.save(env, key, {"body": "x"})


def test_two_people_at_one_draft(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "Shared", publish=False)
        seen = writing.draft_of(env, key).version
        writing.save(env, key, {"body": "<p>one</p>"}, seen)
    with env_as("mina") as env, pytest.raises(Conflict):
        writing.save(env, key, {"body": "<p>two</p>"}, seen)


def test_what_is_refused(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "Empty", "", publish=False)
        with pytest.raises(SarnakhError, match="no text"):
            publishing.publish(env, [key])
        with pytest.raises(ValidationFailed):
            writing.save(env, key, {"title": "  "})
        with pytest.raises(SarnakhError):
            writing.discard(env, key)
        with pytest.raises(ValidationFailed):
            env.create("knowledge.audience", {"name": "Bad", "kind": "internal", "condition": "person.nonsense == 1"})
        with pytest.raises(ValidationFailed):
            env.create("knowledge.audience", {"name": "Worse", "kind": "internal", "condition": 'person.password_hash == "x"'})
        top = env.create("knowledge.category", {"name": "Top"})
        low = env.create("knowledge.category", {"name": "Low", "parent": top})
        with pytest.raises(ValidationFailed):
            env.update("knowledge.category", top, {"parent": low})


def test_taking_back_and_discarding(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "Temporary")
        redraft(env, key, body="<p>never</p>")
        writing.discard(env, key)
        assert writing.draft_of(env, key) is None and not env.get(ARTICLE, key).has_draft
        env.run_action(ARTICLE, "unpublish", [key])
        assert env.get(ARTICLE, key).state == "draft"
        env.run_action(ARTICLE, "publish", [key])
        assert env.get(ARTICLE, key).published_number == 1
        env.run_action(ARTICLE, "shelve", [key])
        assert env.get(ARTICLE, key).state == "archived"
        env.run_action(ARTICLE, "unshelve", [key])
        assert env.get(ARTICLE, key).state == "draft"


def test_translations_belong_together(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "Invoice", body="<p>How to pay an invoice.</p>")
        fa = writing.translate(env, key, "fa")
        assert writing.translate(env, key, "fa") == fa
        assert writing.draft_of(env, fa).body == "<p>How to pay an invoice.</p>"
        writing.save(env, fa, {"title": "پرداخت فاکتور"})
        publishing.publish(env, [fa])
        found = {r["code"]: r["state"] for r in versions.languages(env, env.get(ARTICLE, key))}
        assert found == {"en": "published", "fa": "published", "tr": ""}
        redraft(env, key, body="<p>Another way.</p>")
        publishing.publish(env, [key])
        assert {r["code"]: r["state"] for r in versions.languages(env, env.get(ARTICLE, key))}["fa"] == "old"
        with pytest.raises(NotFound):
            writing.translate(env, key, "xx")


def test_from_a_ticket(env_as, editor):
    with env_as("sara") as env:
        key = writing.draft_from(env, "Printer offline", "Turn it off.\n\nTurn it <on>.")
        assert writing.draft_of(env, key).body == "<p>Turn it off.</p><p>Turn it &lt;on&gt;.</p>"
        assert env.get(ARTICLE, key).audience.label and env.get(ARTICLE, key).state == "draft"


def test_slugs_and_texts():
    assert texts.slug("چگونه رمز عبور را عوض می‌کنم؟") == "چگونه-رمز-عبور-را-عوض-می-کنم"
    assert texts.slug("  C++ & SQL!  ") == "c-sql" and len(texts.slug("word " * 60)) <= texts.SLUG
    assert texts.pictures('<img src="/files/12?inline=1"><img src="/files/7"><img src="https://a.b/files/9">') == [12, 7]
    assert texts.keep_pictures('<p><img src="/files/1?inline=1">a<img src="https://x.y/z.png"></p>', {1}) == \
        '<p><img src="/files/1?inline=1">a</p>'
    shown = texts.shown("<h1>A &amp; b</h1><p>x</p><h2>C</h2><table><tr><td>1</td></tr></table>", str)
    assert shown.contents == [("s1", "A & b"), ("s2", "C")] and '<h2 dir="auto" id="s1">' in shown.html and "table-scroll" in shown.html


def test_owners_are_told_of_reviews_once(env_as, editor, installation):
    with env_as("sara") as env:
        due = write(env, "Old", publish=False, review_on=env.today)
        write(env, "Young", publish=False)
    with env_as("mina") as env:
        publishing.publish(env, env.query("knowledge.article").ids())
        with env.elevated("test") as sudo:
            sudo.update("knowledge.article", due, {"review_on": env.today})
    for told in (1, 0):
        with installation.env(SYSTEM) as env:
            env.enqueue("knowledge.reviews", {})
        run_jobs(installation)
        with env_as("sara") as env:
            rows = env.query("base.notification").where(F.kind == "review").select("about").rows()
            assert [r["about"].id for r in rows] == [due], told
