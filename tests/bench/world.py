"""The installation that is measured: many leads, fifty people in a five-level role tree, private sharing with rules."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.installation import Installation
from core.security.actor import SYSTEM, Actor
from core.testing.plugin import drop_postgres, new_postgres, open_installation

LEVELS = (1, 3, 6, 15, 25)
FIRST = ("سارا", "رضا", "مریم", "علی", "نگار", "Ayşe", "Mehmet", "Elif", "John", "Emma", "حسین", "زهرا")
LAST = ("کریمی", "رضایی", "محمدی", "احمدی", "Yılmaz", "Kaya", "Smith", "Brown", "موسوی", "جعفری")
COMPANIES = ("پارس گستر", "آریا صنعت", "Anadolu Gıda", "Northwind", "کیان تجارت", "Bosphorus Ltd", "سپهر داده")
STATUSES = ("raw", "new", "contacted", "nurturing", "mql", "sql")
Tell = Callable[[str], None]


@contextmanager
def world(database: str, folder: Path, tell: Tell) -> Iterator[Installation]:
    """An installation with people and rules, removed afterwards."""
    url = f"sqlite:///{folder / uuid.uuid4().hex}.sqlite3" if database == "sqlite" else new_postgres()
    inst = open_installation(url, folder / f"data-{database}", ("leads",))
    try:
        tell(f"{database}: people")
        people(inst)
        yield inst
    finally:
        inst.close()
        if database == "postgresql":
            drop_postgres(url)


def people(inst: Installation) -> None:
    """Fifty people in five levels, one sharing rule by owner and one by criteria."""
    with inst.env(SYSTEM) as env:
        profile = env.query("base.profile").where('name == "Standard"').ids()[0]
        above: list[int] = []
        number = 0
        for level, count in enumerate(LEVELS):
            roles = env.create("base.role", [{"name": f"Level {level}.{i}", **({"parent": above[i % len(above)]} if above else {})}
                                             for i in range(count)])
            env.create("base.user", [{"login": f"p{number + i}", "name": f"Person {number + i}", "profile": profile,
                                      "role": role, "time_zone": "Asia/Tehran"} for i, role in enumerate(roles)])
            number += count
            above = roles
        users = dict(zip((f"p{i}" for i in range(number)), env.query("base.user").where('login starts with "p"').order("id").ids(),
                         strict=True))
        env.create("base.sharing_rule", [
            {"name": "Peers", "record_type": "leads.lead", "owners": f"user:{users['p30']}", "share_with": f"user:{users['p31']}"},
            {"name": "Hot ones", "record_type": "leads.lead", "criteria": 'rating == "hot" and status == "sql"',
             "share_with": f"user:{users['p31']}"}])


def owners(inst: Installation) -> list[int]:
    """The sellers, lowest level of the tree."""
    with inst.env(SYSTEM, write=False) as env:
        return list(env.query("base.user").where('login starts with "p"').order("id").ids())[-LEVELS[-1]:]


def person(inst: Installation, login: str) -> Actor:
    """An actor by login name."""
    with inst.env(SYSTEM, write=False) as env:
        key = env.query("base.user").where(f'login == "{login}"').ids()[0]
    return inst.load_actor(key)


def leads(count: int, owner_ids: list[int], seed: int = 7) -> Iterator[dict[str, Any]]:
    """Believable leads, the same for the same seed."""
    chance = random.Random(seed)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for i in range(count):
        yield {"first_name": chance.choice(FIRST), "last_name": chance.choice(LAST), "company": chance.choice(COMPANIES),
               "email": f"lead{seed}x{i}@example.com", "mobile": f"+98912{i % 10_000_000:07d}", "status": chance.choice(STATUSES),
               "rating": chance.choice(("hot", "warm", "cold")), "annual_revenue": chance.randrange(10, 9000) * 1000,
               "first_touch_at": start + dt.timedelta(minutes=i), "city": chance.choice(("تهران", "تبریز", "İstanbul", "London")),
               "owner": owner_ids[i % len(owner_ids)]}
