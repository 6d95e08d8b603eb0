"""No text reads what its sender may not, reaches into Python, or eats time and memory."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from addons.messaging import templating
from addons.messaging.tests.template_help import give, people, template  # noqa: F401 - a fixture
from core.api import AccessDenied, NotFound, share

pytestmark = [pytest.mark.addons("messaging", "leads", "sales")]
LEAD = "leads.lead"
SECRET = "Zq9secret"
PIECES = ["\n", " ", "{{", "}}", "{%", "%}", "{##", "##}", "if", "for", "in", "endfor", "endif", "else", "include", "|",
          "(", ")", "[", "]", "'", '"', ".", "~", "*", "**", "+", "-", "/", "//", "%", "<", ">", "==", "not", "and", "or",
          "is", "defined", "loop", "self", "last_name", "owner", "tags", "company", "my.name", "today", "created_at",
          "__class__", "__mro__", "lipsum", "cycler", "namespace", "range", "attr", "map", "format", "date", "money",
          "default", "join", "1", "9999999", "1e308", "x", "set", "macro", "endmacro", "call", "raw", "endraw", "block",
          "extends", "import", "filter", "&lt;", "<b>", "</b>", "{", "}"]
PARTS = st.lists(st.sampled_from(PIECES), max_size=14)
ATTACKS = """
{{ ''.__class__ }}
{{ last_name.__class__.__mro__ }}
{{ lipsum.__globals__ }}
{{ cycler.__init__ }}
{{ self }}
{{ self._TemplateReference__context }}
{{ last_name|attr('__class__') }}
{{ '%s'|format(last_name) }}
{{ '{0.__class__}'.format(last_name) }}
{{ last_name['__class__'] }}
{{ range(10) }}
{{ namespace }}
{{ joiner }}
{{ dict }}
{{ [].append }}
{{ owner.password_hash }}
{{ owner.totp_secret }}
{{ env }}
{{ config }}
{{ request }}
{% import 'x' as y %}
{% extends 'base.html' %}
{% set x = 1 %}
{% macro m() %}{% endmacro %}
{% include last_name %}
{% include 'messaging/template_edit.html' %}
{% include ['a','b'] %}
{% for a in ''.__class__ %}{% endfor %}
{{ loop }}
{{ tags|map('x') }}
{% for c, d in tags %}{% endfor %}
{% filter upper %}x{% endfilter %}
{% block a %}{% endblock %}
{{ last_name.upper() }}
{{ x if }}
{{ 7 % 2 }}
""".strip().splitlines()


@pytest.fixture
def lead(env_as, people):  # noqa: F811
    """Sara's lead."""
    with env_as("sara") as env:
        return env.create(LEAD, {"last_name": "Karimi", "company": "Pars"})


def rendered(env, body, key, *, html=False, record=LEAD):
    return templating.render_text(env, record, [key], "", body, html, languages={key: "en"})[key]


@pytest.mark.parametrize("body", ATTACKS)
@pytest.mark.database("sqlite")
def test_known_ways_out_lead_nowhere(env_as, lead, body):
    with env_as("sara") as env:
        assert templating.check(env, LEAD, "sms", "", body)
        made = rendered(env, body, lead)
        assert not set("<{") & set(made.text) and "class" not in made.text and "function" not in made.text


@pytest.mark.database("sqlite")
def test_any_text_is_refused_or_rendered(env_as, lead):
    with env_as("sara") as env:
        @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.one_of(PARTS.map(" ".join), PARTS.map("".join), PARTS.map(lambda p: "{{ " + " ".join(p[:7]) + " }}"),
                         st.text(max_size=60)), st.booleans())
        @example("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", False)
        @example("{{ " + "-" * 5000 + "1 }}", True)
        @example("{% if a %}" * 300 + "{% endif %}" * 300, False)
        @example("{{ 1" + "0" * 5000 + " }}", False)
        @example("{{ " + "1+" * 3000 + "1 }}", False)
        @example("{{ 1e999 * 0 }}{{ -1e999 }}", False)
        def holds(body, html):
            problems = templating.check(env, LEAD, "mail" if html else "sms", "", body)
            made = rendered(env, body, lead, html=html)
            assert problems or not made.problem
            assert "object at 0x" not in made.text and "<class" not in made.text
            assert all(env.t(p) for p in problems)
        holds()


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("body", [
    "{{ 'a' * 1000000000 }}", "{{ 9999999999 ** 99999 }}", "{{ 'x' ~ ('y' * 10000000) }}", "{{ '%1000000000s' % last_name }}",
    "{{ last_name|truncate(999999999999) }}", "{{ tags|join('" + "x" * 90000 + "') }}", "x" * 100_001, "{{ last_name }}" * 3000,
    "{% for a in tags %}" * 3 + "{% endfor %}" * 3, "{{ 999999999999999999 * 999999999999999999 * 999999999999999999 }}"])
def test_bombs_do_not_go_off(env_as, lead, body):
    with env_as("sara") as env:
        before = time.monotonic()
        templating.check(env, LEAD, "sms", "", body)
        made = rendered(env, body, lead)
        assert time.monotonic() - before < 3 and len(made.text) <= 200_000


@pytest.mark.database("sqlite")
def test_long_loops_end(env_as, people):  # noqa: F811
    with env_as("admin") as env:
        account = env.create("contacts.account", {"name": "Pars"})
        env.create("contacts.contact", [{"last_name": f"L{i}", "account": account, "description": "d" * 3000} for i in range(230)])

        def made(body):
            return rendered(env, body, account, record="contacts.account")

        inside = "{% if 1 + 1 == 3 %}x{% endif %}" * 50
        assert made("{% for c in contacts %}.{% endfor %}").text == "." * 200
        assert made("{% for c in contacts %}{{ c.description }}{% endfor %}").problem
        before = time.monotonic()
        assert made(f"{{% for c in contacts %}}{{% for d in contacts %}}{inside}{{% endfor %}}{{% endfor %}}").problem
        assert time.monotonic() - before < 5


def test_a_field_hidden_by_the_profile_is_missing(env_as, lead):
    with env_as("admin") as env:
        env.update(LEAD, lead, {"description": SECRET})
        body = "{{ last_name }} {{ description|default(\"-\") }}{{ description }}{% if description %}!{% endif %}{{ description ~ \"\" }}"
        key = template(env, en=body)
        profile = env.query("base.user").where('login == "sara"').select("profile").rows()[0]["profile"].id
        env.update("base.profile", profile, {"field_rights": {LEAD: {"description": "hidden"}}})
    with env_as("sara") as env:
        made = templating.render(env, key, LEAD, [lead])[lead]
        assert SECRET not in str(made) and made.text == "Karimi -" and made.missing == ("description",)
        assert templating.check(env, LEAD, "sms", "", body)


def test_records_and_rows_of_others_are_missing(env_as, people):  # noqa: F811
    """A link to a record that the sender does not see, and children of which only one is the sender's to see."""
    with env_as("admin") as env:
        account, closed = env.create("contacts.account", [{"name": "Open"}, {"name": SECRET}])
        seen, _other = env.create("contacts.contact", [{"last_name": "Shared", "account": account},
                                                       {"last_name": SECRET, "account": account}])
        apart = env.create("contacts.contact", {"last_name": "Apart", "account": closed})
        sara = env.query("base.user").where('login == "sara"').ids(1)[0]
        user = f"user:{sara}"
        share(env, "contacts.contact", [seen, apart], user)
        share(env, "contacts.account", [account], user)
        rows = template(env, record="contacts.account", en="{{ name }}:{% for c in contacts %}{{ c.last_name }}{% endfor %}")
        linked = template(env, name="linked", record="contacts.contact", en=(
            "{{ last_name }}{{ account.name }}{{ account }}{% for c in account.contacts %}{{ c.last_name }}{% endfor %}"))
        assert SECRET in templating.render(env, rows, "contacts.account", [account])[account].text
    with env_as("sara") as env:
        assert templating.render(env, rows, "contacts.account", [account])[account].text == "Open:Shared"
        made = templating.render(env, linked, "contacts.contact", [apart])[apart]
        assert made.text == "Apart" and set(made.missing) == {"account.name", "account"}


def test_records_of_others_are_left_out(env_as, people):  # noqa: F811
    with env_as("sara") as env:
        own = env.create(LEAD, {"last_name": "Own"})
    with env_as("reza") as env:
        foreign = env.create(LEAD, {"last_name": SECRET})
    with env_as("mina") as env:
        key = template(env, en="{{ last_name }}")
    with env_as("sara") as env:
        made = templating.render(env, key, LEAD, [own, foreign])
        assert set(made) == {own} and SECRET not in str(made)


def test_templates_and_blocks_need_rights(env_as, lead):
    with env_as("admin") as env:
        key = template(env, en="{{ last_name }}")
        block = env.create("messaging.block", {"name": "sign", "channel": "sms"})
        env.create("messaging.block_version", {"block": block, "language": "en", "body": SECRET})
        give(env, "omid")
        for profile in env.query("base.profile").select("sets").rows():
            env.update("base.profile", profile["id"], {"sets": [s for s in profile["sets"] or () if not s.startswith("messaging.")]})
    with env_as("omid") as env:
        own = env.create(LEAD, {"last_name": "Own"})
        with pytest.raises((NotFound, AccessDenied)):
            templating.render(env, key, LEAD, [own])
        made = rendered(env, "A {% include \"sign\" %}", own)
        assert made.text == "A" and made.missing == ("sign",)
    with env_as("sara") as env:
        assert rendered(env, "A {% include \"sign\" %}", lead).text == f"A {SECRET}"
        with pytest.raises(AccessDenied):
            template(env, en="x")


def test_files_of_others_do_not_go_along(env_as, lead):
    with env_as("reza") as env:
        foreign = env.create(LEAD, {"last_name": "Other"})
        with env.elevated("a file for a test") as sudo:
            file = sudo.create("base.file", {"name": "secret.png", "digest": "0" * 64, "size": 3, "media_type": "image/png",
                                             "about": (LEAD, foreign)})
    with env_as("admin") as env:
        key = template(env, channel="mail", en=("s", f'<p>x</p><img src="/files/{file}?inline=1">'))
        version = env.query("messaging.template_version").where(f"template == {key}").ids(1)[0]
        with env.elevated("a file for a test") as sudo:
            sudo.update("messaging.template_version", version, {"files": [file]})
        assert templating.render(env, key, LEAD, [lead])[lead].files == (file,)
    with env_as("sara") as env:
        made = templating.render(env, key, LEAD, [lead])[lead]
        assert made.files == () and made.pictures == () and "<img" not in made.html
