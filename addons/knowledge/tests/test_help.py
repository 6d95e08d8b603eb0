"""The help centre over HTTP: addresses, caching, languages, search, feedback, views, the sitemap."""

import re

import pytest

from addons.knowledge import publishing, writing
from addons.knowledge.tests.conftest import ADDONS, redraft, write
from core.testing.browser import Visitor, host_of
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons(*ADDONS)]
ARTICLE = "knowledge.article"
FEEDBACK = "knowledge.feedback"


@pytest.fixture
def centre(env_as, editor):
    """Two categories, articles in three languages."""
    with env_as("mina") as env:
        money = env.create("knowledge.category", {"name": "Invoices", "icon": "receipt", "other_names": {"fa": "صورت‌حساب"}})
        paying = env.create("knowledge.category", {"name": "Paying", "parent": money})
        key = write(env, "Pay an invoice", "<h2>First</h2><p>Open the invoice and pay it by card.</p><h2>Then</h2><p>Wait.</p><h2>Last</h2>"
                    "<p>Done</p>", summary="How to pay", category=paying, keywords="refund")
        fa = writing.translate(env, key, "fa")
        writing.save(env, fa, {"title": "پرداخت صورت‌حساب", "summary": "چگونه بپردازید",
                               "body": "<p>صورت‌حساب را باز کنید و كارت بکشید.</p>"})
        only = write(env, "Fatura iptali", "<p>Faturayı iptal etmek için İPTAL düğmesine basın.</p>", language="tr", category=paying)
        publishing.publish(env, [fa])
    return {"money": money, "paying": paying, "en": key, "fa": fa, "tr": only}


def page(who, path, **options):
    answer = who.get(path, **options)
    return answer, answer.get_data(as_text=True)


def test_an_article_has_one_address(installation, centre):
    visitor = Visitor(installation)
    answer = visitor.get(f"/x/help/en/{centre['en']}")
    assert answer.status_code == 301 and answer.headers["Location"] == f"/x/help/en/{centre['en']}/pay-an-invoice"
    answer, text = page(visitor, answer.headers["Location"])
    assert answer.status_code == 200 and 'lang="en" dir="ltr"' in text and "pay it by card" in text
    assert f'rel="canonical" href="http://localhost/x/help/en/{centre["en"]}/pay-an-invoice"' in text
    assert 'hreflang="fa"' in text and 'hreflang="en"' in text and 'hreflang="tr"' not in text and "index, follow" in text
    assert visitor.get(f"/x/help/en/{centre['en']}/other-words").status_code == 301
    moved = visitor.get(f"/x/help/fa/{centre['en']}/pay-an-invoice")
    assert moved.status_code == 301 and f"/x/help/fa/{centre['fa']}/" in moved.headers["Location"]
    answer, text = page(visitor, moved.headers["Location"])
    assert 'lang="fa" dir="rtl"' in text and "پرداخت صورت‌حساب" in text
    assert visitor.get(f"/x/help/tr/{centre['en']}").headers["Location"].startswith("/x/help/en/")
    assert visitor.get("/x/help/en/999999").status_code == 404 and visitor.get("/x/help/xx/1").status_code == 404


def test_caches_may_keep_what_visitors_get(installation, centre):
    visitor, path = Visitor(installation), f"/x/help/en/{centre['en']}/pay-an-invoice"
    first, text = page(visitor, path)
    assert "public" in first.headers["Cache-Control"] and first.headers["ETag"] and first.headers["Last-Modified"]
    assert not first.headers.getlist("Set-Cookie") and "Cookie" in first.headers["Vary"] and "csrf" not in text
    again = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data and not again.headers.getlist("Set-Cookie")
    assert Visitor(installation).get(path, headers={"Accept-Language": "fa", "Cookie": "other=1"}).headers["ETag"] == first.headers["ETag"]
    reza = Visitor(installation, user_id(installation, "reza"))
    assert "private" in reza.get(path).headers["Cache-Control"]
    for other in ("/x/help/en", f"/x/help/en/c/{centre['paying']}/paying", "/x/help/fa", "/x/help/sitemap.xml"):
        answer = visitor.get(other)
        assert answer.status_code == 200 and "public" in answer.headers["Cache-Control"] and not answer.headers.getlist("Set-Cookie"), other
        assert visitor.get(other, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_kept_page_is_never_older_than_what_it_shows(installation, env_as, centre):
    visitor, path = Visitor(installation), f"/x/help/en/{centre['en']}/pay-an-invoice"
    assert "by card" in page(visitor, path)[1]
    with query_budget(installation, 2):
        assert "by card" in page(visitor, path)[1]
    assert "Paying" in page(visitor, f"/x/help/en/c/{centre['paying']}/paying")[1]
    with env_as("mina") as env:
        redraft(env, centre["en"], body="<p>Now by cheque.</p>")
    assert "by card" in page(visitor, path)[1]
    with env_as("mina") as env:
        publishing.publish(env, [centre["en"]])
        env.update("knowledge.category", centre["paying"], {"name": "Ways to pay"})
    assert "cheque" in page(visitor, path)[1] and "Ways to pay" in page(visitor, path)[1]
    reza = Visitor(installation, user_id(installation, "reza"))
    assert "Back to work" in page(reza, path)[1] and "Back to work" not in page(visitor, path)[1]
    with env_as("mina") as env:
        env.update("knowledge.audience", env.get(ARTICLE, centre["en"], "audience").audience.id, {"kind": "internal"})
    assert visitor.get(path).status_code == 404
    with env_as("mina") as env:
        env.update("knowledge.audience", env.get(ARTICLE, centre["en"], "audience").audience.id, {"kind": "public"})
    assert visitor.get(path).status_code == 200
    with env_as("mina") as env:
        env.run_action(ARTICLE, "unpublish", [centre["en"]])
    assert visitor.get(path).status_code == 404 and reza.get(path).status_code == 404


def test_categories_and_languages(installation, centre):
    visitor = Visitor(installation)
    _answer, text = page(visitor, "/x/help/fa")
    assert "صورت‌حساب" in text and "Invoices" not in text and "Paying" not in text.replace("paying", "")
    _answer, text = page(visitor, f"/x/help/en/c/{centre['money']}", follow_redirects=True)
    assert "Invoices" in text and "Paying" in text
    _answer, text = page(visitor, f"/x/help/en/c/{centre['paying']}", follow_redirects=True)
    assert "Pay an invoice" in text and "Fatura iptali" in text and "پرداخت" not in text
    assert visitor.get("/x/help", headers={"Accept-Language": "tr"}).headers["Location"] == "/x/help/tr"
    assert visitor.get("/x/help/en/c/999").status_code == 404


def test_search_folds_and_ranks(installation, env_as, centre):
    visitor = Visitor(installation)
    for lang, words in (("en", "INVOICE card"),
                        ("fa", "صورت حساب کارت"), ("tr", "iptal düğme"), ("tr", "IPTAL DUGMESINE"), ("en", "refund")):
        _answer, text = page(visitor, f"/x/help/{lang}/search?q={words}")
        assert f"/{centre[lang]}/" in text and "noindex" in text, words
    _answer, text = page(visitor, "/x/help/en/search?q=card")
    assert "<mark>card</mark>" in text
    _answer, text = page(visitor, "/x/help/en/search?q=card unheardof")
    assert "come near" in text and f"/{centre['en']}/" in text
    _answer, text = page(visitor, "/x/help/en/search?q=%3Cscript%3Ealert(1)")
    assert "<script>alert" not in text
    with env_as("mina") as env:
        late = write(env, "Other things", "<p>An invoice is mentioned here, too. invoice invoice</p>")
    text = page(visitor, "/x/help/en/search?q=invoice")[1]
    assert text.index(f"/{centre['en']}/") < text.index(f"/{late}/"), "the title counts more"


def test_pages_take_a_fixed_number_of_queries(installation, env_as, centre):
    visitor = Visitor(installation)
    paths = ["/x/help/en", f"/x/help/en/c/{centre['paying']}/paying", f"/x/help/en/{centre['en']}/pay-an-invoice",
             "/x/help/en/search?q=invoice"]
    with env_as("mina") as env:
        for i in range(12):
            write(env, f"Invoice {i}", category=centre["paying"])
    for path in paths:
        for again in (f"{path}{'&' if '?' in path else '?'}x=1", path):
            visitor.get(again)
            with query_budget(installation, 13):
                assert visitor.get(again).status_code == 200


def test_feedback_counts_once_and_keeps_floods_out(installation, env_as, centre):
    key, url = centre["en"], f"/x/help/feedback/{centre['en']}"
    visitor = Visitor(installation)

    def vote(values, agent="Firefox", ip="203.0.113.5", **headers):
        return visitor.client.post(url, data=values, headers={"User-Agent": agent, **headers}, environ_base={"REMOTE_ADDR": ip})

    def counted():
        with env_as("mina") as env:
            row = env.get(ARTICLE, key, "helpful", "unhelpful")
            return row.helpful, row.unhelpful

    answer = vote({"helpful": "no"})
    assert answer.status_code == 303 and answer.headers["Location"].endswith("given=no#feedback")
    assert vote({"helpful": "no", "comment": "Where is <b>the</b> card?"}).status_code == 303
    assert counted() == (0, 1)
    vote({"helpful": "yes"})
    assert counted() == (1, 0)
    vote({"helpful": "yes"}, agent="Chrome")
    assert counted() == (2, 0)
    assert vote({"helpful": "yes"}, agent="Bot", Origin="https://evil.example").status_code == 400
    assert vote({"helpful": "yes"}, agent="Bot2", **{"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert vote({"helpful": "maybe"}, agent="Bot3").status_code == 422
    assert vote({"helpful": "yes", "website": "spam"}, agent="Bot4").status_code == 303
    assert counted() == (2, 0)
    for i in range(25):
        last = vote({"helpful": "no"}, agent=f"Agent {i}")
    assert last.status_code == 422 and sum(counted()) == 20
    assert vote({"helpful": "no"}, agent="Agent", ip="203.0.113.9").status_code == 303
    with env_as("mina") as env:
        row = env.query(FEEDBACK).where("comment is not null").first("comment", "number")
        assert row.comment == "Where is <b>the</b> card?" and row.number == 1
        with pytest.raises(Exception, match="visitor"):
            env.query(FEEDBACK).select("visitor").rows()
    with env_as("reza") as env:
        assert not env.can("read", FEEDBACK)


def test_feedback_to_what_one_may_not_read(installation, env_as, editor):
    with env_as("mina") as env:
        keys = [write(env, "Inside", kind="internal"), write(env, "Draft", publish=False)]
    for key in keys:
        assert Visitor(installation).client.post(f"/x/help/feedback/{key}", data={"helpful": "yes"}).status_code == 404
    with env_as("mina") as env:
        assert env.query(FEEDBACK).count() == 0


def test_views_are_counted_later(installation, env_as, centre):
    visitor, path = Visitor(installation), f"/x/help/en/{centre['en']}/pay-an-invoice"
    with env_as("mina") as env:
        before = env.get(ARTICLE, centre["en"], "version").version
    for _time in range(3):
        visitor.get(path)
    visitor.get(path, headers={"User-Agent": "Googlebot/2.1"})
    host_of(installation).later.flush()
    with env_as("mina") as env:
        row = env.get(ARTICLE, centre["en"], "views", "version")
        assert (row.views, row.version) == (3, before)


def test_the_sitemap_is_for_everybody(installation, env_as, centre):
    with env_as("mina") as env:
        inside = write(env, "Inside", kind="internal")
    for person in (None, "mina"):
        answer, text = page(Visitor(installation, user_id(installation, person) if person else None), "/x/help/sitemap.xml")
        assert answer.mimetype == "application/xml"
        found = re.findall(r"/x/help/(?:en|fa|tr)/(\d+)/", text)
        assert {int(k) for k in found} == {centre["en"], centre["fa"], centre["tr"]} and str(inside) not in found
    assert Visitor(installation).get("/x/help/sitemap/7.xml").status_code == 404


def test_editors_pages(installation, env_as, centre):
    mina = Visitor(installation, user_id(installation, "mina"))
    assert mina.post("/x/knowledge/new", {"title": " ", "language": "fa"}).status_code == 422
    with env_as("mina") as env:
        audience = env.query("knowledge.audience").where('kind == "public"').ids(1)[0]
    answer = mina.post("/x/knowledge/new", {"title": "New one", "language": "fa", "audience": str(audience)})
    assert answer.status_code == 303
    url = answer.headers["Location"]
    _answer, text = page(mina, url)
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert mina.post(url, {"title": "New one", "body": "<p>تازه</p>", "do": "save", "version": version}).status_code == 303
    assert mina.post(url, {"title": "New one", "body": "<p>later</p>", "do": "save", "version": version}).status_code == 422
    key = int(url.rsplit("/", 1)[1])
    assert "تازه" in page(mina, f"/x/knowledge/preview/{key}")[1]
    assert mina.post(url, {"title": "", "do": "save"}).status_code == 422
    assert mina.post(url, {"title": "New one", "body": "<p>تازه</p>", "do": "publish"}).status_code == 303
    assert "تازه" in page(Visitor(installation), f"/x/help/fa/{key}", follow_redirects=True)[1]
    mina.post(url, {"title": "New one", "body": "<p>دوم</p>", "do": "publish"})
    _answer, text = page(mina, f"/x/knowledge/versions/{key}")
    assert "<del>تازه</del>" in text and "<ins>دوم</ins>" in text
    for path in ("/x/knowledge/translations", "/r/knowledge.article", f"/r/knowledge.article/{key}", "/"):
        assert mina.get(path).status_code == 200
    assert "/x/knowledge/new" in page(mina, "/r/knowledge.article")[1]
    assert mina.post(f"/x/knowledge/translate/{key}/tr", {}).status_code == 303
