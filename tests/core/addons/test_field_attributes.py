"""What a field may be told besides its type, each seen working through the record API and in the database."""

import contextlib
import datetime as dt

import pytest
from sqlalchemy import inspect

from core.addons import lifecycle
from core.api import fields
from core.errors import DefinitionError, SarnakhError, ValidationFailed
from core.testing.plugin import open_installation, user_id

pytestmark = [pytest.mark.addons("base"), pytest.mark.folders("tests/fixtures/addons")]
RECORDS = """
from core.api import F, ME, NOW, Record, TODAY, fields, fn
class Thing(Record):
    record_name = "attr.thing"
    record_traits = ("owned",)
    name = fields.Text("Name", required=True, search=True, help="What it is called")
    code = fields.Text("Code", unique=True, size=8)
    kind = fields.Choice("Kind", options=[("a", "A", "red"), ("b", "B")], default="b", index=True)
    since = fields.Date("Since", default=TODAY)
    until = fields.Date("Until", default=fn.add_days(TODAY, 30))
    noted_at = fields.DateTime("Noted", default=NOW)
    keeper = fields.Link("base.user", "Keeper", default=ME)
    share = fields.Percent("Share", default=lambda env: "12.5")
    memo = fields.Text("Memo", tracked=False)
    pin = fields.Text("Pin", sensitive=True)
    plan = fields.File("Plan")
    face = fields.Image("Face")
    colours = fields.MultiChoice("Colours", options=[("r", "Red"), ("g", "Green")])
    price = fields.Money("Price", currency="currency")
    currency = fields.Link("base.currency", "Currency")
"""


@pytest.fixture
def things(installation, make_addon):
    folder = make_addon("attr", api="1", depends=["base"], files={"records.py": RECORDS}).parent
    with contextlib.closing(open_installation(installation.settings.database.url, folder / "d", folders=(str(folder),))) as inst:
        lifecycle.enable(inst, ["attr"])
        yield inst


@contextlib.contextmanager
def acting(inst):
    with inst.env(inst.load_actor(user_id(inst, "admin"))) as env:
        yield env


def test_defaults_are_constants_functions_or_expressions(things):
    with acting(things) as env:
        one = env.get("attr.thing", env.create("attr.thing", {"name": "x"}))
        assert (one.kind, one.since, one.until) == ("b", env.today, env.today + dt.timedelta(days=30))
        assert one.keeper.id == env.actor.id == one.owner.id and str(one.share) in ("12.5", "12.5000") and one.noted_at == env.now
        two = env.get("attr.thing", env.create("attr.thing", {"name": "y", "kind": "a", "since": None, "keeper": None}))
        assert (two.kind, two.since, two.keeper) == ("a", None, None), "what is given, empty too, is no default"


def test_required_unique_and_size_are_told_together(things):
    with acting(things) as env:
        env.create("attr.thing", {"name": "x", "code": "A1"})
        with pytest.raises(ValidationFailed) as failed:
            env.create("attr.thing", [{"name": ""}, {"name": "y", "code": "A1"}, {"name": "z", "code": "A" * 9}])
        assert sorted((e.index, e.field) for e in failed.value.errors) == [(0, "name"), (1, "code"), (2, "code")]


def test_history_knows_what_is_tracked_and_hides_what_is_sensitive(things):
    with acting(things) as env:
        key = env.create("attr.thing", {"name": "x"})
        env.update("attr.thing", key, {"name": "y", "memo": "m", "pin": "0000"})
        audit = env.registry.system.audit
        [changes] = [r.changes for r in env.execute(audit.select().where(audit.c.record == "attr.thing", audit.c.action == "update"))]
        assert set(changes) == {"name", "pin"} and changes["name"] == ["x", "y"] and "0000" not in str(changes)


def test_indexed_and_searchable(things):
    indexed = {tuple(i["column_names"]) for i in inspect(things.engine).get_indexes("attr_thing")}
    assert ("kind",) in indexed and ("code",) in indexed
    with acting(things) as env:
        key = env.create("attr.thing", {"name": "Gülşen", "memo": "hidden"})
        assert env.query("attr.thing").search("gulsen").ids() == [key] and env.query("attr.thing").search("hidden").ids() == []


def test_files_images_several_choices_and_money(things):
    with acting(things) as env:
        currency = env.query("base.currency").ids()[0]
        values = {"name": "plan.pdf", "digest": "0" * 64, "size": 3, "media_type": "application/pdf"}
        with pytest.raises(ValidationFailed, match="read-only"):
            env.create("base.file", values)
        with env.elevated("a file is stored") as trusted:
            file = trusted.create("base.file", values)
        key = env.create("attr.thing", {"name": "x", "plan": file, "colours": ["g", "r"], "price": "۱۲٫۵", "currency": currency})
        one = env.get("attr.thing", key)
        assert one.colours == ["g", "r"] and str(one.price) in ("12.5", "12.5000") and one.currency.id == currency
        assert (one.plan.id, one.plan.label, one.face) == (file, "plan.pdf", None)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize(("default", "said"), [("F.name", "reads other fields"), ("F.nothing", "nothing")])
def test_a_default_that_cannot_be_is_refused_when_enabling(installation, make_addon, default, said):
    folder = make_addon("attrbad", api="1", depends=["base"], files={
        "records.py": RECORDS.replace("attr.", "attrbad.").replace("default=ME", f"default={default}")}).parent
    with contextlib.closing(open_installation(installation.settings.database.url, folder / "d", folders=(str(folder),))) as inst:
        with pytest.raises(SarnakhError, match=said):
            lifecycle.enable(inst, ["attrbad"])
        assert "attrbad" not in inst.registry.addons


def test_bounds_may_be_written_as_text_and_must_be_numbers():
    for made in (fields.Decimal("Weight", minimum="0.1", maximum=2.5), fields.Integer("Pieces", minimum="1", maximum=9)):
        assert made.clean("2", None) == 2
        for wrong in ("0", "11"):
            with pytest.raises(ValueError, match="At "):
                made.clean(wrong, None)
    for wrong in ("much", True, "NaN", [1]):
        with pytest.raises(DefinitionError, match="Weight.*are numbers"):
            fields.Decimal("Weight", minimum=wrong)
