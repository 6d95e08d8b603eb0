"""Calendar files: written and read back, invitations and answers, private addresses; and what hostile files may not do."""

import datetime as dt
import io
import re
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from addons.activities import calendar_routes, feeds, ical_import, ical_read, ical_write, invitations, series
from addons.activities.tests.conftest import ACTIVITY
from core.api import SYSTEM, NotFound, SarnakhError
from core.env import Env
from core.testing.browser import Visitor
from core.testing.plugin import query_budget, user_id
from core.web_api import Gate

pytestmark = [pytest.mark.addons("activities")]
GUEST, IMPORT, SETTINGS = "activities.guest", "/x/activities/import", "/x/activities/calendar-settings"
VALUES = ical_import.VALUES


def ics(*entries, method=""):
    head = f"METHOD:{method}\r\n" if method else ""
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n" + head + "".join(
        f"BEGIN:VEVENT\r\nDTSTAMP:20260101T000000Z\r\n{e}\r\nEND:VEVENT\r\n" for e in entries) + "END:VCALENDAR\r\n").encode()


def take(env, content):
    found = ical_import.plan(env, ical_read.read(content, env.tz).entries)
    return ical_import.take(env, found)


def exported(env, *ids):
    rows = env.query(ACTIVITY).archived(None).with_ids(ids).order("id").select(*ical_write.PATHS).rows()
    return ical_write.calendar([ical_write.component(row) for row in rows])


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=60).map(str.strip).filter(bool)
MOMENT = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2090, 1, 1)).map(lambda m: m.replace(microsecond=0, tzinfo=dt.UTC))
TIMED = st.builds(lambda m, s: {"starts_at": m, "ends_at": m + dt.timedelta(seconds=s)}, MOMENT, st.integers(0, 10**6))
WHOLE = st.builds(lambda m, d: {"all_day": True, "first_day": m.date(), "last_day": m.date() + dt.timedelta(days=d)}, MOMENT,
                  st.integers(0, 40))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT, TEXT, st.one_of(TIMED, WHOLE), st.booleans(), st.sampled_from(["low", "normal", "high"]),
       st.sampled_from(["task", "call", "meeting"]))
@pytest.mark.database("sqlite")
def test_what_is_exported_comes_back(env_as, subject, location, when, private, priority, kind):
    with env_as("sara") as env:
        key = env.create(ACTIVITY, {"subject": subject, "location": location, "private": private, "priority": priority,
                                    "kind": kind, **when})
        content = exported(env, key)
        before = env.query(ACTIVITY).with_ids([key]).select("kind", *VALUES).rows()[0]
    with env_as("reza") as env:
        assert take(env, content)["new"] == 1
        assert take(env, content) == {"new": 0, "changed": 0, "same": 1, "bad": 0}
        after = env.query(ACTIVITY).order("-id").select("kind", *VALUES).rows(1)[0]
        assert {n: before[n] for n in ("kind", *VALUES)} == {n: after[n] for n in ("kind", *VALUES)}


def test_again_and_changed(env_as):
    first = ics("UID:a\r\nSUMMARY:One\r\nDTSTART:20270101T100000Z\r\nDTEND:20270101T110000Z")
    later = ics("UID:a\r\nSUMMARY:Two\r\nDTSTART;VALUE=DATE:20270105\r\nDTEND;VALUE=DATE:20270107\r\nSEQUENCE:2")
    with env_as("sara") as env:
        assert take(env, first)["new"] == 1 and take(env, first)["same"] == 1 and take(env, later)["changed"] == 1
        row = env.query(ACTIVITY).select(*VALUES).rows()
        assert len(row) == 1 and row[0]["first_day"] == dt.date(2027, 1, 5) and row[0]["last_day"] == dt.date(2027, 1, 6)
        assert take(env, later)["same"] == 1
    with env_as("reza") as env:  # the same identifier of somebody else's is another activity
        assert take(env, later)["new"] == 1
        assert env.query(ACTIVITY).count() == 1


def test_series_in_their_own_zone(env_as, installation):
    content = ics("UID:s\r\nSUMMARY:Round\r\nDTSTART;TZID=Europe/Berlin:20270104T100000\r\nDTEND;TZID=Europe/Berlin:20270104T113000\r\n"
                  "RRULE:FREQ=WEEKLY;COUNT=20\r\nEXDATE;TZID=Europe/Berlin:20270111T100000",
                  "UID:s\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270118T100000\r\nSUMMARY:Moved\r\nDTSTART:20270119T100000Z",
                  "UID:bad\r\nSUMMARY:Bad\r\nDTSTART:20270104T100000Z\r\nRRULE:FREQ=SECONDLY")
    with env_as("sara") as env:
        assert take(env, content) == {"new": 2, "changed": 0, "same": 0, "bad": 1}
        assert take(env, content) == {"new": 0, "changed": 0, "same": 2, "bad": 1}
    with installation.env(SYSTEM) as env:
        series.materialise(Env(installation, env.connection, env.registry, SYSTEM, now=dt.datetime(2027, 1, 1, tzinfo=dt.UTC)))
    with env_as("sara") as env:
        rows = env.query(ACTIVITY).where("series is not null").order("starts_at").select("starts_at", "duration").rows()
        walls = [r["starts_at"].astimezone(ZoneInfo("Europe/Berlin")) for r in rows]
        assert len(rows) == 18 and {w.hour for w in walls} == {10} and {r["duration"] for r in rows} == {dt.timedelta(minutes=90)}
        assert not {dt.date(2027, 1, 11), dt.date(2027, 1, 18)} & {w.date() for w in walls}
        assert env.query(ACTIVITY).where('subject == "Moved"').count() == 1


def test_further_dates_are_entries_of_their_own(env_as):
    zone = "TZID=Europe/Berlin"
    content = ics(
        f"UID:f\r\nSUMMARY:Round\r\nDTSTART;{zone}:20270104T100000\r\nDTEND;{zone}:20270104T113000\r\nEXDATE;{zone}:20270802T100000\r\n"
        f"RDATE;{zone}:20270104T100000,20270705T100000,20270802T100000\r\nRDATE;VALUE=DATE:20271206\r\n"
        "RDATE;VALUE=PERIOD:20270901T060000Z/PT15M",
        f"UID:f\r\nRECURRENCE-ID;{zone}:20271206T100000\r\nSUMMARY:Moved\r\nDTSTART:20271207T090000Z",
        "UID:w\r\nSUMMARY:Days\r\nDTSTART;VALUE=DATE:20270104\r\nDTEND;VALUE=DATE:20270106\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
        "RDATE;VALUE=DATE:20270111,20270301")
    with env_as("sara") as env:
        assert take(env, content) == {"new": 6, "changed": 0, "same": 0, "bad": 0}
        assert take(env, content) == {"new": 0, "changed": 0, "same": 6, "bad": 0}
        rows = env.query(ACTIVITY).where('subject == "Round"').order("starts_at").select("starts_at", "ends_at", "uid").rows()
        assert [(r["starts_at"].isoformat(), (r["ends_at"] - r["starts_at"]).seconds // 60, r["uid"]) for r in rows] == [
            ("2027-01-04T09:00:00+00:00", 90, "f"), ("2027-07-05T08:00:00+00:00", 90, "f#20270705"),
            ("2027-09-01T06:00:00+00:00", 15, "f#20270901T060000Z")]
        days = env.query(ACTIVITY).where('subject == "Days" and series is null').select("first_day", "last_day").rows()
        assert [(d["first_day"], d["last_day"]) for d in days] == [(dt.date(2027, 3, 1), dt.date(2027, 3, 2))]
        assert env.query(ACTIVITY).where('subject == "Moved"').count() == 1
        later = content.replace(b"20270705T100000", b"20270706T100000")
        assert take(env, later)["new"] == 1


def test_many_further_dates_end_in_a_refusal_soon(env_as):
    dates = ",".join(f"{dt.date(2027, 1, 1) + dt.timedelta(days=n):%Y%m%d}" for n in range(900))
    daily = "UID:{}\r\nDTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=DAILY;INTERVAL=399\r\nRDATE;VALUE=DATE:" + dates
    never = [f"UID:n{n}\r\nDTSTART:20270201T000000Z\r\nRRULE:FREQ=YEARLY;BYWEEKNO={','.join(map(str, range(30, 53)))};BYMONTH=1"
             for n in range(100)]
    far = [f"UID:d{n}\r\nDTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=DAILY\r\nRDATE;VALUE=DATE:21991231" for n in range(100)]
    begun = time.perf_counter()
    with env_as("sara") as env:
        with pytest.raises(ical_read.BadFile):
            ical_read.read(ics(daily.format(1), daily.format(2)), env.tz)
        assert all(e.error for e in ical_read.read(ics(*never), env.tz).entries)
        ical_read.read(ics(*far), env.tz)
    assert time.perf_counter() - begun < 10


def test_importing_again_deletes_nothing_of_others(env_as, installation):
    series_of = "UID:s\r\nSUMMARY:{0}\r\nDTSTART:20270104T100000Z\r\nRRULE:FREQ=WEEKLY;COUNT=5"
    with env_as("sara") as env:
        take(env, ics(series_of.format("Round")))
    with installation.env(SYSTEM) as env:
        series.materialise(Env(installation, env.connection, env.registry, SYSTEM, now=dt.datetime(2027, 1, 1, tzinfo=dt.UTC)))
        handed = env.query(ACTIVITY).order("starts_at").ids()[2]
        env.update(ACTIVITY, handed, {"owner": user_id(installation, "boss"), "participants": [user_id(installation, "sara")]})
    with env_as("sara") as env:
        assert take(env, ics(series_of.format("Moved")))["changed"] == 1
    with env_as("boss") as env:
        assert env.get(ACTIVITY, handed, "subject").subject == "Round"


@pytest.mark.parametrize("content", [
    b"", b"hello", b"\x00\xff\xfe", b"BEGIN:VCALENDAR\r\n" * 50, b"x" * 1_000_001, b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 3000,
    ics(*["UID:x"] * 1001), b"\n" * 100_000, b"BEGIN:VCALENDAR\r\nX:" + b"a" * 90_000 + b"\r\nEND:VCALENDAR"])
def test_files_that_are_none_or_too_much(env_as, content):
    begun = time.perf_counter()
    with env_as("sara") as env, pytest.raises(ical_read.BadFile):
        ical_read.read(content, env.tz)
    assert time.perf_counter() - begun < 5


def test_bombs_are_entries_that_cannot_be_read(env_as):
    zone = ("BEGIN:VTIMEZONE\r\nTZID:Evil\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0100\r\n"
            "TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n")
    entries = ["UID:1\r\nDTSTART;TZID=Evil:20270101T100000", "UID:2\r\nDTSTART:99990101T000000Z", "DTSTART:20270101T000000Z",
               "UID:3\r\nDTSTART:20270101T000000Z\r\nDTEND:20260101T000000Z", "UID:4\r\nDTSTART:nonsense",
               "UID:5\r\nDTSTART:20270101T000000Z\r\nRRULE:FREQ=DAILY;COUNT=99999999",
               "UID:6\r\nDTSTART:20270101T000000Z\r\nDURATION:P99999999999D",
               "UID:7\r\nDTSTART:20270201T000000Z\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
               "UID:8\r\nDTSTART:20270201T000000Z\r\nRDATE:99990301T000000Z", "UID:9\r\nRDATE:20270301T000000Z"]
    content = ics(*entries).replace(b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT", 1)
    begun = time.perf_counter()
    with env_as("sara") as env:
        found = ical_read.read(content, env.tz).entries
        assert len(found) == len(entries) and all(e.error for e in found), [e.uid for e in found if not e.error]
        assert take(env, content)["bad"] == len(entries) and env.query(ACTIVITY).count() == 0
    assert time.perf_counter() - begun < 5


def test_the_page(installation, env_as):
    page = Visitor(installation, user_id(installation, "sara"))
    send = lambda content: page.post(IMPORT, {"file": (io.BytesIO(content), "a.ics")}, content_type="multipart/form-data")  # noqa: E731
    answer = send(ics("UID:a\r\nSUMMARY:<b>One</b>\r\nDTSTART:20270101T100000Z", "UID:b\r\nDTSTART:x"))
    assert answer.status_code == 200 and "&lt;b&gt;One" in answer.text and "1 new" in answer.text
    packed = re.search(r'name="content" value="([^"]+)"', answer.text)[1]
    assert page.post(IMPORT, {"content": packed, "go": "1"}).status_code == 303
    with env_as("sara") as env:
        assert env.query(ACTIVITY).count() == 1
    assert send(b"nonsense").status_code == 422
    for wrong in ("x", "AAAA", "eJw="):
        assert page.post(IMPORT, {"content": wrong, "go": "1"}).status_code == 422


# ---------------------------------------------------------------- invitations
@pytest.fixture
def invited(env_as):
    """A meeting of Sara's to which a guest was invited, and the file."""
    with env_as("sara") as env:
        at = (env.now + dt.timedelta(days=3)).replace(microsecond=0)
        key = env.create(ACTIVITY, {"kind": "meeting", "subject": "Talk", "starts_at": at, "ends_at": at + dt.timedelta(hours=1)})
        env.create(GUEST, [{"activity": key, "name": "Guest", "email": "guest@example.com"}, {"activity": key, "name": "No address"}])
        return key, invitations.invite(env, key)


def reply(content, who="guest@example.com", status="ACCEPTED", stamp="20260601T000000Z", sequence=None):
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    number = event["SEQUENCE"] if sequence is None else sequence
    return ics(f"UID:{event['UID']}\r\nSEQUENCE:{number}\r\nDTSTART:20270101T000000Z\r\nATTENDEE;PARTSTAT={status}:mailto:{who}",
               method="REPLY").replace(b"DTSTAMP:20260101T000000Z", f"DTSTAMP:{stamp}".encode())


def note(env, content):
    return invitations.answered(env, ical_read.read(content, env.tz).entries[0])


def test_invited_and_answered(env_as, invited):
    key, content = invited
    made = Calendar.from_ical(content)
    event = made.walk("VEVENT")[0]
    assert made["METHOD"] == "REQUEST" and str(event["ATTENDEE"]).lower() == "mailto:guest@example.com" and "ORGANIZER" in event
    with env_as("sara") as env:
        assert note(env, reply(content))[2] == "accepted"
        assert sorted(r["answer"] for r in env.query(GUEST).select("answer").rows()) == ["accepted", "waiting"]
        assert note(env, reply(content, status="DECLINED", stamp="20260602T000000Z"))[2] == "declined"


@pytest.mark.parametrize("change", [{"who": "other@example.com"}, {"who": "guest@example.com.evil.org"}, {"status": "NONSENSE"}])
def test_forged_answers(env_as, invited, change):
    _key, content = invited
    with env_as("sara") as env:
        with pytest.raises(SarnakhError):
            note(env, reply(content, **change))
        assert {r["answer"] for r in env.query(GUEST).select("answer").rows()} == {"waiting"}


def test_answers_that_are_late_or_of_others(env_as, invited):
    key, content = invited
    with env_as("reza") as env, pytest.raises(SarnakhError):
        note(env, reply(content))
    with env_as("sara") as env:
        note(env, reply(content, stamp="20260605T000000Z"))
        with pytest.raises(SarnakhError):
            note(env, reply(content, status="DECLINED", stamp="20260601T000000Z"))
        env.update(ACTIVITY, key, {"starts_at": env.now + dt.timedelta(days=9)})
        assert env.get(ACTIVITY, key, "sequence").sequence == 1
        with pytest.raises(SarnakhError):
            note(env, reply(content, stamp="20260608T000000Z"))


def test_cancelled_by_who_invited_alone(env_as):
    entry = "UID:out\r\nSUMMARY:Outside\r\nDTSTART:20270101T100000Z\r\nORGANIZER:mailto:{}"
    with env_as("sara") as env:
        take(env, ics(entry.format("host@example.com"), method="REQUEST"))
        for address in ("other@example.com", ""):
            wrong = ical_read.read(ics(entry.format(address), method="CANCEL"), env.tz).entries[0]
            assert invitations.called_off(env, wrong) is None
        right = ical_read.read(ics(entry.format("host@example.com"), method="CANCEL"), env.tz).entries[0]
        key = invitations.called_off(env, right)
        assert env.get(ACTIVITY, key, "status").status == "cancelled"
    with env_as("reza") as env:
        assert invitations.called_off(env, right) is None


def test_answering_an_invitation_from_outside(env_as, installation):
    with env_as("sara") as env:
        take(env, ics("UID:out\r\nSUMMARY:Outside\r\nDTSTART:20270101T100000Z\r\nORGANIZER:mailto:host@example.com", method="REQUEST"))
        key = env.query(ACTIVITY).ids()[0]
    page = Visitor(installation, user_id(installation, "sara"))
    assert page.get(f"/r/{ACTIVITY}/{key}").status_code == 200 and page.get(f"/x/activities/{key}/answer").status_code == 200
    made = Calendar.from_ical(page.post(f"/x/activities/{key}/answer", {"answer": "accepted"}).data)
    assert made["METHOD"] == "REPLY" and made.walk("VEVENT")[0]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    stranger = Visitor(installation, user_id(installation, "reza"))
    assert stranger.post(f"/x/activities/{key}/answer", {"answer": "accepted"}).status_code in (404, 422)


# ---------------------------------------------------------------- addresses
@pytest.fixture(autouse=True)
def unread(monkeypatch):
    """A new count of reads: it is kept in the process, and tests before this one read, too."""
    monkeypatch.setattr(calendar_routes, "READS", Gate(calendar_routes.READS.limit))


def address(installation, login):
    page = Visitor(installation, user_id(installation, login)).post(SETTINGS, {"do": "make"})
    return re.search(r"/x/activities/feed/[\w-]+\.ics", page.text)[0]


def test_a_private_address(env_as, installation):
    reza = user_id(installation, "reza")
    with env_as("sara") as env:
        at = env.now + dt.timedelta(days=2)
        for values in ({"subject": "Open of Sara"}, {"subject": "Secret of Sara", "private": True},
                       {"subject": "Together", "participants": [reza]}, {"subject": "Off", "status": "cancelled"}):
            env.create(ACTIVITY, {"starts_at": at, **values})
    mine, his = address(installation, "sara"), address(installation, "reza")
    visitor = Visitor(installation)
    answer = visitor.get(mine)
    assert answer.status_code == 200 and {"Open of Sara", "Secret of Sara", "Together"} <= set(re.findall(r"SUMMARY:(.*?)\r", answer.text))
    assert "Off" not in answer.text and visitor.get(his).text.count("BEGIN:VEVENT") == 1
    again = visitor.get(mine, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    with installation.env(SYSTEM) as env:
        held = env.query(feeds.FEED).select("digest").rows()
        assert all(mine[21:-4] not in r["digest"] for r in held)
    newer = address(installation, "sara")
    assert visitor.get(mine).status_code == 404 and visitor.get(newer).status_code == 200
    Visitor(installation, user_id(installation, "sara")).post(SETTINGS, {"do": "revoke"})
    assert visitor.get(newer).status_code == 404


def test_addresses_cannot_be_guessed_or_read(env_as, installation):
    mine = address(installation, "sara")
    visitor = Visitor(installation)
    for wrong in ("x", "A" * 43, "%00" * 30, "a" * 500, mine[21:-5]):
        assert visitor.get(f"/x/activities/feed/{wrong}.ics").status_code in (400, 404, 429)
    assert {visitor.get(f"/x/activities/feed/{n:043}.ics").status_code for n in range(40)} == {404, 429}
    with env_as("reza") as env:
        assert env.query(feeds.FEED).count() == 0
    with env_as("sara") as env, pytest.raises(SarnakhError):
        env.query(feeds.FEED).select("digest").rows()
    with env_as("boss") as env, env.elevated("test") as sudo:
        sudo.update("base.user", user_id(installation, "sara"), {"active": False})
    with installation.env(SYSTEM) as env, pytest.raises(NotFound):
        feeds.reader(env, mine[len("/x/activities/feed/"):-4])


def test_statements_are_few_however_much_there_is(env_as, installation):
    with env_as("sara") as env:
        at = env.now + dt.timedelta(days=2)
        env.create(ACTIVITY, [{"subject": f"n{n}", "starts_at": at} for n in range(300)])
        token = feeds.make(env)
    with query_budget(installation, 8), installation.env(SYSTEM, write=False) as env:
        assert feeds.content(feeds.reader(env, token)).count(b"BEGIN:VEVENT") == 300
