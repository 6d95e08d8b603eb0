"""What the demo company's help centre says: a wholesaler of technology in Tehran, in Persian, some of it translated.

Texts are written plainly: a line with "## " is a heading, with "- " a point of a list, with "1. " of a numbered one, with "|" a row
of a table (the first its head), "> " a quotation; anything else is a paragraph.
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """An article in a language."""

    title: str
    summary: str
    body: str


class Piece(NamedTuple):
    """An article: name of its category, for whom, who wrote it, its texts by language."""

    category: str
    kind: str
    owner: str
    texts: dict[str, Text]
    featured: bool = False
    keywords: str = ""


CATEGORIES = {
    "orders": ("cart", "", "سفارش و تحویل", "Orders and delivery", "Sipariş ve teslimat", "از ثبت سفارش تا رسیدن کالا"),
    "money": ("receipt", "", "صورت‌حساب و پرداخت", "Invoices and payment", "Fatura ve ödeme", "پرداخت، مالیات و بازپرداخت"),
    "warranty": ("shield-check", "", "گارانتی و خدمات", "Warranty and service", "Garanti ve servis", "کالای معیوب، تعمیر و نرم‌افزار"),
    "devices": ("router", "", "راه‌اندازی دستگاه‌ها", "Setting devices up", "Cihaz kurulumu", "سرور، شبکه، برق اضطراری و چاپگر"),
    "network": ("hdd-network", "devices", "شبکه و بی‌سیم", "Networks", "Ağ ve kablosuz", ""),
    "partners": ("people", "", "همکاران فروش", "Resellers", "Bayiler", "شرایط و ابزار همکاری"),
    "inside": ("building", "", "راهنمای همکاران", "For colleagues", "Çalışanlar için", "روال‌های داخلی"),
}

PIECES = (
    Piece("orders", "public", "sara", {"fa": Text(
        "چگونه سفارش خود را پیگیری کنم؟", "با شمارهٔ سفارش و تلفن همراه، وضعیت بسته را هر لحظه ببینید.",
        """سفارش شما از لحظهٔ تأیید تا تحویل شش مرحله دارد و در هر مرحله پیامکی برای شما فرستاده می‌شود.
## پیدا کردن شمارهٔ سفارش
شمارهٔ سفارش در پیامک تأیید و بالای پیش‌فاکتور آمده است؛ مانند ۱۲۰۴۵-۱۴۰۵.
## دیدن وضعیت
1. با کارشناس فروش خود تماس بگیرید یا به پیامک تأیید پاسخ دهید.
1. شمارهٔ سفارش را بگویید.
1. اگر بسته به باربری سپرده شده باشد، شمارهٔ بارنامه را هم می‌گیرید.
## هر وضعیت یعنی چه؟
| وضعیت | معنی | زمان معمول |
| تأیید شد | پیش‌فاکتور پذیرفته شده است | همان روز |
| در حال آماده‌سازی | انبار کالا را جمع می‌کند | ۱ روز کاری |
| تحویل باربری | بسته راه افتاده است | ۱ تا ۴ روز کاری |"""), "en": Text(
        "How do I track my order?", "See where your parcel is, with the order number and your mobile phone.",
        """Your order passes six steps from confirmation to delivery, and you get a text message at each.
## Finding the order number
It stands in the text message of the confirmation and at the top of the quote, such as 12045-1405.
## Seeing where it is
1. Call your sales representative, or answer the text message.
1. Say the order number.
1. If the parcel is with the carrier you get the waybill number as well.
## What the steps mean
| Step | Meaning | Usual time |
| Confirmed | You accepted the quote | the same day |
| Being prepared | The warehouse collects the goods | 1 working day |
| With the carrier | The parcel is on its way | 1 to 4 working days |"""), "tr": Text(
        "Siparişimi nasıl takip ederim?", "Sipariş numarası ve cep telefonunuzla kolinizin nerede olduğunu görün.",
        """Siparişiniz onaydan teslime altı adımdan geçer; her adımda size kısa mesaj gönderilir.
## Sipariş numarasını bulma
Onay mesajında ve teklifin üstünde yazar, örneğin 12045-1405.
## Durumu görme
1. Satış temsilcinizi arayın ya da mesajı yanıtlayın.
1. Sipariş numarasını söyleyin.
1. Koli kargodaysa irsaliye numarasını da alırsınız.""")}, featured=True, keywords="رهگیری مرسوله بارنامه tracking"),
    Piece("orders", "public", "reza", {"fa": Text(
        "تحویل در چند روز انجام می‌شود؟", "زمان تحویل در تهران، مراکز استان‌ها و شهرهای دیگر.",
        """زمان تحویل به موجود بودن کالا و نشانی شما بستگی دارد.
| مقصد | کالای موجود | کالای سفارشی |
| تهران | ۱ روز کاری | ۱۴ روز |
| مراکز استان‌ها | ۲ تا ۳ روز کاری | ۱۶ روز |
| شهرهای دیگر | ۳ تا ۵ روز کاری | ۱۸ روز |
## پنجشنبه و روزهای تعطیل
انبار پنجشنبه‌ها تا ساعت ۱۳ باز است. روزهای تعطیل رسمی در شمار روزهای کاری نمی‌آید.
## اگر دیر شد
اگر دو روز از زمان اعلام‌شده گذشت، با ما تماس بگیرید تا خودمان پیگیری کنیم."""), "en": Text(
        "How long does delivery take?", "Times of delivery in Tehran, provincial capitals and elsewhere.",
        """It depends on whether the goods are in stock, and on your address.
| To | In stock | To order |
| Tehran | 1 working day | 14 days |
| Provincial capitals | 2 to 3 working days | 16 days |
| Elsewhere | 3 to 5 working days | 18 days |
## Thursdays and holidays
The warehouse is open until 13:00 on Thursdays. Official holidays are no working days.
## When it is late
Call us once two days more than announced have passed: we look into it for you.""")}, featured=True, keywords="ارسال پست زمان رسیدن"),
    Piece("orders", "public", "sara", {"fa": Text(
        "لغو یا تغییر سفارش", "تا پیش از آماده‌سازی، سفارش را رایگان تغییر دهید یا لغو کنید.",
        """تا وقتی سفارش در وضعیت «تأیید شد» است می‌توانید آن را تغییر دهید یا لغو کنید.
- تعداد را کم یا زیاد کنید.
- نشانی تحویل را عوض کنید.
- کالایی را با کالای هم‌خانواده جایگزین کنید.
## پس از آماده‌سازی
کالای سفارشی که برای شما وارد شده است پس گرفته نمی‌شود. برای کالای موجود تنها هزینهٔ حمل برگشت با شماست.
## بازگشت پول
مبلغ تا ۷۲ ساعت کاری به همان حسابی برمی‌گردد که از آن پرداخت کرده‌اید."""), "tr": Text(
        "Siparişi iptal etme veya değiştirme", "Hazırlanana kadar siparişi ücretsiz değiştirin ya da iptal edin.",
        """Sipariş “onaylandı” durumundayken değiştirilebilir ya da iptal edilebilir.
- Adedi azaltın ya da artırın.
- Teslimat adresini değiştirin.
- Bir ürünü aynı ailedeki başka bir ürünle değiştirin.
## Para iadesi
Tutar 72 iş saati içinde ödeme yaptığınız hesaba döner.""")}, keywords="کنسل انصراف مرجوع"),
    Piece("orders", "public", "ali", {"fa": Text(
        "بسته هنگام تحویل آسیب دیده است", "چه کنید اگر جعبه له شده، خیس یا باز است.",
        """پیش از امضای رسید، بسته را نگاه کنید.
1. از هر شش طرف جعبه عکس بگیرید.
1. روی رسید باربری بنویسید «بسته آسیب دیده است».
1. همان روز عکس‌ها را برای کارشناس خود بفرستید.
> بدون یادداشت روی رسید، بیمهٔ باربری خسارت نمی‌دهد.
کالای جایگزین بی‌آنکه منتظر بیمه بمانیم برای شما فرستاده می‌شود.""")}, keywords="خسارت شکسته باربری"),
    Piece("money", "public", "sara", {"fa": Text(
        "روش‌های پرداخت", "واریز، درگاه، چک و پرداخت ارزی؛ و اینکه هر کدام کی می‌نشیند.",
        """پرداخت را به هر یک از این روش‌ها انجام دهید و شمارهٔ فاکتور را در شرح بنویسید.
| روش | کی می‌نشیند | سقف |
| کارت به کارت | همان لحظه | ۲۰۰ میلیون ریال |
| پایا | همان روز | ۱ میلیارد ریال |
| ساتنا | همان روز تا ۱۴ | ندارد |
| چک صیادی | روز سررسید | طبق اعتبار شما |
## رسید
تصویر رسید لازم نیست؛ واریز با شمارهٔ فاکتور خودکار شناخته می‌شود."""), "en": Text(
        "Ways to pay", "Transfer, card, cheque and foreign currency, and when each arrives.",
        """Pay in any of these ways and write the number of the invoice into the description.
| Way | Arrives | Limit |
| Card to card | at once | 200 million rials |
| Paya | the same day | 1 billion rials |
| Satna | the same day until 14:00 | none |
| Cheque | on its day | by your credit |
## Receipt
No picture of the receipt is needed: a transfer with the invoice's number is recognised by itself."""), "tr": Text(
        "Ödeme yolları", "Havale, kart, çek ve döviz; her birinin ne zaman ulaştığı.",
        """Bu yollardan biriyle ödeyin ve açıklamaya fatura numarasını yazın.
| Yol | Ne zaman ulaşır | Sınır |
| Karttan karta | hemen | 200 milyon riyal |
| Banka havalesi | aynı gün | 1 milyar riyal |
| Çek | vadesinde | kredinize göre |
## Dekont
Dekont göndermeniz gerekmez; fatura numaralı havale kendiliğinden tanınır.""")}, featured=True, keywords="کارت ساتنا پایا چک درگاه"),
    Piece("money", "public", "reza", {"fa": Text(
        "فاکتور رسمی و سامانهٔ مؤدیان", "چگونه صورت‌حساب الکترونیکی بگیرید و چه چیزی از شما لازم داریم.",
        """برای صدور صورت‌حساب الکترونیکی این اطلاعات را یک بار برای ما بفرستید:
- شناسهٔ ملی شرکت یا کد ملی
- کد اقتصادی
- نشانی و کد پستی ده‌رقمی
## مالیات بر ارزش افزوده
مالیات ده درصد است و در سطر جداگانه می‌آید. کالاهای معاف با نرخ صفر نوشته می‌شود.
## اصلاح صورت‌حساب
صورت‌حساب صادرشده تغییر نمی‌کند؛ با صورت‌حساب اصلاحی یا برگشتی درست می‌شود.""")}, keywords="کد اقتصادی ارزش افزوده مالیات"),
    Piece("money", "customers", "sara", {"fa": Text(
        "اعتبار و مهلت پرداخت مشتریان", "مشتریان قراردادی تا ۶۰ روز مهلت دارند؛ سقف اعتبار چگونه تعیین می‌شود.",
        """سقف اعتبار هر شش ماه بازبینی می‌شود.
- خرید سه ماه گذشته
- نظم پرداخت
- ضمانت‌نامه یا چک تضمین
## وقتی سقف پر شد
سفارش تازه پس از تسویهٔ قدیمی‌ترین صورت‌حساب آزاد می‌شود."""), "en": Text(
        "Credit and time to pay", "Customers with a contract have up to 60 days; how the limit is set.",
        """The limit is looked at every six months.
- Purchases of the last three months
- How regularly you pay
- A guarantee or a cheque
## When the limit is reached
A new order is released once the oldest invoice is settled.""")}, keywords="نسیه سقف خرید"),
    Piece("warranty", "public", "ali", {"fa": Text(
        "ثبت درخواست گارانتی", "سه گام برای تعمیر یا تعویض کالای معیوب.",
        """همهٔ دستگاه‌ها دست‌کم دوازده ماه گارانتی دارند.
1. شمارهٔ سریال را از برچسب پشت دستگاه بردارید.
1. ایراد را در یک جمله بنویسید و اگر پیامی نمایش داده می‌شود از آن عکس بگیرید.
1. درخواست را از راه تلفن یا رایانامه ثبت کنید.
## چه چیزی زیر پوشش نیست؟
- شکستگی، آب‌خوردگی و نوسان برق بدون محافظ
- باز کردن دستگاه پیش از بازدید
- مواد مصرفی مانند تونر و باتری یو‌پی‌اس پس از شش ماه
## چقدر طول می‌کشد؟
بازدید تا دو روز کاری و تعمیر تا ده روز کاری. اگر بیشتر شد دستگاه جایگزین می‌دهیم."""), "en": Text(
        "Claiming the warranty", "Three steps to have something faulty repaired or replaced.",
        """All devices have at least twelve months of warranty.
1. Note the serial number from the label at the back.
1. Describe the fault in a sentence, and take a picture of any message.
1. Tell us by telephone or e-mail.
## What is not covered
- Breakage, water and surges without protection
- Opening the device before we looked at it
- Consumables such as toner, and UPS batteries after six months
## How long does it take?
A look within two working days, a repair within ten. If it takes longer you get a replacement.""")}, featured=True,
          keywords="خراب تعویض سریال warranty"),
    Piece("warranty", "public", "reza", {"fa": Text(
        "فعال‌سازی اشتراک نرم‌افزار", "کلید را کجا بیابید و چگونه وارد کنید.",
        """کلید فعال‌سازی تا یک ساعت پس از پرداخت به رایانامهٔ شما می‌رسد.
1. در برنامه به «راهنما» و سپس «فعال‌سازی» بروید.
1. کلید ۲۵ نویسه‌ای را بی‌فاصله وارد کنید.
1. رایانه را یک بار روشن و خاموش کنید.
## پیام «این کلید پیش‌تر به کار رفته است»
یعنی شمار رایانه‌ها از اشتراک شما بیشتر است. یکی از آن‌ها را در پنل سازنده آزاد کنید.""")}, keywords="لایسنس license کلید activation"),
    Piece("devices", "public", "ali", {"fa": Text(
        "چاپگر به شبکه وصل نمی‌شود", "چاپگر آفلاین است یا رایانه آن را پیدا نمی‌کند؟ این گام‌ها را به ترتیب بروید.",
        """بیشتر وقت‌ها نشانی شبکهٔ چاپگر عوض شده است.
## گام‌ها
1. چاپگر را خاموش کنید، سی ثانیه صبر کنید و روشن کنید.
1. برگهٔ پیکربندی را چاپ کنید: دکمهٔ «ادامه» را پنج ثانیه نگه دارید.
1. نشانی IP روی برگه را با نشانی در تنظیمات رایانه بسنجید.
1. اگر یکی نیست، در رایانه درگاه چاپگر را به نشانی تازه تغییر دهید.
## نشانی ثابت
تا دوباره پیش نیاید، در مودم یا سرور DHCP برای چاپگر نشانی ثابت بگذارید."""), "en": Text(
        "The printer does not connect to the network", "It is offline, or the computer does not find it? Follow these steps in order.",
        """Most often the network address of the printer has changed.
## Steps
1. Switch the printer off, wait thirty seconds, switch it on.
1. Print the configuration page: hold “Resume” for five seconds.
1. Compare the IP address on it with the one in the computer's settings.
1. If they differ, change the printer's port on the computer to the new address.
## A fixed address
So that it does not come again, reserve an address for the printer in the router or DHCP server."""), "tr": Text(
        "Yazıcı ağa bağlanmıyor", "Yazıcı çevrimdışı mı, bilgisayar bulamıyor mu? Bu adımları sırayla izleyin.",
        """Çoğu zaman yazıcının ağ adresi değişmiştir.
## Adımlar
1. Yazıcıyı kapatın, otuz saniye bekleyin, açın.
1. Yapılandırma sayfasını yazdırın: “Devam” düğmesini beş saniye basılı tutun.
1. Sayfadaki IP adresini bilgisayardaki ayarla karşılaştırın.
1. Farklıysa bilgisayarda yazıcı bağlantı noktasını yeni adrese değiştirin.""")}, featured=True,
          keywords="پرینتر آفلاین offline پرینت نمی‌گیرد"),
    Piece("devices", "public", "ali", {"fa": Text(
        "انتخاب یو‌پی‌اس مناسب", "توان را چگونه حساب کنید تا برق اضطراری کم نیاورد.",
        """توان همهٔ دستگاه‌ها را جمع کنید و سی درصد به آن بیفزایید.
| دستگاه | توان معمول |
| رایانهٔ رومیزی | ۲۰۰ وات |
| نمایشگر | ۴۰ وات |
| سرور رک‌مونت | ۵۰۰ وات |
| سوئیچ ۲۴ درگاه | ۶۰ وات |
## زمان پشتیبانی
با باتری پُر و بار هفتاد درصد، یک یو‌پی‌اس ۱ کاوا حدود هشت دقیقه می‌ماند.
## جای نصب
دور از گرما و نور مستقیم؛ باتری در دمای بالای ۳۰ درجه زودتر پیر می‌شود.""")}, keywords="UPS برق اضطراری باتری"),
    Piece("devices", "public", "reza", {"fa": Text(
        "نخستین روشن کردن سرور", "از باز کردن جعبه تا دیدن صفحهٔ مدیریت.",
        """پیش از روشن کردن، پیچ‌های ریل و کابل‌های برق را بررسی کنید.
1. هر دو منبع تغذیه را به دو مدار جدا وصل کنید.
1. کابل مدیریت را به درگاه کنار نشان آچار بزنید.
1. دستگاه را روشن کنید و پنج دقیقه صبر کنید.
1. در مرورگر نشانی مدیریت را که روی برچسب کشویی است باز کنید.
## گذرواژهٔ آغازین
گذرواژه روی برچسب کشویی جلوی سرور است. همان بار نخست آن را عوض کنید.""")}, keywords="سرور iDRAC iLO راه اندازی"),
    Piece("network", "public", "ali", {"fa": Text(
        "گذرواژهٔ بی‌سیم را فراموش کرده‌ام", "بازیابی یا عوض کردن گذرواژهٔ وای‌فای.",
        """گذرواژه را از رایانه‌ای که وصل است بردارید، یا آن را در مودم عوض کنید.
## از رایانهٔ وصل‌شده
1. تنظیمات شبکه را باز کنید.
1. روی نام شبکه بزنید و «نمایش گذرواژه» را انتخاب کنید.
## از مودم
1. نشانی مودم را در مرورگر باز کنید؛ معمولاً ۱۹۲.۱۶۸.۱.۱ است.
1. به بخش بی‌سیم بروید و گذرواژهٔ تازه بگذارید.
> پس از تغییر، همهٔ دستگاه‌ها باید دوباره وصل شوند."""), "en": Text(
        "I forgot the wireless password", "Finding it again, or changing it.",
        """Take it from a computer that is connected, or change it in the router.
## From a connected computer
1. Open the network settings.
1. Click the network's name and choose “Show password”.
## From the router
1. Open the router's address in the browser, usually 192.168.1.1.
1. Go to “Wireless” and set a new password.
> All devices must connect again afterwards.""")}, keywords="وای فای wifi رمز پسورد"),
    Piece("network", "public", "ali", {"fa": Text(
        "سرعت شبکه پایین است", "کابل، سوئیچ یا تداخل بی‌سیم؟ علت را در ده دقیقه بیابید.",
        """نخست با کابل امتحان کنید تا بدانید مشکل از بی‌سیم است یا نه.
- با کابل هم کند است: کابل را عوض کنید؛ کابل رده پنج سرعت را نصف می‌کند.
- تنها بی‌سیم کند است: کانال را به ۱، ۶ یا ۱۱ تغییر دهید.
- تنها یک رایانه کند است: راه‌انداز کارت شبکه را به‌روز کنید.
## اندازه‌گیری درست
سه بار در سه ساعت از روز اندازه بگیرید و میانگین را بنویسید.""")}, keywords="کندی اینترنت کابل سوئیچ"),
    Piece("partners", "partners", "john", {"fa": Text(
        "ثبت پروژه و حفظ قیمت", "پروژهٔ خود را ثبت کنید تا قیمت ویژه تا نود روز برای شما بماند.",
        """با ثبت پروژه، همکار دیگری برای همان خریدار قیمت ویژه نمی‌گیرد.
1. نام خریدار، فهرست کالا و تاریخ تقریبی را بفرستید.
1. پاسخ تا دو روز کاری می‌رسد.
1. قیمت نود روز می‌ماند و یک بار تمدید می‌شود."""), "en": Text(
        "Registering a project", "Register your project to keep a special price for ninety days.",
        """With a registered project no other reseller gets the special price for the same buyer.
1. Send the buyer's name, the list of goods and the expected date.
1. The answer comes within two working days.
1. The price stays for ninety days and can be extended once.""")}, keywords="deal registration"),
    Piece("partners", "partners", "emily", {"fa": Text(
        "لوگو و تصویر محصولات", "فایل‌هایی که همکاران می‌توانند در آگهی خود به کار ببرند.",
        """تصویرها را بدون تغییر رنگ و نسبت به کار ببرید و نام سازنده را بنویسید.
- در چاپ: نسخهٔ برداری
- در وب: نسخهٔ ۱۲۰۰ پیکسلی
- در پیامک: تنها متن""")}),
    Piece("inside", "internal", "sara", {"fa": Text(
        "تا چه اندازه تخفیف بدهم؟", "سقف تخفیف هر نقش و راه گرفتن تأیید.",
        """تخفیف بیش از سقف، پیش‌فاکتور را تا تأیید مدیر نگه می‌دارد.
| نقش | سقف |
| کارشناس فروش | ۵٪ |
| مدیر فروش | ۱۲٪ |
| مدیرعامل | بدون سقف |
## هنگام تخفیف دادن بپرسید
- آیا مشتری حاضر است نقدی بپردازد؟
- آیا می‌شود به جای تخفیف، گارانتی را بلندتر کرد؟""")}, keywords="درصد سقف تایید مدیر"),
    Piece("inside", "internal", "reza", {"fa": Text(
        "پاسخ به مشتری خشمگین", "پنج جمله که گفت‌وگو را آرام می‌کند.",
        """گوش کنید، نام مشتری را بگویید و زمان قطعی بدهید.
1. «حق با شماست که ناراحت باشید.»
1. «همین حالا پروندهٔ شما را باز کردم.»
1. «تا ساعت چهار امروز خودم زنگ می‌زنم.»
> وعده‌ای ندهید که در اختیار شما نیست.""")}),
    Piece("inside", "internal", "ali", {"fa": Text(
        "پذیرش کالای برگشتی در انبار", "چه چیزی را بازرسی و در کدام قفسه ثبت کنیم.",
        """هر کالای برگشتی پیش از ورود به موجودی بازرسی می‌شود.
- شمارهٔ سریال با فاکتور یکی باشد.
- پلمب دست‌نخورده باشد؛ وگرنه به قفسهٔ «بازبینی» برود.
- عکس از جعبه به پرونده افزوده شود.
## پس از بازرسی
صورت‌حساب برگشتی را تا پایان همان روز صادر کنید.""")}),
    Piece("inside", "internal", "sara", {"fa": Text(
        "نخستین هفتهٔ همکار تازه", "فهرست کارهای پنج روز نخست.",
        """هر همکار تازه یک همراه دارد که پرسش‌ها را پاسخ می‌دهد.
1. شنبه: نام کاربری، رایانه و آشنایی با گروه
1. یکشنبه: ثبت سرنخ و یادداشت
1. دوشنبه: پیش‌فاکتور و قیمت
1. سه‌شنبه: نشستن کنار یک تماس
1. چهارشنبه: نخستین تماس به‌تنهایی""")}),
)
