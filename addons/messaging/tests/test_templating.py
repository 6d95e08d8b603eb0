"""Texts filled in for records: fields, loops, languages, calendars, blocks, parameters, files."""

import pytest

from addons.base import placeholders
from addons.messaging import templating
from addons.messaging.templating_values import language_path, languages_of
from addons.messaging.tests.template_help import TEMPLATE, VERSION, people, template  # noqa: F401 - a fixture
from core.api import NotFound, ValidationFailed
from core.testing.plugin import query_budget

pytestmark = [pytest.mark.addons("messaging", "leads", "sales")]
LEAD = "leads.lead"


def told(env, body, key, *, html=False, lang="en", record=LEAD, subject="", **extras):
    """The text for one record."""
    made = templating.render_text(env, record, [key], subject, body, html, languages={key: lang}, extras=extras)[key]
    assert not made.problem
    return made.html if html else made.text


@pytest.fixture
def lead(env_as, people):  # noqa: F811
    """Sara's lead."""
    with env_as("sara") as env:
        return env.create(LEAD, {"last_name": "Karimi", "first_name": "Ali Reza", "company": "Pars & Co <x>", "preferred_language": "fa"})


def test_fields_filters_and_conditions(env_as, lead):
    with env_as("sara") as env:
        assert told(env, "{{ last_name|upper }} {{ first_name|first_word }} {{ my.first_name }}", lead) == "KARIMI Ali Sara"
        assert told(env, "{{ email|default(\"none\") }}, {{ company }}", lead) == "none, Pars & Co <x>"
        assert told(env, "{% if email %}a{% elif status == \"new\" %}b{% else %}c{% endif %}", lead) == "b"
        assert told(env, "{{ 2 * 3 + 1 }} {{ 1000000|number }} {{ 12.5|percent }}", lead) == "7 1,000,000 12.5%"
        assert told(env, "{{ \"a\" ~ last_name }} {{ \"İstanbul\"|lower }}", lead, lang="tr") == "aKarimi istanbul"
        assert told(env, "{{ owner.name|lower|title }} {{ last_name|truncate(4) }}", lead) == "Sara Seller Kar…"
        assert told(env, "{{ unsubscribe_url }}", lead, unsubscribe_url="https://x.example/u") == "https://x.example/u"
        assert told(env, "{% if created_at > today %}later{% else %}{{ created_at|date(\"long\") == \"\" }}{% endif %}", lead) == "no"


def test_days_and_numbers_are_those_of_the_recipient(env_as, lead):
    with env_as("sara") as env:
        body = "{{ created_at|date }} {{ 1234.5|number }}"
        persian, english = told(env, body, lead, lang="fa"), told(env, body, lead, lang="en")
        assert "۱٬۲۳۴٫۵" in persian and "1,234.5" in english
        year = env.now.year
        assert str(year) in english and any(c in persian for c in "۰۱۲۳۴۵۶۷۸۹") and str(year) not in persian


def test_missing_values_are_told_and_html_is_escaped(env_as, lead):
    with env_as("sara") as env:
        body = "<p>{{ company }} {{ mobile }} {{ description }}</p>"
        made = templating.render_text(env, LEAD, [lead], "Hi {{ email }}", body, True)[lead]
        assert made.html == "<p>Pars &amp; Co &lt;x&gt;  </p>" and set(made.missing) == {"email", "mobile", "description"}
        assert made.text == "Pars & Co <x>" and made.subject == "Hi" and made.language == "fa"


def test_whatever_runs_is_cleaned_away(env_as, lead):
    with env_as("sara") as env:
        env.update(LEAD, lead, {"company": "javascript:alert(1)", "first_name": "x onclick=alert(1) "})
        body = ('<style>p { color: red }</style><p>a</p><script>alert(1)</script><a href="{{ company }}">b</a>'
                '<a href={{ first_name }}>c</a>'
                '<img src="data:x"><img src="/files/999?inline=1"><iframe src="https://x.example"></iframe><form><input></form>')
        html = told(env, body, lead, html=True)
        for word in ("script", "onclick", "javascript", "iframe", "<form", "<img", "<style"):
            assert word not in html
        assert 'style="color: red' in html.replace(";", "")


def test_loops_over_lines(env_as, people):  # noqa: F811
    with env_as("admin") as env:
        account = env.create("contacts.account", {"name": "Pars"})
        for i in range(3):
            env.create("contacts.contact", {"last_name": f"L{i}", "account": account})
        body = "{% for c in contacts %}{{ loop.index }}{{ c.last_name }}{{ \", \" if not loop.last }}{% else %}nobody{% endfor %}"
        text = told(env, body, account, record="contacts.account")
        assert text.count("L") == 3 and text.startswith("1") and text.count(",") == 2
        empty = env.create("contacts.account", {"name": "Nobody's"})
        assert told(env, body, empty, record="contacts.account") == "nobody"
        inner = "{% for c in contacts if c.last_name != \"L1\" %}{{ c.last_name }}{{ c.account.name }} {% endfor %}"
        assert told(env, inner, account, record="contacts.account").count("Pars") == 2
        contact = env.query("contacts.contact").where(f"account == {account}").ids(1)[0]
        assert told(env, "{% for c in account.contacts %}.{% endfor %}", contact, record="contacts.contact") == "..."


def test_placeholders_that_were_valid_before_are_valid_here(env_as, lead):
    with env_as("sara") as env:
        for text in ("{{last_name}} {{ owner.name }}", "{{ my.first_name }}, {{today}}", "100 % {{ company }} {x} #{1}",
                     "{{ status }} {{created_at}}"):
            assert not list(placeholders.problems(env, LEAD, text))
            assert templating.check(env, LEAD, "sms", "", text) == []
            assert told(env, text, lead, lang=env.lang) == placeholders.fill(env, LEAD, lead, text, html=False)


def test_the_record_decides_the_language(env_as, lead):
    with env_as("mina") as env:
        key = template(env, fa="سلام {{ last_name }}", en="Hello {{ last_name }}")
        only = template(env, name="only", tr="Merhaba")
    with env_as("sara") as env:
        other = env.create(LEAD, {"last_name": "Smith"})
        turkish = env.create(LEAD, {"last_name": "Kaya", "preferred_language": "tr"})
        made = templating.render(env, key, LEAD, [lead, other, turkish])
        assert [(made[k].text, made[k].language) for k in (lead, other, turkish)] == [
            ("سلام Karimi", "fa"), ("Hello Smith", "en"), ("Hello Kaya", "en")]
        assert templating.render(env, key, LEAD, [other], {other: "fa"})[other].text == "سلام Smith"
        assert templating.version_for(env, only, "fa")[0] == "tr"
        assert templating.render(env, only, LEAD, [lead])[lead].text == "Merhaba"
        with pytest.raises(NotFound):
            templating.render(env, key, "contacts.contact", [1])


def test_the_language_of_the_contact_that_a_record_is_about(env_as, people):  # noqa: F811
    with env_as("admin") as env:
        contact = env.create("contacts.contact", {"last_name": "Kaya", "preferred_language": "tr"})
        task = env.create("sales.quote", {
            "subject": "Q", "account": env.create("contacts.account", {"name": "A"}), "contact": contact})
        assert language_path(env, "sales.quote").endswith(".preferred_language")
        assert languages_of(env, "sales.quote", [task]) == {task: "tr"}


def test_blocks_are_put_in(env_as, lead):
    with env_as("admin") as env:
        block = env.create("messaging.block", {"name": "sign", "channel": "sms"})
        env.create("messaging.block_version", [{"block": block, "language": "en", "body": "Yours, {{ my.name }}"},
                                               {"block": block, "language": "fa", "body": "ارادتمند، {{ my.name }}"}])
        mail = env.create("messaging.block", {"name": "mail only", "channel": "mail"})
        env.create("messaging.block_version", {"block": mail, "language": "en", "body": "<b>x</b>"})
        loop = env.create("messaging.block", {"name": "loop", "channel": "sms"})
        env.create("messaging.block_version", {"block": loop, "language": "en", "body": "{% include \"loop\" %}"})
    with env_as("sara") as env:
        assert told(env, "A {% include \"sign\" %}", lead) == "A Yours, Sara Seller"
        assert told(env, "A {% include \"sign\" %}", lead, lang="fa").startswith("A ارادتمند")
        made = templating.render_text(env, LEAD, [lead], "", "A {% include \"mail only\" %}", False)[lead]
        assert (made.text, made.missing) == ("A", ("mail only",))
        assert "no text block" in env.t(templating.check(env, LEAD, "sms", "", "{% include \"nothing\" %}")[0])
        assert templating.render_text(env, LEAD, [lead], "", "{% include \"loop\" %}", False)[lead].problem


def test_what_a_writer_is_told(env_as, people):  # noqa: F811
    with env_as("mina") as env:
        assert [env.t(p) for p in templating.check(env, LEAD, "sms", "", "a\n{{ nonsense }}\n{% for x in last_name %}{% endfor %}")] == [
            "Line 2: There is no field “nonsense” for a placeholder.",
            "Line 3: There is no field “last_name” that holds several records."]
        key = template(env)
        with pytest.raises(ValidationFailed):
            env.create(VERSION, {"template": key, "language": "en", "body": "{{ nonsense }}"})
        with pytest.raises(ValidationFailed):
            env.create(TEMPLATE, {"name": "x", "record_type": "no.such", "channel": "sms"})
        env.create(VERSION, {"template": key, "language": "en", "body": "{{ last_name }} {{ company }}"})
        with pytest.raises(ValidationFailed):
            env.update(TEMPLATE, key, {"record_type": "contacts.account"})


def test_approved_texts_have_parameters(env_as, lead):
    with env_as("mina") as env:
        key = template(env)
        env.create(VERSION, {"template": key, "language": "en", "body": "Code {{ code }}", "approved": "verify",
                             "parameters": "token: {{ code }}\ntoken2: {{ last_name }}"})
    with env_as("sara") as env:
        made = templating.render(env, key, LEAD, [lead], extras={lead: {"code": "4711"}})[lead]
        assert (made.template, dict(made.parameters), made.text) == ("verify", {"token": "4711", "token2": "Karimi"}, "Code 4711")


def test_a_thousand_records_in_a_fixed_number_of_statements(env_as, people, installation):  # noqa: F811
    body = "<p>{{ last_name }} {{ owner.name }} {{ company.name }} {{ today }}{% for t in tags %}{{ t.name }}{% endfor %}</p>"
    with env_as("mina") as env:
        key = template(env, channel="mail", en=("Hi {{ first_name }}", body))
    with env_as("sara") as env:
        keys = env.create(LEAD, [{"last_name": f"N{i}", "first_name": f"F{i}"} for i in range(1000)])
        templating.render(env, key, LEAD, keys[:2])
        with query_budget(installation, 9):
            made = templating.render(env, key, LEAD, keys)
        assert len(made) == 1000 and not any(one.problem for one in made.values())
        assert made[keys[7]].html.startswith("<p>N7 Sara Seller") and made[keys[999]].subject == "Hi F999"
