"""The names, companies and remarks of the demo company's leads, by language."""

from __future__ import annotations

from typing import NamedTuple


class Market(NamedTuple):
    """People (name, how it is written in an address), companies and places of one language."""

    lang: str
    country: str
    weight: int
    first: tuple[tuple[str, str], ...]
    last: tuple[tuple[str, str], ...]
    company_first: tuple[str, ...]
    company_last: tuple[str, ...]
    cities: tuple[str, ...]
    titles: tuple[str, ...]
    remarks: tuple[str, ...]
    domain: str


def _plain(*names: str) -> tuple[tuple[str, str], ...]:
    """Names with their spelling in an address: lower case, without marks."""
    table = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")
    return tuple((name, name.translate(table).lower()) for name in names)


MARKETS = (
    Market(
        "fa", "IR", 62,
        (("علی", "ali"), ("رضا", "reza"), ("سارا", "sara"), ("مریم", "maryam"), ("محمد", "mohammad"), ("فاطمه", "fatemeh"),
         ("حسین", "hossein"), ("نرگس", "narges"), ("امیر", "amir"), ("زهرا", "zahra"), ("مهدی", "mahdi"), ("لیلا", "leila"),
         ("بهرام", "bahram"), ("شیرین", "shirin"), ("کاوه", "kaveh"), ("پریسا", "parisa"), ("آرش", "arash"),
         ("نگار", "negar"), ("سعید", "saeed"), ("الهام", "elham")),
        (("محمدی", "mohammadi"), ("حسینی", "hosseini"), ("احمدی", "ahmadi"), ("رضایی", "rezaei"), ("کریمی", "karimi"),
         ("موسوی", "mousavi"), ("جعفری", "jafari"), ("صادقی", "sadeghi"), ("رحیمی", "rahimi"), ("قاسمی", "ghasemi"),
         ("نوری", "nouri"), ("کاظمی", "kazemi"), ("شریفی", "sharifi"), ("یوسفی", "yousefi"), ("اکبری", "akbari"),
         ("زارع", "zare"), ("بهرامی", "bahrami"), ("امینی", "amini")),
        ("پارس", "آریا", "سپهر", "کیان", "مهر", "البرز", "زاگرس", "کویر", "خزر", "نگین", "ایده‌پردازان", "فرزانگان"),
        ("صنعت", "تجارت", "فناوری", "پلاست", "ماشین", "دارو", "فولاد", "موتور", "نوین", "گستر"),
        ("تهران", "تهران", "اصفهان", "مشهد", "شیراز", "تبریز", "کرج", "اهواز"),
        ("مدیر عامل", "مدیر خرید", "مدیر فروش", "کارشناس فنی", "مدیر فناوری اطلاعات", "مدیر بازرگانی"),
        ("پیش‌فاکتور خواست؛ تا پایان هفته می‌فرستم.", "در نمایشگاه دیدمش؛ کاتالوگ و نمونه گرفت.",
         "بودجهٔ امسالشان تمام شده است؛ اول سال آینده تماس بگیریم.", "با مدیر عامل جلسه گذاشتیم؛ دوشنبه ساعت ۱۰.",
         "از سرویس فعلی‌شان راضی نیستند، به‌ویژه از پشتیبانی.", "قیمت رقیب را هم گرفته‌اند؛ تخفیف می‌خواهند.",
         "تلفنی صحبت شد؛ دمو را برای همکارانش هم می‌خواهد."), "ir"),
    Market(
        "en", "GB", 20,
        _plain("James", "Emma", "Oliver", "Sophia", "Daniel", "Grace", "Henry", "Alice", "Thomas", "Laura", "Peter", "Helen"),
        _plain("Carter", "Bennett", "Hughes", "Foster", "Morgan", "Reed", "Parker", "Shaw", "Turner", "Collins", "Wright"),
        ("Northwind", "Bluebell", "Harbour", "Summit", "Granite", "Orchard", "Silverline", "Beacon"),
        ("Tools", "Foods", "Logistics", "Health", "Media", "Energy", "Retail", "Software"),
        ("London", "London", "Manchester", "Leeds", "Dubai", "Bristol"),
        ("Managing director", "Head of purchasing", "Sales manager", "IT manager", "Operations manager"),
        ("Asked for a quotation for 40 seats.", "Met at the fair, wants to see a demonstration.",
         "Not before the next financial year; call again in spring.", "Compares us with two others, decides this month.",
         "Spoke on the phone; sends us their requirements.", "Very interested, brings the managing director next time."),
        "co.uk"),
    Market(
        "tr", "TR", 18,
        _plain("Ahmet", "Ayşe", "Mehmet", "Zeynep", "Mustafa", "Elif", "Emre", "Fatma", "Burak", "Selin", "Can", "Özlem"),
        _plain("Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Yıldız", "Aydın", "Öztürk", "Arslan", "Doğan", "Koç"),
        ("Anadolu", "Ege", "Boğaziçi", "Marmara", "Toros", "Karadeniz", "Yıldız"),
        ("Makina", "Tekstil", "Yazılım", "Lojistik", "Gıda", "Enerji", "Plastik"),
        ("İstanbul", "İstanbul", "Ankara", "İzmir", "Bursa", "Konya"),
        ("Genel müdür", "Satın alma müdürü", "Satış müdürü", "Bilgi işlem müdürü"),
        ("Teklif istedi, hafta sonuna kadar göndereceğim.", "Fuarda görüştük, demo istiyor.",
         "Bu yıl bütçeleri kalmamış, ocak ayında arayalım.", "Telefonda konuştuk; ekibine sunum yapmamızı istiyor.",
         "Mevcut sağlayıcılarından memnun değiller."), "com.tr"),
)
INDUSTRIES = ("manufacturing", "retail", "technology", "health", "transport", "energy", "construction", "education")
CAMPAIGNS = (None, None, None, "نوروز ۱۴۰۵", "Spring fair", "Sonbahar kampanyası", "خبرنامه")
EMPLOYEES = (8, 25, 60, 140, 400, 1200)
