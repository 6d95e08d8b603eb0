"""A program: enable the scaffold's addon `geo` in a fresh installation and use it over HTTP. Argument: the data folder."""

from __future__ import annotations

import sys
from pathlib import Path

from core.addons.lifecycle import enable
from core.api import SYSTEM
from core.testing import conformance
from core.testing.browser import Visitor
from core.testing.plugin import create_people, open_installation, user_id

LEAD = "leads.lead"


def main(data: Path) -> None:
    """Enable, then: field, rule, section, button."""
    inst = open_installation(f"sqlite:///{data / 'scaffold.sqlite3'}", data, ("base",))
    assert enable(inst, ["geo"]) == ["contacts", "leads", "geo"]
    create_people(inst)
    sara = Visitor(inst, user_id(inst, "sara"))
    with inst.env(inst.load_actor(user_id(inst, "sara"))) as env:
        today = env.today
        key = env.create(LEAD, {"last_name": "Karimi"})
    refused = sara.post(f"/r/{LEAD}/{key}/field/geo_code", {"geo_code": "a1"})
    assert refused.status_code == 422 and "capital letters" in refused.get_data(as_text=True), "the rule"
    assert sara.post(f"/r/{LEAD}/{key}/field/geo_code", {"geo_code": "AB"}).status_code == 200, "the field"
    page = sara.get(f"/r/{LEAD}/{key}").get_data(as_text=True)
    assert 'id="s-geo"' in page and f"/r/{LEAD}/{key}/run/geo_mark_checked" in page, "the section and the button"
    assert sara.post(f"/r/{LEAD}/{key}/run/geo_mark_checked").status_code == 303
    with inst.env(SYSTEM, write=False) as env:
        lead = env.get(LEAD, key, "geo_code", "geo_checked_on")
        assert (lead.geo_code, lead.geo_checked_on) == ("AB", today)
    conformance.check(inst, "geo")
    inst.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
