"""What the bell says goes out as each chose: by mail, in a daily summary, by SMS; and nothing that its reader may not see."""

import datetime as dt

import pytest
from sqlalchemy import text

from addons.base.notices import Notice, notify
from addons.messaging import notice_choices, notice_sending
from addons.messaging.notice_choices import Wish
from core.api import SYSTEM, F
from core.testing.browser import Visitor
from core.testing.plugin import user_id

pytestmark = [pytest.mark.addons("messaging", "leads")]
AT = "/x/messaging/notifications"


@pytest.fixture
def mails(monkeypatch):
    sent = []
    monkeypatch.setattr(notice_sending, "can_mail", lambda env: True)
    monkeypatch.setattr(notice_sending, "mail", lambda env, to, subject, body: sent.append((to, subject, body)))
    return sent


def chooses(env_as, who, **kinds):
    with env_as(who) as env:
        notice_choices.save(env, {k: Wish(**v) for k, v in kinds.items()})


def address(installation, who, **values):
    with installation.env(SYSTEM) as env:
        env.update("base.user", user_id(installation, who), {"email": f"{who}@crm.example", **values})


def tell(installation, who, kind="mention", about=None, words="Reza mentioned you"):
    with installation.env(SYSTEM) as env:
        notify(env, [Notice(user_id(installation, who), kind, words, about)])


def test_by_mail_at_once(env_as, pigeon, work, installation, mails):
    address(installation, "sara")
    address(installation, "reza")
    chooses(env_as, "sara", mention={"mail": True})
    with env_as("sara") as env:
        lead = env.create("leads.lead", {"last_name": "Karimi"})
    tell(installation, "sara", about=("leads.lead", lead))
    tell(installation, "sara", kind="assigned")
    tell(installation, "reza")
    work()
    assert [(to, subject) for to, subject, _b in mails] == [("sara@crm.example", "Reza mentioned you: Karimi")]


def test_nothing_that_the_reader_may_not_see(env_as, pigeon, work, installation, mails):
    address(installation, "sara")
    chooses(env_as, "sara", mention={"mail": True, "digest": True})
    with env_as("reza") as env:
        lead = env.create("leads.lead", {"last_name": "Secret"})
    tell(installation, "sara", about=("leads.lead", lead))
    work()
    assert mails == []


def test_no_bell_and_no_mails(env_as, pigeon, work, installation, mails):
    address(installation, "sara")
    with env_as("sara") as env:
        notice_choices.save(env, {"mention": Wish(bell=False, mail=True)})
        notice_choices.save_settings(env, {"mails": False})
    tell(installation, "sara")
    work()
    assert mails == []
    with env_as("sara") as env:
        assert env.query("base.notification").where(F.read_at.is_null()).count() == 0


def test_one_summary_a_day(env_as, pigeon, work, installation, mails):
    with installation.env(SYSTEM) as env:
        hour = env.now.astimezone(dt.timezone(dt.timedelta(hours=3, minutes=30))).hour
    address(installation, "sara", time_zone="Asia/Tehran")
    address(installation, "reza", time_zone="Asia/Tehran")
    for who, chosen in (("sara", hour), ("reza", (hour + 5) % 24)):
        with env_as(who) as env:
            notice_choices.save(env, {"*": Wish(digest=True), "assigned": Wish()})
            notice_choices.save_settings(env, {"hour": chosen, "mails": True})
        tell(installation, who)
        tell(installation, who, words="Another")
        tell(installation, who, kind="assigned", words="Not this")
    for _turn in range(2):
        with installation.env(SYSTEM) as env:
            notice_sending.digests(env)
    assert len(mails) == 1
    to, subject, body = mails[0]
    assert to == "sara@crm.example" and "2" in subject and "Another" in body and "Not this" not in body


def test_the_night_is_quiet():
    from zoneinfo import ZoneInfo  # noqa: PLC0415
    tehran = ZoneInfo("Asia/Tehran")
    night = dt.datetime(2026, 11, 27, 20, 0, tzinfo=dt.UTC)
    assert notice_choices.morning(night, tehran) == dt.datetime(2026, 11, 28, 3, 30, tzinfo=dt.UTC)
    day = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)
    assert notice_choices.morning(day, tehran) == day


def test_the_page(env_as, pigeon, installation):
    visitor = Visitor(installation, user_id(installation, "sara"))
    assert AT in visitor.get("/me").text
    shown = visitor.get(AT)
    assert shown.status_code == 200 and "mention mail" in shown.text
    assert visitor.post(AT, {"on": ["mention mail", "mention bell", "* bell", "* digest"]}).status_code == 303
    assert visitor.post(AT, {"hour": "17"}).status_code == 303
    with env_as("sara") as env:
        mine = notice_choices.mine(env)
        assert (mine["mention"], mine["*"], mine["assigned"]) == (Wish(mail=True), Wish(digest=True), Wish(bell=False))
        assert notice_choices.my_settings(env) == (True, 17)
    assert visitor.post(f"{AT}/off").status_code == 303
    with env_as("sara") as env:
        assert notice_choices.my_settings(env) == (False, 17)


def test_choices_of_others_are_closed(env_as, pigeon, installation):
    chooses(env_as, "sara", mention={"mail": True})
    for who in ("reza", "mina", "boss"):
        with env_as(who) as env:
            assert env.query("messaging.preference").ids() == []
            with pytest.raises(Exception):  # noqa: B017 - refused, whatever it is called
                env.create("messaging.preference", {"user": user_id(installation, "sara"), "kind": "assigned", "mail": True})


def test_every_line_is_counted_once(env_as, pigeon, work, installation, mails):
    """A job that was done twice is not: the mark of the job and the mail are one transaction."""
    address(installation, "sara")
    chooses(env_as, "sara", mention={"mail": True})
    tell(installation, "sara")
    work()
    with installation.env(SYSTEM) as env:
        waiting = text("SELECT count(*) FROM sys_job WHERE topic LIKE 'base.notified%' AND state = 'queued'")
        assert env.connection.execute(waiting).scalar() == 0
    work()
    assert len(mails) == 1
