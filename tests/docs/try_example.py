"""A program: enable the example addon in a fresh installation and use it over HTTP. Argument: the data folder."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from core.addons.lifecycle import enable
from core.api import SYSTEM
from core.testing import conformance
from core.testing.browser import Visitor
from core.testing.plugin import create_people, open_installation, user_id

LEAD = "leads.lead"


def main(data: Path) -> None:
    """Enable, then: the field in the form and on the page, the rule, the button."""
    inst = open_installation(f"sqlite:///{data / 'example.sqlite3'}", data, ("leads",))
    assert enable(inst, ["visits"]) == ["visits"]
    create_people(inst)
    sara = Visitor(inst, user_id(inst, "sara"))
    with inst.env(inst.load_actor(user_id(inst, "sara"))) as env:
        today = env.today
        key = env.create(LEAD, {"last_name": "Karimi", "company": "Pars Tech"})

    form = sara.get(f"/r/{LEAD}/{key}/edit").get_data(as_text=True)
    assert 'name="visits_next_on"' in form and 'name="visits_last_on"' not in form, "the field"
    page = sara.get(f"/r/{LEAD}/{key}").get_data(as_text=True)
    assert "Next visit" in page and "visits_done" not in page, "the section; the button fits leads with a plan only"

    def plan(day: dt.date) -> int:
        return sara.post(f"/r/{LEAD}/{key}/field/visits_next_on", {"visits_next_on": day.isoformat()}).status_code

    refused = sara.post(f"/r/{LEAD}/{key}/field/visits_next_on", {"visits_next_on": "2001-01-01"})
    assert refused.status_code == 422 and "This day has passed." in refused.get_data(as_text=True), "the rule"
    assert plan(today + dt.timedelta(days=3)) == 200
    page = sara.get(f"/r/{LEAD}/{key}").get_data(as_text=True)
    assert f"/r/{LEAD}/{key}/run/visits_done" in page and "Visited today" in page, "the button"
    assert sara.post(f"/r/{LEAD}/{key}/run/visits_done").status_code == 303

    with inst.env(SYSTEM, write=False) as env:
        lead = env.get(LEAD, key, "visits_next_on", "visits_last_on")
        assert (lead.visits_next_on, lead.visits_last_on) == (None, today)
    persian = inst.catalogs.translate(inst.registry.record(LEAD).field("visits_next_on").label, "fa")
    assert persian == "بازدید بعدی", persian
    conformance.check(inst, "visits")
    inst.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
