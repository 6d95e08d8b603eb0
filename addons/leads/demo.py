"""Leads of a demo company: the same in every installation of the same day, spread over a year."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from core.api import Env

from .choices import ACTIVE, DEAD_REASONS, JUNK_REASONS
from .conversion import Decision, convert
from .targets import ACCOUNT, CONTACT

COUNT = 400
PERSIAN = (
    ("علی", "رضا", "سارا", "مریم", "محمد", "فاطمه", "حسین", "نرگس", "امیر", "زهرا", "مهدی", "لیلا", "بهرام", "شیرین", "کاوه",
     "پریسا", "آرش", "نگار", "سعید", "الهام"),
    ("محمدی", "حسینی", "احمدی", "رضایی", "کریمی", "موسوی", "جعفری", "صادقی", "رحیمی", "قاسمی", "نوری", "کاظمی", "شریفی",
     "یوسفی", "اکبری", "زارع", "بهرامی", "امینی"),
    ("پارس صنعت", "آریا تجارت", "فناوران نوین", "سپهر گستر", "کیان پلاست", "مهر ماشین", "نیک آفرین", "البرز دارو",
     "زاگرس فولاد", "ایده پردازان شرق", "کویر موتور", "سبز دشت خزر"),
    ("تهران", "اصفهان", "مشهد", "شیراز", "تبریز", "کرج", "اهواز"), "fa", "IR")
ENGLISH = (
    ["James", "Emma", "Oliver", "Sophia", "Daniel", "Grace", "Henry", "Alice", "Thomas", "Laura", "Peter", "Helen"],
    ["Carter", "Bennett", "Hughes", "Foster", "Morgan", "Reed", "Parker", "Shaw", "Turner", "Collins", "Wright"],
    ("Northwind Tools", "Bluebell Foods", "Harbour Logistics", "Summit Health", "Granite Media", "Orchard Energy",
     "Silverline Retail", "Beacon Software"), ("London", "Manchester", "Leeds", "Dubai", "Berlin"), "en", "GB")
TURKISH = (
    ["Ahmet", "Ayşe", "Mehmet", "Zeynep", "Mustafa", "Elif", "Emre", "Fatma", "Burak", "Selin", "Can", "Özlem"],
    ["Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Yıldız", "Aydın", "Öztürk", "Arslan", "Doğan", "Koç"],
    ("Anadolu Makina", "Ege Tekstil", "Boğaziçi Yazılım", "Marmara Lojistik", "Toros Gıda", "Karadeniz Enerji",
     "Yıldız Plastik"), ("İstanbul", "Ankara", "İzmir", "Bursa", "Konya"), "tr", "TR")
TITLES = {"fa": ("مدیر عامل", "مدیر خرید", "مدیر فروش", "کارشناس فنی", "مدیر فناوری اطلاعات"),
          "en": ("Managing director", "Head of purchasing", "Sales manager", "IT manager", "Engineer"),
          "tr": ("Genel müdür", "Satın alma müdürü", "Satış müdürü", "Bilgi işlem müdürü", "Mühendis")}
STATUSES = ("raw",) * 8 + ("new",) * 16 + ("contacted",) * 16 + ("nurturing",) * 12 + ("mal",) * 6 + ("mql",) * 8 + \
    ("sal",) * 6 + ("sql",) * 6 + ("ready",) * 4 + ("junk",) * 7 + ("dead",) * 7 + ("recycle",) * 4
INDUSTRIES = ("manufacturing", "retail", "technology", "health", "transport", "energy", "construction", "education")
CAMPAIGNS = (None, None, "نوروز ۱۴۰۵", "Spring fair", "Sonbahar kampanyası", "Newsletter")
NOTES = {"fa": "درخواست پیش‌فاکتور دارد.", "en": "Asked for a quotation.", "tr": "Teklif istedi."}


def create(env: Env) -> None:
    """Make the leads, once."""
    owners = env.query("base.user").where("active").order("id").ids()
    if not owners or env.query("leads.lead").deleted(None).archived(None).exists():
        return
    dice = random.Random(1405)  # noqa: S311 - believable, not secret
    sources = env.query("leads.source").order("id").ids()
    countries = {r["code"]: r["id"] for r in env.query("base.country").where('code in ("IR", "GB", "TR")').select("code").rows()}
    made = env.create("leads.lead", [_lead(env, dice, i, sources, owners, countries) for i in range(COUNT)], source="demo")
    talked = [key for i, key in enumerate(made) if i % 5 == 0]
    env.create("base.note", [{"about": ("leads.lead", key), "body": f"<p>{NOTES[('fa', 'en', 'tr')[i % 3]]}</p>"}
                             for i, key in enumerate(talked)])
    for key in made[3::11]:
        status = env.get("leads.lead", key, "status").status
        if status in ACTIVE:
            convert(env, key, {ACCOUNT: Decision(), CONTACT: Decision()})
    _form(env, sources, owners[0])


def _lead(env: Env, dice: random.Random, i: int, sources: Sequence[int], owners: Sequence[int],
          countries: dict[str, int]) -> dict[str, Any]:
    first, last, companies, cities, lang, country = dice.choices((PERSIAN, ENGLISH, TURKISH), (60, 20, 20))[0]
    status = dice.choice(STATUSES)
    begun = env.now - dt.timedelta(days=dice.randint(0, 360), minutes=dice.randint(0, 1400))
    touched = begun + (env.now - begun) * dice.random()
    row: dict[str, Any] = {
        "first_name": dice.choice(first), "last_name": dice.choice(last), "status": status, "city": dice.choice(cities),
        "job_title": dice.choice(TITLES[lang]), "country": countries.get(country), "preferred_language": lang,
        "source": dice.choice(sources) if sources else None, "owner": dice.choice(owners), "campaign": dice.choice(CAMPAIGNS),
        "rating": dice.choice(("hot", "warm", "warm", "cold", None)), "industry": dice.choice(INDUSTRIES),
        "first_touch_at": begun, "last_touch_at": touched,
        "last_touch_channel": dice.choice(("phone", "email", "meeting", "web")), "status_changed_at": touched,
        "mobile": _mobile(country, i), "email": f"lead{i:03d}@example.{country.lower()}"}
    if dice.random() < 0.8:
        row |= {"company": dice.choice(companies), "employees": dice.choice((8, 25, 60, 140, 400, 1200))}
    if status in ("mql", "sal", "sql", "ready"):
        row |= {"bant_budget": dice.choice(("yes", "yes", "unknown")), "bant_authority": dice.choice(("yes", "no", "unknown")),
                "bant_need": "yes", "bant_timeline": dice.choice(("month", "quarter", "year"))}
    if status == "junk":
        row["junk_reason"] = dice.choice(JUNK_REASONS)[0]
    if status == "dead":
        row["dead_reason"] = dice.choice(DEAD_REASONS)[0]
    return row


def _mobile(country: str, i: int) -> str:
    return {"IR": f"+98912{2000000 + i * 137:07d}", "GB": f"+447400{100000 + i * 13:06d}",
            "TR": f"+90532{2000000 + i * 119:07d}"}[country]


def _form(env: Env, sources: Sequence[int], owner: int | None) -> None:
    env.create("leads.web_form", {
        "name": "تماس با ما", "language": "fa", "source": sources[0] if sources else None, "owner": owner,
        "campaign": "site",
        "shown": ["first_name", "last_name", "company", "mobile", "email", "description"], "needed": ["last_name", "mobile"],
        "thanks": "سپاسگزاریم. همکاران ما به زودی با شما تماس می‌گیرند.", "origins": "https://www.example.com"})
