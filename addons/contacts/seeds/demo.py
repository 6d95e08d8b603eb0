"""A believable demo company's customers: Persian, Turkish and English companies with their people. Always the same."""

from __future__ import annotations

import random
from typing import Any

from core.api import Env, F

SEED = 1405
SELLERS = ("sara", "reza", "ali", "ayse", "john")
CITIES = {
    "IR": (("تهران", "تهران"), ("اصفهان", "اصفهان"), ("شیراز", "فارس"), ("مشهد", "خراسان رضوی"), ("تبریز", "آذربایجان شرقی"),
           ("کرج", "البرز"), ("اهواز", "خوزستان"), ("رشت", "گیلان"), ("یزد", "یزد")),
    "TR": (("İstanbul", "Marmara"), ("Ankara", "İç Anadolu"), ("İzmir", "Ege"), ("Bursa", "Marmara"), ("Gaziantep", "Güneydoğu")),
    "GB": (("London", "England"), ("Manchester", "England"), ("Leeds", "England"), ("Bristol", "England")),
    "DE": (("Berlin", "Berlin"), ("Hamburg", "Hamburg"), ("München", "Bayern")),
}
PERSIAN_FIRST = ("پارس", "آریا", "البرز", "دماوند", "کاوه", "سپهر", "آفتاب", "نگین", "مهر", "پویا", "رایان", "زاگرس",
                 "هیرکان", "نوین", "آرمان", "کیان", "سپید", "توسعه", "همراه", "فرآیند")
PERSIAN_LAST = (("صنعت", "manufacturing"), ("داده‌پرداز", "technology"), ("تجارت", "retail"), ("عمران", "construction"),
                ("دارو", "health"), ("غذا", "agriculture"), ("خودرو", "automotive"), ("ترابر", "transport"), ("انرژی", "energy"),
                ("شیمی", "chemical"), ("ارتباطات", "telecom"), ("گردش", "tourism"))
PERSIAN_FORMS = ("شرکت {} (سهامی خاص)", "شرکت {}", "گروه {}", "{}", "مؤسسه {}")
TURKISH = (("Anadolu Tekstil", "manufacturing"), ("Boğaziçi Yazılım", "technology"), ("Ege Gıda", "agriculture"),
           ("Kapadokya Turizm", "tourism"), ("Marmara Lojistik", "transport"), ("Toros Enerji", "energy"),
           ("Yıldız İnşaat", "construction"), ("Akdeniz Otomotiv", "automotive"), ("Deniz Medya", "media"),
           ("Karadeniz Çay", "agriculture"), ("Başkent Sağlık", "health"), ("Meriç Danışmanlık", "consulting"))
ENGLISH = (("Northfield Engineering", "manufacturing"), ("Bright Harbour Media", "media"), ("Calder Logistics", "transport"),
           ("Ashdown Health", "health"), ("Pinewood Software", "technology"), ("Redbrick Construction", "construction"),
           ("Oakleaf Foods", "agriculture"), ("Silverline Telecom", "telecom"), ("Kingsway Education", "education"),
           ("Harrow Energy", "energy"), ("Lakeside Hotels", "tourism"), ("Meridian Consulting", "consulting"))
GERMAN = (("Brandt Maschinenbau", "manufacturing"), ("Spreewerk Software", "technology"), ("Nordlicht Energie", "energy"),
          ("Alster Handel", "retail"))
NAMES = {
    "IR": (("علی", "رضا", "محمد", "حسین", "سارا", "مریم", "زهرا", "نازنین", "امیر", "نیلوفر", "پریسا", "کامران", "شهرام", "لیلا"),
           ("رضایی", "کریمی", "محمدی", "حسینی", "احمدی", "مرادی", "جعفری", "قاسمی", "صادقی", "نجفی", "یوسفی", "شریفی", "طاهری")),
    "TR": (("Ayşe", "Mehmet", "Elif", "Mustafa", "Zeynep", "Emre", "Gülşen", "Hakan", "İrem", "Burak"),
           ("Yılmaz", "Demir", "Şahin", "Çelik", "Öztürk", "Kaya", "Aydın", "Arslan", "Doğan")),
    "GB": (("Emma", "James", "Olivia", "Thomas", "Grace", "Daniel", "Sophie", "Henry", "Chloe"),
           ("Walker", "Hughes", "Bennett", "Clarke", "Foster", "Murray", "Palmer", "Reid")),
    "DE": (("Anna", "Lukas", "Johanna", "Felix", "Katrin"), ("Schneider", "Weber", "Vogel", "Krüger", "Lang")),
}
TITLES = {"IR": ("مدیرعامل", "مدیر بازرگانی", "مدیر فناوری اطلاعات", "کارشناس خرید", "مدیر مالی", "کارشناس فنی"),
          "TR": ("Genel Müdür", "Satın Alma Müdürü", "BT Müdürü", "Mali İşler Müdürü", "Uzman", "Teknik Sorumlu"),
          "GB": ("Managing Director", "Head of Purchasing", "IT Manager", "Finance Director", "Buyer", "Engineer"),
          "DE": ("Geschäftsführer", "Einkaufsleitung", "IT-Leitung", "Finanzen", "Einkauf", "Technik")}
ROLES = ("decision_maker", "influencer", "technical", "payer", "user", "technical")
LANGUAGES = {"IR": "fa", "TR": "tr", "GB": "en", "DE": "de"}
CURRENCIES = {"IR": "IRR", "TR": "TRY", "GB": "GBP", "DE": "EUR"}
RATES = {"IR": 500_000_000, "TR": 400_000, "GB": 9_000, "DE": 10_000}
COUNTRIES = ("IR",) * 84 + ("TR",) * 18 + ("GB",) * 14 + ("DE",) * 6
WEIGHTED_TYPES = ("customer",) * 5 + ("prospect",) * 6 + ("partner", "vendor", "competitor")


def create(env: Env) -> None:
    """Create the companies, their people, roles and further numbers; nothing when there are accounts already."""
    owners = env.query("base.user").where("active").order("id").ids()
    if not owners or env.query("contacts.account").archived(None).exists():
        return
    sellers = env.query("base.user").where(F.login.isin(SELLERS)).order("id").ids() or owners
    dice = random.Random(SEED)  # noqa: S311 - the same companies every time, nothing secret
    links = {"countries": _by_code(env, "base.country"), "currencies": _by_code(env, "base.currency"),
             "tags": _tags(env)}
    rows = [_account(dice, number, country, sellers, links) for number, country in enumerate(COUNTRIES)]
    ids = env.create("contacts.account", rows)
    _groups(env, dice, ids, rows)
    people = _people(dice, ids, rows, links)
    keys = env.create("contacts.contact", [p for p, _place in people])
    _relations(env, dice, keys, people)
    _places(env, dice, ids, rows)


def _by_code(env: Env, record: str) -> dict[str, int]:
    return {r["code"]: r["id"] for r in env.query(record).select("code").rows()}


def _tags(env: Env) -> list[int]:
    names = (("VIP", "violet"), ("نمایشگاه", "teal"), ("صادرات", "blue"), ("Newsletter", "grey"))
    known = {r["name"]: r["id"] for r in env.query("base.tag").select("name").rows()}
    return [known.get(name) or env.create("base.tag", {"name": name, "colour": colour}) for name, colour in names]


def _company(dice: random.Random, number: int, country: str, city: str) -> tuple[str, str, str]:
    """(name, industry, domain) of a company; the number keeps names apart."""
    if country == "IR":
        first = PERSIAN_FIRST[number % len(PERSIAN_FIRST)]
        last, industry = PERSIAN_LAST[(number * 7 + number // len(PERSIAN_FIRST)) % len(PERSIAN_LAST)]
        return dice.choice(PERSIAN_FORMS).format(f"{first} {last}"), industry, f"company{number + 1:03d}.example.ir"
    names, forms = {"TR": (TURKISH, ("A.Ş.", "Ltd. Şti.")), "GB": (ENGLISH, ("Ltd", "Limited", "")),
                    "DE": (GERMAN, ("GmbH",))}[country]
    start = COUNTRIES.index(country)
    name, industry = names[(number - start) % len(names)]
    area = "" if number - start < len(names) else f" {city}"
    ends = {"TR": "example.com.tr", "GB": "example.co.uk", "DE": "example.de"}
    return f"{name}{area} {dice.choice(forms)}".strip(), industry, f"company{number + 1:03d}.{ends[country]}"


def _phone(dice: random.Random, country: str, mobile: bool = False) -> str:
    """A telephone number of the right form."""
    seven = f"{dice.randrange(10**6, 10**7):07d}"
    if country == "IR":
        return f"+98912{seven}" if mobile else f"+9821{8 if dice.random() < .7 else 2}{seven}"
    if country == "TR":
        return f"+90532{seven}" if mobile else f"+90212{dice.choice((2, 3, 4))}{seven[1:]}"
    if country == "GB":
        return f"+447400{seven[1:]}" if mobile else f"+442079460{dice.randrange(1000):03d}"
    return f"+49151{dice.randrange(10**7, 10**8)}" if mobile else f"+4930{dice.randrange(2 * 10**6, 9 * 10**6)}"


def legal_id(dice: random.Random) -> str:
    """An Iranian company's number with a right check digit."""
    start = f"10{dice.randrange(10**8):08d}"
    extra = int(start[9]) + 2
    total = sum((int(d) + extra) * w for d, w in zip(start, (29, 27, 23, 19, 17, 29, 27, 23, 19, 17), strict=True))
    return f"{start}{total % 11 % 10}"


def _account(dice: random.Random, number: int, country: str, owners: list[int], links: dict[str, Any]) -> dict[str, Any]:
    city, state = dice.choice(CITIES[country])
    name, industry, domain = _company(dice, number, country, city)
    people = int(dice.lognormvariate(4, 1.2)) + 2
    row = {
        "name": name,
        "type": dice.choice(WEIGHTED_TYPES),
        "industry": industry,
        "employees": people,
        "annual_revenue": min(people, 3000) * dice.randrange(3, 30) * RATES[country],
        "currency": links["currencies"].get(CURRENCIES[country]),
        "phone": _phone(dice, country),
        "email": f"info@{domain}",
        "website": f"https://www.{domain}",
        "rating": dice.choice(("hot", "warm", "cold", None)),
        "source": dice.choice(("Exhibition", "Website", "Referral", "Cold call")),
        "territory": state,
        "billing_city": city,
        "billing_state": state,
        "billing_country": links["countries"].get(country),
        "owner": dice.choice(owners),
        "tags": dice.sample(links["tags"], dice.choice((0, 0, 1, 2))),
    }
    if country == "IR" and dice.random() < .7:
        row["national_id"] = legal_id(dice)
    return row


def _groups(env: Env, dice: random.Random, ids: list[int], rows: list[dict[str, Any]]) -> None:
    """A few groups of companies, some of them two levels deep."""
    heads = ids[:6]
    below = {ids[6 + i]: heads[i % len(heads)] for i in range(14)}
    below |= {ids[20 + i]: ids[6 + i] for i in range(5)}
    env.update_each("contacts.account", {child: {"parent": parent} for child, parent in below.items()})


def _places(env: Env, dice: random.Random, ids: list[int], rows: list[dict[str, Any]]) -> None:
    """Branches, factories and further numbers of some companies."""
    places, points = [], []
    for number, (key, row) in enumerate(zip(ids, rows, strict=True)):
        country = COUNTRIES[number]
        if dice.random() < .4:
            city, state = dice.choice(CITIES[country])
            places.append({"account": key, "kind": dice.choice(("branch", "factory", "warehouse")), "name": city, "city": city,
                           "state": state, "country": row["billing_country"], "phone": _phone(dice, country)})
        if dice.random() < .4:
            points.append({"account": key, "kind": "phone", "label": "work", "value": _phone(dice, country)})
        if dice.random() < .3:
            points.append({"account": key, "kind": "email", "label": "work", "value": f"sales@{row['website'][12:]}"})
    env.create("contacts.address", places)
    env.create("contacts.account_point", points)


def _people(
    dice: random.Random, ids: list[int], rows: list[dict[str, Any]], links: dict[str, Any]
) -> list[tuple[dict[str, Any], int]]:
    made = []
    for number, (key, account) in enumerate(zip(ids, rows, strict=True)):
        country = COUNTRIES[number]
        for place in range(dice.choice((1, 2, 2, 3, 3, 4))):
            first, last = dice.choice(NAMES[country][0]), dice.choice(NAMES[country][1])
            job = TITLES[country][0 if place == 0 else dice.randrange(1, len(TITLES[country]))]
            made.append(
                (
                    {
                        "first_name": first,
                        "last_name": last,
                        "account": key,
                        "job_title": job,
                        "mobile": _phone(dice, country, mobile=True),
                        "email": f"person{number + 1:03d}{'abcd'[place]}@{account['website'][12:]}",
                        "preferred_language": LANGUAGES[country],
                        "preferred_channel": dice.choice(("phone", "email", "whatsapp", None)),
                        "do_not_sms": dice.random() < 0.08,
                        "do_not_email": dice.random() < 0.06,
                        "city": account["billing_city"],
                        "country": links["countries"].get(country),
                        "owner": account["owner"],
                    },
                    place,
                )
            )
    return made


def _relations(env: Env, dice: random.Random, keys: list[int], people: list[tuple[dict[str, Any], int]]) -> None:
    """Who reports to whom, who decides what, and second numbers."""
    boss, bosses, roles, points = 0, {}, [], []
    for key, (row, place) in zip(keys, people, strict=True):
        if place == 0:
            boss = key
        else:
            bosses[key] = {"reports_to": boss}
        roles.append({"account": row["account"], "contact": key, "role": ROLES[place], "primary": place == 0})
        if dice.random() < .35:
            points.append({"contact": key, "kind": "telegram", "label": "work", "value": f"@person{key}"})
        if dice.random() < .25:
            points.append({"contact": key, "kind": "email", "label": "home", "value": f"private{key}@example.com"})
    env.update_each("contacts.contact", bosses)
    env.create("contacts.contact_role", roles)
    env.create("contacts.contact_point", points)
