"""What a wholesaler of technology in Tehran sells, in three languages."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """A name in the three languages."""

    fa: str
    en: str
    tr: str


class Item(NamedTuple):
    """One product: its group of units by place in the shipped ones, cost in dollars, price in million rials (0: by mark-up)."""

    code: str
    name: Words
    category: str
    kind: str
    units: int
    cost: str
    price: str
    stock: Words | None = None


HERE = Words("موجود در انبار تهران", "In stock in Tehran", "Tahran deposunda var")
SOON = Words("دو هفته تا تحویل", "Two weeks to delivery", "Teslim iki hafta")
CATEGORIES: dict[str, tuple[Words, str]] = {
    "hardware": (Words("سخت‌افزار", "Hardware", "Donanım"), ""),
    "computers": (Words("رایانه و نمایشگر", "Computers and displays", "Bilgisayar ve ekran"), "hardware"),
    "servers": (Words("سرور و ذخیره‌سازی", "Servers and storage", "Sunucu ve depolama"), "hardware"),
    "network": (Words("شبکه", "Networking", "Ağ"), "hardware"),
    "passive": (Words("کابل و تجهیزات پسیو", "Cabling", "Kablolama"), "network"),
    "power": (Words("برق اضطراری", "Power protection", "Güç koruma"), "hardware"),
    "print": (Words("چاپ و مصرفی", "Printing", "Baskı"), "hardware"),
    "safety": (Words("نظارت تصویری", "Video surveillance", "Görüntülü güvenlik"), "hardware"),
    "software": (Words("نرم‌افزار و اشتراک", "Software and subscriptions", "Yazılım ve abonelik"), ""),
    "services": (Words("خدمات", "Services", "Hizmetler"), ""),
}
ITEMS = (
    Item("LT-1401", Words("لپ‌تاپ اداری ۱۴ اینچ", "Business laptop 14\"", "İş dizüstü 14\""), "computers", "goods", 0, "620", "690", HERE),
    Item("LT-1601", Words("لپ‌تاپ مهندسی ۱۶ اینچ", "Engineering laptop 16\"", "Mühendislik dizüstü 16\""), "computers", "goods", 0,
         "1180", "1290", SOON),
    Item("PC-0300", Words("رایانهٔ رومیزی اداری", "Office desktop", "Ofis masaüstü"), "computers", "goods", 0, "410", "455", HERE),
    Item("MN-2400", Words("نمایشگر ۲۴ اینچ", "Monitor 24\"", "Monitör 24\""), "computers", "goods", 0, "118", "132", HERE),
    Item("MN-2700", Words("نمایشگر ۲۷ اینچ ۴K", "Monitor 27\" 4K", "Monitör 27\" 4K"), "computers", "goods", 0, "265", "298", HERE),
    Item("KB-0010", Words("صفحه‌کلید و ماوس بی‌سیم", "Wireless keyboard and mouse", "Kablosuz klavye ve fare"), "computers", "goods",
         0, "17", "21.5", HERE),
    Item("DK-0020", Words("داک USB-C", "USB-C dock", "USB-C istasyon"), "computers", "goods", 0, "74", "0", HERE),
    Item("SV-2000", Words("سرور رکمونت دو پردازنده", "Rack server, two sockets", "Raf sunucu, iki işlemci"), "servers", "bundle", 0,
         "2150", "2480", SOON),
    Item("SV-1000", Words("سرور ایستاده", "Tower server", "Kule sunucu"), "servers", "bundle", 0, "980", "1120", SOON),
    Item("ST-4800", Words("ذخیره‌ساز شبکه ۸ دیسکه", "Network storage, 8 bays", "Ağ depolama, 8 yuva"), "servers", "goods", 0, "890",
         "1010", SOON),
    Item("HD-0800", Words("دیسک سرور ۸ ترابایت", "Server disk 8 TB", "Sunucu diski 8 TB"), "servers", "goods", 0, "168", "192", HERE),
    Item("SS-0192", Words("دیسک SSD سرور ۱٫۹۲ ترابایت", "Server SSD 1.92 TB", "Sunucu SSD 1,92 TB"), "servers", "goods", 0, "236",
         "268", HERE),
    Item("RM-0032", Words("حافظهٔ سرور ۳۲ گیگابایت", "Server memory 32 GB", "Sunucu belleği 32 GB"), "servers", "goods", 0, "92",
         "106", HERE),
    Item("SW-2401", Words("سوییچ ۲۴ پورت مدیریتی", "Managed switch, 24 ports", "Yönetilebilir anahtar, 24 port"), "network", "goods",
         0, "315", "356", HERE),
    Item("SW-4801", Words("سوییچ ۴۸ پورت PoE", "PoE switch, 48 ports", "PoE anahtar, 48 port"), "network", "goods", 0, "720", "815", SOON),
    Item("RT-0900", Words("روتر شعبه", "Branch router", "Şube yönlendirici"), "network", "goods", 0, "430", "0", HERE),
    Item("AP-0610", Words("اکسس‌پوینت وای‌فای ۶", "Wi-Fi 6 access point", "Wi-Fi 6 erişim noktası"), "network", "goods", 0, "112",
         "128", HERE),
    Item("FW-0200", Words("فایروال سازمانی", "Enterprise firewall", "Kurumsal güvenlik duvarı"), "network", "goods", 0, "1340",
         "1520", SOON),
    Item("CB-0006", Words("کابل شبکه Cat6 (متری)", "Cat6 cable (by the metre)", "Cat6 kablo (metre)"), "passive", "goods", 3, "0.31",
         "0.42", HERE),
    Item("CB-0007", Words("کابل فیبر نوری ۱۲ تار (متری)", "Fibre cable, 12 cores (metre)", "Fiber kablo, 12 damar (metre)"),
         "passive", "goods", 3, "0.92", "1.2", HERE),
    Item("PC-CAT6", Words("پچ‌کورد Cat6 یک متری", "Patch cord Cat6, 1 m", "Ara kablo Cat6, 1 m"), "passive", "goods", 0, "1.1", "1.6", HERE),
    Item("RK-4200", Words("رک ایستادهٔ ۴۲ یونیت", "Standing rack, 42 units", "Dikili kabin, 42U"), "passive", "goods", 0, "390",
         "450", SOON),
    Item("UP-3000", Words("یوپی‌اس ۳ کیلوولت‌آمپر", "UPS 3 kVA", "Kesintisiz güç 3 kVA"), "power", "goods", 0, "510", "585", HERE),
    Item("UP-0100", Words("یوپی‌اس ۱ کیلوولت‌آمپر", "UPS 1 kVA", "Kesintisiz güç 1 kVA"), "power", "goods", 0, "145", "168", HERE),
    Item("BT-0100", Words("باتری یوپی‌اس ۱۰۰ آمپرساعت", "UPS battery 100 Ah", "KGK aküsü 100 Ah"), "power", "goods", 0, "98", "0", HERE),
    Item("PR-0400", Words("چاپگر لیزری شبکه", "Network laser printer", "Ağ lazer yazıcı"), "print", "goods", 0, "240", "276", HERE),
    Item("TN-0401", Words("تونر چاپگر لیزری", "Laser toner", "Lazer toner"), "print", "goods", 0, "38", "46", HERE),
    Item("CM-0500", Words("دوربین بولت ۵ مگاپیکسل", "Bullet camera 5 MP", "Bullet kamera 5 MP"), "safety", "goods", 0, "46", "54", HERE),
    Item("NV-1600", Words("ضبط‌کنندهٔ ۱۶ کاناله", "Recorder, 16 channels", "Kayıt cihazı, 16 kanal"), "safety", "goods", 0, "190",
         "218", HERE),
    Item("SW-OFF1", Words("اشتراک مجموعهٔ اداری", "Office suite subscription", "Ofis paketi aboneliği"), "software", "service", 2,
         "5.5", "7.2"),
    Item("SW-AV01", Words("اشتراک ضدبدافزار سازمانی", "Endpoint protection", "Uç nokta koruması"), "software", "service", 2, "1.4", "1.9"),
    Item("SW-BK01", Words("اشتراک پشتیبان‌گیری ابری", "Cloud backup", "Bulut yedekleme"), "software", "service", 2, "12", "15"),
    Item("SR-INS1", Words("نصب و راه‌اندازی", "Installation", "Kurulum"), "services", "service", 1, "9", "14"),
    Item("SR-TRN1", Words("آموزش در محل", "Training on site", "Yerinde eğitim"), "services", "service", 1, "12", "18"),
    Item("SR-SUP1", Words("پشتیبانی طلایی", "Gold support", "Altın destek"), "services", "service", 2, "30", "48"),
    Item("SR-DSG1", Words("طراحی شبکه", "Network design", "Ağ tasarımı"), "services", "service", 1, "18", "26"),
)
SUPPLIERS = (("پخش سخت‌افزار آریا", "IR", "IRR"), ("Gulf Tech Trading FZE", "AE", "USD"), ("Anadolu Bilişim Dağıtım A.Ş.", "TR", "TRY"))
RETAIL = Words("فهرست خرده‌فروشی", "Retail", "Perakende")
WHOLESALE = Words("فهرست همکاران", "Partners", "İş ortakları")
EXPORT = Words("صادرات (دلار)", "Export (USD)", "İhracat (USD)")
TURKEY = Words("ترکیه (لیر)", "Turkey (TRY)", "Türkiye (TRY)")
OFFER = Words("جشنوارهٔ فصل", "Season's offer", "Sezon kampanyası")
VOLUME = Words("تخفیف حجمی", "Volume discount", "Miktar indirimi")
CABLES = Words("تخفیف متراژ کابل", "Cable by length", "Kablo metraj indirimi")
LOYAL = Words("مشتری وفادار", "Loyal customer", "Sadık müşteri")
LARGE = Words("سفارش بزرگ", "Large order", "Büyük sipariş")
SERVICES = Words("تخفیف همراه‌کردن خدمات", "Services together", "Birlikte hizmet")
FAMILY = Words("سرورها", "Servers", "Sunucular")
QUESTIONS = (
    (Words("پردازنده", "Processor", "İşlemci"), 1, 1, (
        (Words("۱۶ هسته", "16 cores", "16 çekirdek"), "included", 0, 1, True),
        (Words("۳۲ هسته", "32 cores", "32 çekirdek"), "amount", 620, 1, False),
        (Words("دو × ۳۲ هسته", "Two × 32 cores", "İki × 32 çekirdek"), "amount", 1480, 1, False))),
    (Words("حافظه", "Memory", "Bellek"), 1, 1, ((Words("ماژول ۳۲ گیگابایت", "32 GB module", "32 GB modül"), "RM-0032", 0, 24, True),)),
    (Words("دیسک", "Disks", "Diskler"), 1, None, (
        (Words("دیسک ۸ ترابایت", "Disk 8 TB", "Disk 8 TB"), "HD-0800", 0, 8, True),
        (Words("SSD ۱٫۹۲ ترابایت", "SSD 1.92 TB", "SSD 1,92 TB"), "SS-0192", 0, 8, False))),
    (Words("منبع تغذیه", "Power supply", "Güç kaynağı"), 1, 1, (
        (Words("تکی ۸۰۰ وات", "Single 800 W", "Tek 800 W"), "included", 0, 1, True),
        (Words("دوتایی ۱۴۰۰ وات", "Redundant 1400 W", "Yedekli 1400 W"), "amount", 165, 1, False))),
)
"""Questions about servers: at least, at most, and options with a price method (or a product's code), million rials, most, chosen."""
CARE = (Words("گارانتی و پشتیبانی", "Warranty and support", "Garanti ve destek"), (
    (Words("سه سال در محل", "Three years on site", "Üç yıl yerinde"), "9"),
    (Words("پنج سال شبانه‌روزی", "Five years round the clock", "Beş yıl kesintisiz"), "17")))
