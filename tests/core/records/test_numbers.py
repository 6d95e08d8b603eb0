"""Numbers of a series: none missing, none twice, whoever takes them at the same moment and whatever is rolled back."""

import datetime as dt
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.numbering import check_pattern
from core.security.actor import SYSTEM

pytestmark = [pytest.mark.addons("gates"), pytest.mark.folders("tests/fixtures/addons")]
DAY = dt.date(2026, 3, 20)  # the last day but one of 1404


def test_patterns_years_and_series(env_as):
    with env_as("sara") as env:
        def take(series="a", pattern="INV-{year}-{number:04}", on=DAY, **options):
            return env.next_number(series, pattern, on, **options)
        assert [take(), take(), take(on=DAY.replace(year=2027)), take()] == [
            "INV-2026-0001", "INV-2026-0002", "INV-2027-0001", "INV-2026-0003"]
        assert take("j", calendar="jalali") == "INV-1404-0001"
        assert take("j", on=dt.date(2026, 3, 21), calendar="jalali") == "INV-1405-0001"
        assert take("j", "{yy}/{number}", calendar="jalali") == "04/2"
        assert take("f", "{year}.{number}", starts=(4, 1)) == "2025.1"
        assert take("f", "{year}.{number}", dt.date(2026, 4, 1), starts=(4, 1)) == "2026.1"
        assert [take("plain", "Q{number}", on=d) for d in (DAY, DAY.replace(year=2030))] == ["Q1", "Q2"]


@pytest.mark.parametrize("bad", ["INV", "{year}", "{number.__class__}", "{number!r}", "{number:>9}", "{0}", "{number}{", "{x}{number}",
                                 "{number:999}"])
def test_patterns_that_are_refused(bad):
    with pytest.raises(ValueError, match="number"):
        check_pattern(bad)


@given(st.text(max_size=40))
def test_a_pattern_is_refused_or_harmless(text):
    try:
        check_pattern(text)
    except ValueError:
        return
    assert "{number" in text and text.count("{") == text.count("}")


def test_what_is_rolled_back_is_given_again(env_as, installation):
    with env_as("sara") as env:
        assert env.next_number("r", "{number}", DAY) == "1"
    def break_off(env):
        assert env.next_number("r", "{number}", DAY) == "2"
        raise RuntimeError
    with pytest.raises(RuntimeError), env_as("sara") as env:
        break_off(env)
    with env_as("sara") as env:
        with pytest.raises(RuntimeError), env.connection.begin_nested():
            break_off(env)
        assert env.next_number("r", "{number}", DAY) == "2"


@pytest.mark.database("postgresql")
def test_parallel_writers_leave_no_gap(installation):
    """Twelve at once, each issuing ten and failing now and then: every number from the first to the last, once."""
    taken, failed, start = [], [], threading.Barrier(12)

    def issue(who):
        start.wait(10)
        for i in range(10):
            try:
                with installation.env(SYSTEM) as env:
                    number = env.next_number("p", "{year}-{number}", DAY)
                    env.create("gates.pipeline", {"name": number})
                    if (who + i) % 4 == 0:
                        raise RuntimeError
            except RuntimeError:
                failed.append(number)
            else:
                taken.append(number)

    threads = [threading.Thread(target=issue, args=(who,)) for who in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(failed) == 30 and len(taken) == 90
    assert sorted(taken, key=lambda n: int(n[5:])) == [f"2026-{i}" for i in range(1, 91)]
    with installation.env(SYSTEM) as env:
        stored = [r["name"] for r in env.query("gates.pipeline").select("name").rows()]
    assert sorted(stored) == sorted(taken)
