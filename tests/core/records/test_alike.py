"""Records by the telling words they hold: rare words weigh more, nobody finds by what they may not see."""

from __future__ import annotations

import pytest

from core.security.actor import SYSTEM
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("leads")]
LEAD = "leads.lead"


@pytest.fixture
def leads(installation):
    """Many with a common word, few with a rare one; Sara's."""
    owner = user_id(installation, "sara")
    with installation.env(SYSTEM) as env:
        common = env.create(LEAD, [{"last_name": f"Common {i}", "company": "Trading", "owner": owner} for i in range(12)])
        rare = env.create(LEAD, {"last_name": "Rarity", "company": "Kârlı İşler", "owner": owner})
        both = env.create(LEAD, {"last_name": "Rarity Trading", "company": "Trading", "owner": owner})
    return {"common": common, "rare": rare, "both": both}


def test_rare_words_weigh_more(env_as, leads):
    with env_as("sara") as env:
        found = env.query(LEAD).alike(["trading", "rari", "unheard"], limit=5)
        assert [key for key, _score in found[:2]] == [leads["both"], leads["rare"]] and len(found) == 5
        assert found[0][1] > found[1][1] > found[2][1] > 0
        assert env.query(LEAD).alike(["KARLI işler"])[0][0] == leads["rare"]
        assert env.query(LEAD).where("last_name contains 'Common'").alike(["rarity", "trading"], 50) and leads["both"] not in dict(
            env.query(LEAD).where("last_name contains 'Common'").alike(["rarity", "trading"], 50))
        assert env.query(LEAD).alike([]) == [] and env.query(LEAD).alike(["nowhere", "", "'\"*"]) == []


def test_two_statements(installation, env_as, leads):
    with env_as("sara") as env:
        env.query(LEAD).alike(["trading"])
        with query_budget(installation, 2):
            env.query(LEAD).alike([f"word{i}" for i in range(30)] + ["trading", "rarity"])


def test_only_what_one_sees(installation, env_as, leads):
    with env_as("omid") as env:
        assert env.query(LEAD).alike(["rarity", "trading"]) == []
    with installation.env(SYSTEM) as env:
        profile = env.get("base.user", user_id(installation, "sara"), "profile").profile.id
        env.update("base.profile", profile, {"field_rights": {LEAD: {"company": "hidden"}}})
    with env_as("sara") as env:
        assert {key for key, _score in env.query(LEAD).alike(["trading"], 50)} == {leads["both"]}
        assert env.query(LEAD).alike(["karli"]) == []


def test_words_of_neighbouring_paragraphs_are_apart(installation):
    with installation.env(SYSTEM) as env:
        field = env.registry.record("base.note").fields["body"]
        text = field.text_of("<p>one</p><p>two &amp; <b>th</b>ree</p><ul><li>four</li></ul>")
        assert text.split() == ["one", "two", "&", "three", "four"]
