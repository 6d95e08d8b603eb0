"""Home tells what others did to followed records and where one was mentioned: only what one may see, in few statements."""

from __future__ import annotations

import datetime as dt

import pytest

from core.errors import AccessDenied, NotFound
from core.installation import Installation
from core.security.actor import READ, SYSTEM
from core.security.shares import share, unshare
from core.testing.plugin import query_budget, user_id
from core.web import news
from tests.core.web.conftest import Visit

pytestmark = [pytest.mark.addons("shop"), pytest.mark.folders("tests/fixtures/addons")]


@pytest.fixture
def shared(installation: Installation, order: int) -> int:
    """Sara's order, which Omid may read."""
    with installation.env(SYSTEM) as env:
        share(env, "shop.order", [order], f"user:{user_id(installation, 'omid')}", READ)
    return order


def home(visit: Visit, login: str) -> str:
    text = visit(login).get("/").text
    return text[text.index('class="home-grid"'):]


def test_a_mention_is_told_to_whom_it_is_for(installation: Installation, visit: Visit, shared: int) -> None:
    omid, reza = user_id(installation, "omid"), user_id(installation, "reza")
    visit("sara").post(f"/r/shop.order/{shared}/note", {"body": "Please look @Omid @Reza <b>", "mention": [str(omid), str(reza)]})
    page = home(visit, "omid")
    assert "You were mentioned" in page and "Please look @Omid" in page and f"/r/shop.order/{shared}#n" in page
    assert "mentioned" not in home(visit, "reza")  # who may not see the record learns nothing
    assert "mentioned" not in home(visit, "sara")
    with installation.env(SYSTEM) as env:
        unshare(env, "shop.order", [shared], f"user:{omid}")
    assert "Please look" not in home(visit, "omid")


def test_what_others_do_to_a_followed_record_is_told(installation: Installation, visit: Visit, shared: int, env_as) -> None:
    omid = visit("omid")
    assert "Records you follow" not in home(visit, "omid")
    assert omid.post(f"/r/shop.order/{shared}/follow").status_code == 303  # who reads may follow
    assert "Nothing new" not in home(visit, "omid")  # it was made lately
    with env_as("sara") as env:
        env.update("shop.order", shared, {"memo": "x", "amount": 5})
    page = home(visit, "omid")
    assert "Sara Seller changed this: " in page and "Memo" in page and "سفارش نخست" in page
    with installation.env(SYSTEM) as env:
        env.update("shop.order", shared, {"margin": 7})
    page = home(visit, "omid")
    assert "Margin" not in page and "The system" not in page  # a field that Omid may not see is no news
    visit("sara").post(f"/r/shop.order/{shared}/note", {"body": "called them"})
    assert "Sara Seller wrote a note" in home(visit, "omid")
    assert omid.post(f"/r/shop.order/{shared}/note", {"body": "seen"}).status_code == 303  # who reads may remark
    with installation.env(SYSTEM) as env:
        unshare(env, "shop.order", [shared], f"user:{user_id(installation, 'omid')}")
    assert "سفارش نخست" not in home(visit, "omid")


def test_old_news_is_no_news(installation: Installation, shared: int, env_as) -> None:
    with env_as("omid") as env:
        env.create("base.follow", {"about": ("shop.order", shared)})
    omid = installation.load_actor(user_id(installation, "omid"))
    with installation.env(omid, now=dt.datetime.now(dt.UTC) + dt.timedelta(days=40), write=False) as env:
        assert news.news(env, news.followed(env)) == []


def test_nobody_follows_for_others_or_what_they_do_not_see(installation: Installation, shared: int, env_as) -> None:
    with env_as("omid") as env, pytest.raises(AccessDenied):
        env.create("base.follow", {"about": ("shop.order", shared), "user": user_id(installation, "sara")})
    with env_as("reza") as env, pytest.raises(Exception, match="not exist") as refused:
        env.create("base.follow", {"about": ("shop.order", shared)})
    assert not isinstance(refused.value, NotFound)


def test_readers_attach_no_files_and_are_not_offered_to(visit: Visit, shared: int) -> None:
    assert 'name="file"' not in visit("omid").get(f"/r/shop.order/{shared}").text
    assert 'name="file"' in visit("sara").get(f"/r/shop.order/{shared}").text


def test_as_many_statements_for_many_records_as_for_one(installation: Installation, env_as) -> None:
    with env_as("sara") as env:
        orders = env.create("shop.order", [{"name": f"n{i}"} for i in range(60)])
        shops = env.create("shop.shop", [{"name": f"s{i}"} for i in range(20)])
    with env_as("mina") as env:
        env.create("base.follow", [{"about": ("shop.order", k)} for k in orders] + [{"about": ("shop.shop", k)} for k in shops])
    with env_as("sara") as env:
        env.update("shop.order", orders, {"memo": "new"})
        env.create("base.note", [{"about": ("shop.order", k), "body": "b", "mentions": [user_id(installation, "mina")]}
                                 for k in orders[:30]])
    with env_as("mina", write=False) as env, query_budget(installation, 10):
        found = news.panels(env)
    assert [len(p.items) for p in found] == [news.SHOWN, news.SHOWN]
