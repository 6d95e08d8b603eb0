"""Names of record types, channels and purposes are shown as what they stand for: in lists, filters, exports, and back again."""

import re

import pytest

from core.api import SYSTEM, ValidationFailed
from core.exchange import exporting
from core.exchange.exporting import Wanted
from core.exchange.offered import import_fields
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = pytest.mark.addons("messaging", "leads")


@pytest.fixture
def batch(installation, pigeon):
    """A mass sending to leads."""
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, "admin"), {"language": "fa"})
        return env.create("messaging.batch", {
            "name": "Spring", "channel": "pigeon", "account": pigeon.account, "purpose": "offers", "record_type": "leads.lead",
            "owner": user_id(installation, "admin")})


def test_a_list_shows_what_names_stand_for(installation, batch):
    page = Visitor(installation, user_id(installation, "admin")).get("/r/messaging.batch?columns=name,record_type,channel,purpose").text
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "سرنخ‌ها" in body and "پیشنهادها" in body and "Pigeon" in body
    assert "leads.lead" not in body and ">offers<" not in body
    assert '<option value="leads.lead"' in page.partition("<tbody>")[0], "and it is filtered by choosing"


def test_it_is_filtered_and_told_in_words(installation, batch):
    admin = Visitor(installation, user_id(installation, "admin"))
    page = admin.get("/r/messaging.batch?filter.record_type=leads.lead").text
    assert f'data-id="{batch}"' in page and re.search(r'class="chip">.*?سرنخ‌ها', page, re.DOTALL)
    assert f'data-id="{batch}"' not in admin.get("/r/messaging.batch?filter.record_type=contacts.contact").text


def test_a_purpose_that_is_renamed_is_called_so_at_once(installation, batch):
    admin = Visitor(installation, user_id(installation, "admin"))
    assert "پیشنهادها" in admin.get(f"/r/messaging.batch/{batch}").text
    with installation.env(SYSTEM) as env:
        key = env.query("messaging.purpose").where('key == "offers"').ids()[0]
        env.update("messaging.purpose", key, {"other_names": {"fa": "تخفیف‌ها"}})
    assert "تخفیف‌ها" in admin.get(f"/r/messaging.batch/{batch}").text


def test_exports_say_it_and_imports_read_it(installation, batch, env_as):
    with env_as("admin") as env:
        wanted = Wanted("messaging.batch", ("name", "record_type", "purpose"))
        assert list(exporting.rows(env, wanted))[0] == ["Spring", "سرنخ‌ها", "پیشنهادها"]
        target = next(f for f in import_fields(env, "base.view") if f.name == "record_type")
        assert any(o.value == "leads.lead" and "Leads" in o.labels.values() for o in target.options)


def test_a_type_that_is_not_there_is_refused(env_as):
    with env_as("sara") as env, pytest.raises(ValidationFailed):
        env.create("base.view", {"name": "Mine", "record_type": "leads.leed"})


def test_a_name_that_is_not_known_stays_in_its_form(installation, pigeon):
    """Such as one of a channel whose addon was disabled: saving the form for another reason does not empty it."""
    with installation.env(SYSTEM) as env:
        key = env.create("messaging.template", {"name": "Old", "purpose": "gone", "channel": "sms"})
    admin = Visitor(installation, user_id(installation, "admin"))
    page = admin.get(f"/x/messaging/template/{key}/settings").text
    assert re.search(r'<option value="gone" selected', page)


def test_types_that_one_may_not_read_are_not_offered(installation, env_as):
    with installation.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        rights = env.get("base.profile", profile, "record_rights").record_rights or {}
        env.update("base.profile", profile, {"record_rights": {**rights, "leads.lead": {"read": False}}})
    with env_as("sara") as env:
        values = [o.value for o in env.registry.record("base.view").field("record_type").offered(env)]
        assert "contacts.contact" in values and "leads.lead" not in values
