"""Drafts and what is for others never come out: not in lists, searches, the sitemap, files, feedback, suggestions, or by guessing."""

import io
import json

import pytest

from addons.knowledge import audience, publishing, suggesting, writing
from addons.knowledge.tests.conftest import ADDONS, redraft, write
from core.api import AccessDenied, ExpressionError, NotFound
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons(*ADDONS)]
ARTICLE = "knowledge.article"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fea7358184"
                    "0000000049454e44ae426082")
MARKS = {"internal": "Zqinternal", "customers": "Zqcustomers", "partners": "Zqpartners", "conditioned": "Zqconditioned",
         "draft": "Zqnever", "beside": "Zqbeside", "gone": "Zqgone", "binned": "Zqbinned"}
SEES = {None: set(), "nobody": set(), "omid": {"internal", "customers", "partners"},
        "reza": {"internal", "customers", "partners", "conditioned"}}
"""What else than the public article each may read; the condition fits Reza alone."""


@pytest.fixture
def world(env_as, editor):
    """An article of each kind, its mark in title, summary, text and category."""
    keys = {}
    with env_as("mina") as env:
        def one(name, **more):
            mark = MARKS[name]
            category = env.create("knowledge.category", {"name": f"{mark} folder"})
            keys[name] = write(env, f"{mark} title", f"<p>{mark} text about printers</p>", summary=f"{mark} summary", category=category,
                               **more)
        one("internal", kind="internal")
        one("customers", kind="customers")
        one("partners", kind="partners")
        one("conditioned", kind="public", condition='person.login == "reza"')
        one("draft", publish=False)
        one("gone")
        env.run_action(ARTICLE, "unpublish", [keys["gone"]])
        one("binned")
        env.delete(ARTICLE, [keys["binned"]])
        keys["open"] = write(env, "Open article", "<p>Everybody reads about printers</p>")
        redraft(env, keys["open"], title=f"{MARKS['beside']} title", summary=MARKS["beside"], body=f"<p>{MARKS['beside']} printers</p>")
        keys["beside"] = keys["open"]
    return keys


def doors(keys):
    """Every address of the help centre, and of the program, that could tell something."""
    marks = [*MARKS.values(), "printers", "title"]
    yield from ("/x/help", "/x/help/en", "/x/help/fa", "/x/help/sitemap.xml", "/x/help/sitemap/0.xml", "/x/knowledge/translations",
                "/r/knowledge.article", "/r/knowledge.category", "/r/knowledge.version", "/r/knowledge.attachment",
                "/r/knowledge.article/export?format=csv", "/")
    for mark in marks:
        yield from (f"/x/help/en/search?q={mark}", f"/x/help/fa/search?q={mark}", f"/search?q={mark}", f"/palette?q={mark}",
                    f"/r/knowledge.article?s=1&q={mark}", f"/r/knowledge.version?s=1&q={mark}", f"/lookup/knowledge.article?q={mark}",
                    f"/lookup/knowledge.version?q={mark}")
    for key in {*keys.values(), *range(1, 15)}:
        yield from (f"/x/help/en/{key}", f"/x/help/fa/{key}/x", f"/x/help/en/c/{key}", f"/x/help/files/{key}/1", f"/x/knowledge/edit/{key}",
                    f"/x/knowledge/preview/{key}", f"/x/knowledge/preview/{key}?version={key}", f"/x/knowledge/versions/{key}",
                    f"/r/knowledge.article/{key}", f"/r/knowledge.version/{key}", f"/card/knowledge.article/{key}",
                    f"/r/knowledge.category/{key}", f"/r/knowledge.article/{key}/field/body")


@pytest.mark.parametrize("person", list(SEES))
def test_nothing_comes_out(installation, world, person):
    visitor = Visitor(installation, user_id(installation, person) if person else None)
    hidden = {m.lower(): name for name, m in MARKS.items() if name not in SEES[person]}
    folders = {f"{m} folder": m for m in hidden}
    leaks, seen = [], 0
    for path in doors(world):
        answer = visitor.get(path, follow_redirects=True)
        asked = path.rpartition("q=")[2].lower() if "q=" in path else ""
        text = answer.get_data(as_text=True).lower()
        seen += answer.status_code == 200
        for mark, name in hidden.items():
            if person in ("reza", "omid"):  # colleagues know what categories there are, not what is in them
                text = text.replace(f"{mark} folder", "")
            if (mark in text and mark != asked) or f"{mark} t" in text or f"{mark} s" in text:
                leaks.append(f"{person} {path} -> {answer.status_code} tells of {name}")
        if answer.status_code >= 500:
            leaks.append(f"{path} -> {answer.status_code}")
    assert seen > 10 and folders
    assert not leaks, "\n".join(leaks[:30])


def test_those_for_whom_it_is_do_read_it(installation, world):
    """Otherwise the test above would prove nothing."""
    for person, names in SEES.items():
        visitor = Visitor(installation, user_id(installation, person) if person else None)
        for name in {*names, "open"}:
            answer = visitor.get(f"/x/help/en/{world[name]}", follow_redirects=True)
            assert answer.status_code == 200, (person, name)
            assert (MARKS[name] if name in names else "Everybody reads") in answer.get_data(as_text=True)
            found = visitor.get(f"/x/help/en/search?q={MARKS.get(name, 'everybody')}").get_data(as_text=True)
            assert f"/x/help/en/{world[name]}/" in found, (person, name)


def test_record_api_and_suggestions(env_as, world):
    for person, names in SEES.items():
        if person is None:
            continue
        with env_as(person) as env:
            wanted = {world[n] for n in names} | {world["open"]}
            found = suggesting.suggest(env, "printers " + " ".join(MARKS.values()), limit=50)
            assert {r["id"] for r in found} == wanted, person
            assert MARKS["beside"] not in str(found)
            for name in set(MARKS) - names - {"beside"}:
                for insert in (suggesting.as_link, suggesting.as_text):
                    with pytest.raises(NotFound):
                        insert(env, world[name])
            if person != "nobody":
                assert set(env.query(ARTICLE).archived(None).deleted(None).ids()) == wanted
                assert not env.can("read", "knowledge.version") or not env.query("knowledge.version").ids()


def test_customers_and_partners(env_as, world):
    with env_as("admin") as env:
        for login, name in (("reza", "knowledge.customer"), ("omid", "knowledge.partner")):
            env.update("base.user", env.query("base.user").where(f'login == "{login}"').ids(1)[0], {"extra_sets": [name]})
    for login, names in (("reza", ("customers", "conditioned", "open")), ("omid", ("partners", "open"))):
        with env_as(login) as env:
            assert not env.query(ARTICLE).ids(), "record pages, with notes and history, are for colleagues"
            reading = audience.reader(env)
            assert set(reading.query(ARTICLE).ids()) == {world[name] for name in names}, login
            with pytest.raises(ExpressionError):
                reading.query(ARTICLE).where("has_draft").ids()


def test_a_condition_is_asked_of_the_person_as_they_are_now(env_as, editor):
    with env_as("mina") as env:
        key = write(env, "For one job", kind="internal", condition='person.job_title == "Mechanic"')
    with env_as("reza") as env:
        assert not env.query(ARTICLE).with_ids([key]).exists()
    with env_as("admin") as env:
        env.update("base.user", env.query("base.user").where('login == "reza"').ids(1)[0], {"job_title": "Mechanic"})
    with env_as("reza") as env:
        assert env.query(ARTICLE).with_ids([key]).exists()
    with env_as("mina") as env:
        circle = env.get(ARTICLE, key, "audience").audience.id
        env.update("knowledge.audience", circle, {"condition": 'person.job_title == "Pilot"'})
    with env_as("reza") as env:
        assert not env.query(ARTICLE).with_ids([key]).exists()


def upload(visitor, path, name, content):
    return visitor.post(path, {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def test_files_go_with_the_published_text(installation, env_as, editor):
    with env_as("mina") as env:
        key = write(env, "With pictures")
        inside = write(env, "Inside", kind="internal")
    mina = Visitor(installation, user_id(installation, "mina"))
    visitor, reza, nobody = Visitor(installation), Visitor(installation, user_id(installation, "reza")), Visitor(
        installation, user_id(installation, "nobody"))
    number = {}
    for one in (key, inside):
        url = json.loads(upload(mina, f"/x/knowledge/edit/{one}/picture", "a.png", PNG).get_data(as_text=True))["url"]
        number[one] = int(url.split("/")[2].split("?")[0])
        with env_as("mina") as env:
            redraft(env, one, body=f'<p>See <img src="{url}"></p>')
    with env_as("mina") as env:
        redraft(env, key, body=f'<p><img src="/files/{number[key]}?inline=1"><img src="/files/{number[inside]}?inline=1"></p>')
        assert str(number[inside]) not in writing.draft_of(env, key).body.replace(f"/files/{number[key]}?", "")
    assert upload(mina, f"/x/knowledge/edit/{key}/files", "plan.txt", b"secret plan").status_code == 303
    with env_as("mina") as env:
        plan = env.query("base.file").where('name == "plan.txt"').ids(1)[0]

    def status(who, path):
        return who.get(path).status_code

    for file in (number[key], plan):  # a draft's files are nobody's before it is published
        assert status(visitor, f"/x/help/files/{key}/{file}") == 404 and status(reza, f"/x/help/files/{key}/{file}") == 404
        assert status(reza, f"/files/{file}?inline=1") == 404 and status(nobody, f"/files/{file}") in (403, 404)
        assert status(visitor, f"/files/{file}") in (302, 303, 401, 403, 404)
    with env_as("mina") as env:
        publishing.publish(env, [key, inside])
    answer = visitor.get(f"/x/help/files/{key}/{number[key]}")
    assert answer.status_code == 200 and answer.data == PNG and answer.mimetype == "image/png"
    assert "public" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"] and not answer.headers.getlist("Set-Cookie")
    page = visitor.get(f"/x/help/en/{key}", follow_redirects=True).get_data(as_text=True)
    assert f"/x/help/files/{key}/{number[key]}" in page and f"/x/help/files/{key}/{plan}" in page and "plan.txt" in page
    assert visitor.get(f"/x/help/files/{key}/{plan}").headers["Content-Disposition"].startswith("attachment")
    for path in (f"/x/help/files/{key}/{number[inside]}", f"/x/help/files/{inside}/{number[inside]}"):
        assert status(visitor, path) == 404 and status(nobody, path) == 404
    assert status(reza, f"/x/help/files/{inside}/{number[inside]}") == 200
    mina.post(f"/x/knowledge/edit/{key}/files", {"remove": str(plan)})
    assert status(visitor, f"/x/help/files/{key}/{plan}") == 200
    with env_as("mina") as env:
        publishing.publish(env, [key])
    assert status(visitor, f"/x/help/files/{key}/{plan}") == 404
    with env_as("mina") as env:
        env.run_action(ARTICLE, "unpublish", [key])
    assert status(visitor, f"/x/help/files/{key}/{number[key]}") == 404


def test_only_pictures_are_taken_as_pictures(installation, env_as, editor):
    with env_as("mina") as env:
        key = write(env, "Article")
    mina, reza = (Visitor(installation, user_id(installation, p)) for p in ("mina", "reza"))
    assert upload(mina, f"/x/knowledge/edit/{key}/picture", "a.png", b"<svg onload=alert(1)>").status_code == 422
    assert upload(reza, f"/x/knowledge/edit/{key}/picture", "a.png", PNG).status_code in (403, 404)
    assert upload(reza, f"/x/knowledge/edit/{key}/files", "a.png", PNG).status_code in (403, 404)


def test_texts_cannot_carry_scripts(installation, env_as, editor):
    bad = ('<p onclick="alert(1)">x</p><script>alert(2)</script><img src=x onerror=alert(3)><a href="javascript:alert(4)">y</a>'
           '<h2 id="q" onmouseover="a()">T<img src="https://evil.example/t.gif"></h2><iframe src="//evil.example"></iframe>')
    with env_as("mina") as env:
        key = write(env, 'Title "><script>alert(5)</script>', bad, summary='S"><script>alert(6)</script>')
    page = Visitor(installation).get(f"/x/help/en/{key}", follow_redirects=True).get_data(as_text=True)
    for word in ("<script", "onclick", "onerror", "javascript:", "onmouseover", "evil.example", "<iframe"):
        assert word not in page, word


def test_writing_is_for_writers(installation, world):
    for person in ("reza", "nobody", None):
        visitor = Visitor(installation, user_id(installation, person) if person else None)
        for key in world.values():
            for path, values in ((f"/x/knowledge/edit/{key}", {"title": "x", "body": "x", "do": "publish"}),
                                 ("/x/knowledge/new", {"title": "x"}), (f"/x/knowledge/translate/{key}/fa", {}),
                                 (f"/x/knowledge/versions/{key}/{key}/take", {}), (f"/r/knowledge.article/{key}/edit", {"title": "x"}),
                                 ("/r/knowledge.article/bulk", {"do": "action:publish", "ids": str(key)})):
                assert visitor.post(path, values).status_code in (303, 400, 401, 403, 404, 422), path
    with installation.env(write=False) as env:
        assert env.query(ARTICLE).where('title == "x"').archived(None).count() == 0
        assert env.query("knowledge.version").where('title == "x"').count() == 0
        assert env.get(ARTICLE, world["draft"]).state == "draft" and env.get(ARTICLE, world["open"]).has_draft


def test_authors_see_neither_drafts_nor_versions_of_others(env_as, installation, world):
    sara = Visitor(installation, user_id(installation, "sara"))
    for path in doors(world):
        answer = sara.get(path, follow_redirects=True)
        text = answer.get_data(as_text=True)
        for name in ("draft", "beside", "gone", "binned", "conditioned"):
            asked = path.rpartition("q=")[2] if "q=" in path else ""
            assert not (MARKS[name] in text.replace(f"{MARKS[name]} folder", "") and MARKS[name] != asked), (path, name)
    with env_as("sara") as env, pytest.raises(AccessDenied):
        writing.take_up(env, world["open"], 1)
