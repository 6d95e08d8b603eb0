"""Templates: a thousand texts, in the time and the statements that they take."""

from __future__ import annotations

from collections.abc import Iterator

from addons.messaging import template_design, templating
from addons.messaging.template_choices import TEMPLATE, VERSION
from core.addons import lifecycle
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench.measure import Figure, figure, statements, timed

RECORDS = 1000
LEAD = "leads.lead"
SMS = "{{ first_name }}, {{ owner.name }}: {% if company %}{{ company }}{% else %}{{ last_name|upper }}{% endif %} {{ created_at|date }}"
DESIGN = [{"kind": "heading", "text": "Hello {{ first_name }}"}, {"kind": "button", "text": "{{ company }}", "url": "https://example.com/"},
          {"kind": "text", "html": "<p>Dear {{ last_name }}, {{ owner.name }} {% for t in tags %}{{ t.name }}{% endfor %} writes.</p>" * 5},
          {"kind": "footer", "html": '<p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>'}]


def texts(inst: Installation, database: str, quick: bool) -> Iterator[Figure]:
    """A thousand leads' texts of a template, as a text message and as a designed mail."""
    lifecycle.enable(inst, ["messaging"])
    with inst.env(SYSTEM) as env:
        known = env.query(LEAD).order("-id").ids(RECORDS)
        missing = RECORDS - len(known)
        owner = env.query("base.user").order("id").ids(1)[0]
        known += env.create(LEAD, [{"last_name": f"L{i}", "first_name": "F", "owner": owner} for i in range(missing)]) if missing else []
        mail = template_design.to_html(template_design.blocks_of(DESIGN), "en")
        made = {}
        for channel, body in (("sms", SMS), ("mail", mail)):
            made[channel] = env.create(TEMPLATE, {"name": f"Bench {channel}", "record_type": LEAD, "channel": channel})
            env.create(VERSION, {"template": made[channel], "language": "en", "subject": "Hi {{ first_name }}", "body": body})
    with inst.env(SYSTEM, write=False) as env:
        for channel, template in made.items():

            def render(key: int = template) -> None:
                assert len(templating.render(env, key, LEAD, known, extras={"unsubscribe_url": "https://example.com/u"})) == RECORDS

            median, p95 = timed(render, times=5 if quick else 15, warm=1)
            yield figure(f"template_{channel}", database, median, "ms", p95=round(p95, 2), queries=statements(inst, render), rows=RECORDS)
