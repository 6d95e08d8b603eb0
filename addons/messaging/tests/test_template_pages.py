"""Writing templates over HTTP: languages, the visual editor's design, source, preview, files, and who may."""

import io
import json

import pytest

from addons.messaging import template_design
from addons.messaging.tests.template_help import VERSION, people, template  # noqa: F401 - a fixture
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id

pytestmark = [pytest.mark.addons("messaging", "leads")]
LEAD = "leads.lead"
DESIGN = [{"kind": "heading", "text": "Hello {{ first_name }}"}, {"kind": "text", "html": "<p>Dear <b>{{ last_name }}</b> {{ email }}</p>"},
          {"kind": "button", "text": "Look", "url": "https://example.com/?a=1&b=2", "colour": "#ffee00"}, {"kind": "divider"},
          {"kind": "columns", "left": "<p>L</p>", "right": "<p>R</p>"}, {"kind": "nonsense"},
          {"kind": "footer", "html": '<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>'}]


@pytest.fixture
def visit(installation, people):  # noqa: F811
    """A visitor by login."""
    return lambda login: Visitor(installation, user_id(installation, login))


def stored(env_as, key, lang):
    with env_as("admin") as env:
        return env.query(VERSION).where(f'template == {key} and language == "{lang}"').first()


def test_a_template_from_nothing_to_preview(env_as, visit):
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi", "first_name": "Ali"})
    mina = visit("mina")
    answer = mina.post("/x/messaging/template/new", {"name": "Welcome", "record_type": LEAD, "channel": "mail", "kind": "service",
                                                     "active": "1", "active__present": "1"})
    assert answer.status_code == 303
    url = answer.headers["Location"]
    key = int(url.rsplit("/", 1)[1])
    page = mina.get(f"{url}?lang=fa").get_data(as_text=True)
    assert 'dir="rtl"' in page and 'sandbox=""' in page and "{{ last_name }}" in page and 'data-block="columns"' in page
    form = {"subject": "Hi {{ first_name }}", "mode": "visual", "design": json.dumps(DESIGN), "do": "save"}
    assert mina.post(f"{url}?lang=fa", form).status_code == 303
    row = stored(env_as, key, "fa")
    assert [b["kind"] for b in row.design] == ["heading", "text", "button", "divider", "columns", "footer"]
    assert 'dir="rtl"' in row.body and 'align="right"' in row.body and "{{ last_name }}" in row.body
    shown = mina.post(f"{url}/preview?lang=fa", {**form, "subject": "Changed {{ mobile }}", "preview_record": str(lead)})
    text = shown.get_data(as_text=True)
    assert "Dear <b>Karimi</b>" in text and "Changed" in text and "<mark" in text and "No value on this record" in text
    policy = shown.headers["Content-Security-Policy"]
    assert "script-src" not in policy and "default-src 'none'" in policy and "X-Frame-Options" not in shown.headers
    assert "frame-src 'self'" in mina.get(url).headers["Content-Security-Policy"]


def test_between_the_editors(env_as, visit):
    with env_as("mina") as env:
        key = template(env, channel="mail")
    mina, url = visit("mina"), f"/x/messaging/template/{key}?lang=en"
    mina.post(url, {"subject": "s", "mode": "visual", "design": json.dumps(DESIGN), "do": "source"})
    row = stored(env_as, key, "en")
    assert row.design is None and "max-width:600px" in row.body
    page = mina.get(url).get_data(as_text=True)
    assert 'name="body"' in page and "has no blocks any more" in page
    mina.post(url, {"subject": "s", "mode": "source", "body": "<p>{{ last_name }}</p>", "do": "visual", "version": str(row.version)})
    row = stored(env_as, key, "en")
    assert row.design == [{"kind": "html", "source": "<p>{{ last_name }}</p>"}] and "{{ last_name }}" in row.body


def test_what_is_wrong_is_said_and_nothing_is_lost(env_as, visit):
    with env_as("mina") as env:
        key = template(env, en="Hello")
    mina, url = visit("mina"), f"/x/messaging/template/{key}?lang=en"
    answer = mina.post(url, {"mode": "source", "body": "one\n{{ nonsense }}", "do": "save"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Line 2: There is no field “nonsense”" in text and "{{ nonsense }}</textarea>" in text
    version = stored(env_as, key, "en").version
    assert mina.post(url, {"mode": "source", "body": "two", "do": "save", "version": str(version)}).status_code == 303
    answer = mina.post(url, {"mode": "source", "body": "three", "do": "save", "version": str(version)})
    assert answer.status_code == 409 and "three</textarea>" in answer.get_data(as_text=True)
    assert mina.post(url, {"do": "remove"}).status_code == 303 and stored(env_as, key, "en") is None


def test_who_may_write_and_look(env_as, visit):
    with env_as("mina") as env:
        key = template(env, en="Hello {{ last_name }}")
    with env_as("reza") as env:
        foreign = env.create(LEAD, {"last_name": "Zq9secret"})
    sara, url = visit("sara"), f"/x/messaging/template/{key}"
    page = sara.get(url).get_data(as_text=True)
    assert 'value="save"' not in page and "readonly" in page
    assert sara.post(f"{url}?lang=en", {"mode": "source", "body": "mine", "do": "save"}).status_code in (403, 404, 422)
    assert sara.post(f"{url}/files?lang=en", {"remove": "1"}).status_code in (403, 404)
    assert sara.get(f"{url}/settings").status_code == 404 and sara.get("/x/messaging/template/new").status_code == 403
    answer = sara.post(f"{url}/preview?lang=en", {"mode": "source", "body": "{{ last_name }}", "preview_record": str(foreign)})
    assert answer.status_code == 404 and "Zq9secret" not in answer.get_data(as_text=True)
    assert "no record that you may see" in sara.get(f"{url}/preview?lang=en").get_data(as_text=True)
    assert sara.post(f"{url}/picture", {"file": (io.BytesIO(b"x"), "x.png")}).status_code == 404
    assert visit("nobody").get(url).status_code in (403, 404)
    assert stored(env_as, key, "en").body == "Hello {{ last_name }}"


def test_files_and_pictures(env_as, visit):
    from addons.messaging import templating
    with env_as("sara") as env:
        lead = env.create(LEAD, {"last_name": "Karimi"})
    with env_as("mina") as env:
        key = template(env, channel="mail", en=("s", "<p>x</p>"))
    mina, url = visit("mina"), f"/x/messaging/template/{key}"
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fea7358184"
                        "0000000049454e44ae426082")
    answer = mina.post(f"{url}/picture", {"file": (io.BytesIO(png), "dot.png")})
    number = answer.get_json()["number"]
    assert mina.post(f"{url}/picture", {"file": (io.BytesIO(b"<svg/>"), "x.svg")}).status_code == 422
    assert mina.post(f"{url}/files?lang=en", {"file": (io.BytesIO(b"hello"), "فاکتور.txt")}).status_code == 303
    design = json.dumps([{"kind": "picture", "file": str(number), "alt": "A dot", "width": "50"}])
    form = {"subject": "s", "mode": "visual", "design": design, "do": "save", "version": str(stored(env_as, key, "en").version)}
    assert mina.post(f"{url}?lang=en", form).status_code == 303
    shown = mina.post(f"{url}/preview?lang=en", {**form, "preview_record": str(lead)}).get_data(as_text=True)
    assert "data:image/png;base64," in shown and "فاکتور.txt" in shown and 'width="276"' in shown
    with env_as("sara") as env:
        made = templating.render(env, key, LEAD, [lead])[lead]
        assert made.pictures == (number,) and len(made.files) == 1 and "A dot" in made.text
    file = stored(env_as, key, "en").files[0].id
    mina.post(f"{url}/files?lang=en", {"remove": str(file)})
    assert list(stored(env_as, key, "en").files) == []


@pytest.mark.database("sqlite")
def test_a_design_is_safe_whatever_comes(env_as):
    odd = [{"kind": "picture", "file": "1\"><script>", "width": "9" * 50}, {"kind": "button", "colour": "red;x:y", "url": '"><b>'},
           {"kind": "text", "html": "<script>x</script><p onclick=x>a</p>"}, {"kind": "heading"}]
    for given in ("", "x", "[" * 3000, "{}", "[1, null, {}]", json.dumps([{"kind": "block", "name": '"%}{{ x }}<b>'}] * 300), odd):
        blocks = template_design.blocks_of(given)
        html = template_design.to_html(blocks, "fa")
        assert len(blocks) <= 100 and "<script" not in html and "onclick" not in html and '""><b>' not in html and "{{ x }}" not in html
    bright = template_design.blocks_of([{"kind": "button", "colour": "#ffee00", "text": "a"}])
    assert template_design.to_html(bright, "en").count("#16181b") == 1


def test_the_editor_in_few_statements(env_as, visit, installation):
    with env_as("mina") as env:
        key = template(env, channel="mail", en=("s", "<p>{{ last_name }}</p>"), fa=("s", "<p>x</p>"))
    mina = visit("mina")
    mina.get(f"/x/messaging/template/{key}?lang=en")
    with query_budget(installation, 22):
        assert mina.get(f"/x/messaging/template/{key}?lang=en").status_code == 200
