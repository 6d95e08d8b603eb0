"""What the deals of the demo company are about, by language, and whom it competes with."""

SUBJECTS = {
    "fa": ("سامانه انبار", "قرارداد پشتیبانی سالانه", "تجهیز خط تولید", "نرم‌افزار حسابداری", "راه‌اندازی شبکه", "آموزش کارکنان",
           "سامانه حضور و غیاب", "بازطراحی وب‌سایت", "دوربین‌های مداربسته", "سرور و ذخیره‌سازی"),
    "tr": ("Depo sistemi", "Yıllık destek", "Üretim hattı", "Muhasebe yazılımı", "Ağ kurulumu", "Personel eğitimi", "Web sitesi",
           "Sunucu ve depolama"),
    "en": ("Warehouse system", "Yearly support", "Production line", "Accounting software", "Network", "Staff training", "Web site",
           "Servers and storage"),
}
NEXT_STEPS = {
    "fa": ("ارسال پیشنهاد قیمت", "جلسه با مدیر مالی", "پیگیری تلفنی", "نمایش محصول", "بازدید از محل", "دریافت تأیید هیئت مدیره"),
    "tr": ("Teklif gönder", "Finans müdürüyle toplantı", "Telefonla takip", "Ürün gösterimi", "Yerinde ziyaret"),
    "en": ("Send the proposal", "Meet the finance director", "Call back", "Show the product", "Visit the site"),
}
NOTES = {
    "fa": ("قیمت را بالا می‌داند؛ روی خدمات پس از فروش تأکید کنیم.", "تصمیم‌گیرنده عوض شده است.", "تا پایان ماه پاسخ می‌دهند."),
    "tr": ("Fiyatı yüksek buluyor; satış sonrası hizmeti vurgulayalım.", "Karar verici değişti.", "Ay sonuna kadar cevap verecekler."),
    "en": ("Finds the price high; stress the service.", "The decision maker changed.", "They answer by the end of the month."),
}
COMPETITORS = (
    ("پردازش آریا", "قیمت پایین، شبکه فروش گسترده", "پشتیبانی کند"), ("رایان‌گستر", "برند شناخته‌شده", "محصول قدیمی"),
    ("Anadolu Yazılım", "Yerel destek", "Sınırlı ürün yelpazesi"), ("Northlight Systems", "Strong product", "Expensive"))
CUSTOMERS = {
    "fa": (
        ("فولاد سپاهان", "اصفهان", "بهنام", "صالحی"),
        ("کاشی میبد", "یزد", "مینا", "دهقان"),
        ("داروسازی رازی‌نو", "کرج", "پیمان", "عظیمی"),
        ("لبنیات دشت سبز", "ارومیه", "سمیرا", "نجفی"),
        ("بیمه آسایش", "تهران", "فرهاد", "مرادی"),
        ("پتروشیمی ساحل", "بوشهر", "نادر", "خلیلی"),
        ("بیمارستان مهرگان", "شیراز", "دکتر لاله", "فروتن"),
        ("حمل‌ونقل راه نو", "تبریز", "جواد", "تقوی"),
        ("چاپ و نشر فردا", "قم", "هدی", "سلیمی"),
        ("فروشگاه‌های ماهان", "مشهد", "کامران", "یزدانی"),
        ("نساجی گیلان", "رشت", "آزاده", "پورعلی"),
        ("هتل خلیج", "کیش", "سروش", "بختیاری"),
    ),
    "tr": (
        ("Marmara Tekstil", "Bursa", "Deniz", "Aksoy"),
        ("Ege Zeytin", "İzmir", "Selin", "Koç"),
        ("Toros Lojistik", "Mersin", "Burak", "Şahin"),
        ("Kapadokya Turizm", "Nevşehir", "Elif", "Öztürk"),
    ),
    "en": (
        ("Harbour Freight", "Liverpool", "Oliver", "Wright"),
        ("Greenfield Foods", "Leeds", "Hannah", "Moore"),
        ("Kingsway Clinics", "London", "Amelia", "Turner"),
        ("Atlas Tools", "Bristol", "Jack", "Hughes"),
    ),
}
"""Companies that were customers before: name, city, first and last name of the person one talks to."""
