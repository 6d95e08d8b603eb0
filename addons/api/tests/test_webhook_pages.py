"""The pages of webhooks."""

from __future__ import annotations

import re

import pytest

from addons.api.tests.receiving import Receiver, deliveries, reachable
from core.api import SYSTEM
from core.testing.browser import Visitor
from core.testing.jobs import run_jobs
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("api", "contacts"), pytest.mark.database("sqlite")]
CONTACT, URL = "contacts.contact", "/x/api/webhooks"


def test_from_the_first_form_to_sending_again(installation):
    with Receiver() as receiver, reachable(installation):
        admin = user_id(installation, "admin")
        visitor = Visitor(installation, admin)
        assert "New webhook" in visitor.get(URL).get_data(as_text=True)
        assert visitor.get(f"{URL}/new").status_code == 200
        form = f"{URL}/new?record_type={CONTACT}"
        values = {"name": "Shop", "url": receiver.url, "events": ["created", "changed"], "user": str(admin), "active": "1",
                  "active__present": "1", "sent": ["last_name"]}
        refused = visitor.post(form, {**values, "url": "ftp://x"})
        assert refused.status_code == 422 and "https://example.com/hook" in refused.get_data(as_text=True)
        shown = visitor.post(form, values).get_data(as_text=True)
        receiver.secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)[0]
        key = int(re.search(rf"{URL}/(\d+)", shown)[1])
        assert receiver.secret not in visitor.get(f"{URL}/{key}").get_data(as_text=True), "it is shown once"
        assert visitor.post(f"{URL}/{key}/test").status_code == 303
        run_jobs(installation)
        assert receiver.events() == ["test"]
        [sent] = deliveries(installation, key)
        with installation.env(SYSTEM, write=False) as env:
            number = env.query("api.delivery").ids()[0]
        page = visitor.get(f"{URL}/{key}/log/{number}").get_data(as_text=True)
        assert "This is a test." in page and "Thank you." in page and sent["key"] in page
        assert visitor.post(f"{URL}/{key}/log/{number}").status_code == 303
        run_jobs(installation)
        assert receiver.keys == [sent["key"]] * 2
        assert visitor.post(f"{URL}/{key}/log", {"what": "since", "hours": "24"}).status_code == 303
        run_jobs(installation)
        assert receiver.keys == [sent["key"]] * 3 and sent["event"] in visitor.get(f"{URL}/{key}/log").get_data(as_text=True)
        assert visitor.post(f"{URL}/{key}/secret").get_data(as_text=True).count("whsec_")
        assert visitor.post(f"{URL}/{key}", {**values, "name": "Renamed"}).status_code == 303
        assert "Renamed" in visitor.get(URL).get_data(as_text=True)
        assert visitor.post(f"{URL}/{key}/delete").status_code == 303
        assert "Renamed" not in visitor.get(URL).get_data(as_text=True).replace("Deleted", "")


def test_what_was_sent_is_for_whose_rights_read_it(installation):
    with Receiver() as receiver, reachable(installation):
        admin, boss = user_id(installation, "admin"), user_id(installation, "boss")
        with installation.env(SYSTEM) as env:
            key = env.create("api.webhook", {"name": "X", "url": receiver.url, "record_type": CONTACT, "user": admin,
                                             "events": ["created"]})
            env.create(CONTACT, {"last_name": "Zqxsecret", "owner": admin})
        run_jobs(installation)
        with installation.env(SYSTEM, write=False) as env:
            number = env.query("api.delivery").ids()[0]
            assert "Zqxsecret" in env.get("api.delivery", number, "request").request
        boss_ = Visitor(installation, boss)
        page = boss_.get(f"{URL}/{key}/log/{number}")
        assert page.status_code == 200 and "Zqxsecret" not in page.get_data(as_text=True)
        assert boss_.post(f"{URL}/{key}/secret").status_code == 403 and boss_.post(f"{URL}/{key}/test").status_code == 403
        assert Visitor(installation, admin).get(f"{URL}/{key}/log/{number}").get_data(as_text=True).count("Zqxsecret")
        for path in (URL, f"{URL}/new", f"{URL}/{key}", f"{URL}/{key}/log", f"{URL}/{key}/log/{number}"):
            assert Visitor(installation, user_id(installation, "sara")).get(path).status_code in (403, 404), path


def test_taking_a_webhook_over_shows_nothing_that_was_read_before(installation):
    with Receiver() as receiver, reachable(installation):
        admin, boss = user_id(installation, "admin"), user_id(installation, "boss")
        with installation.env(SYSTEM) as env:
            key = env.create("api.webhook", {"name": "X", "url": receiver.url, "record_type": CONTACT, "user": admin,
                                             "events": ["created"]})
            env.create(CONTACT, {"last_name": "Zqxsecret", "owner": admin})
        run_jobs(installation)
        with installation.env(SYSTEM) as env:
            number = env.query("api.delivery").ids()[0]
            env.update("api.webhook", key, {"user": boss})
        page = Visitor(installation, boss).get(f"{URL}/{key}/log/{number}")
        assert page.status_code == 200 and "Zqxsecret" not in page.get_data(as_text=True)
        with installation.env(SYSTEM, write=False) as env:
            assert env.get("api.delivery", number, "request").request is None
