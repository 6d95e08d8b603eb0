"""What the people of the demo company do, by language and kind."""

from .choices import CALL, EMAIL, MEETING, NOTE, TASK

SUBJECTS = {
    "fa": {
        CALL: ("تماس معارفه", "پیگیری پیشنهاد قیمت", "هماهنگی جلسه نمایش محصول", "پرسش درباره زمان تصمیم‌گیری", "تماس درباره شرایط پرداخت"),
        MEETING: ("نمایش محصول", "جلسه با مدیر مالی", "بازدید از محل", "بررسی نیازها", "مرور پیش‌نویس قرارداد"),
        TASK: ("تهیه پیشنهاد قیمت", "ارسال کاتالوگ", "تکمیل پرسش‌نامه فنی", "هماهنگی با پشتیبانی", "پیگیری امضای قرارداد"),
        EMAIL: ("ارسال پیش‌فاکتور", "ارسال صورت‌جلسه", "پاسخ به پرسش‌های فنی", "ارسال نمونه قرارداد"),
        NOTE: ("منتظر پاسخ هیئت مدیره", "بودجه سال آینده را بپرسیم", "پس از تعطیلات تماس بگیریم")},
    "tr": {
        CALL: ("Tanışma görüşmesi", "Teklif takibi", "Sunum için randevu", "Karar tarihini sor", "Ödeme koşulları"),
        MEETING: ("Ürün sunumu", "Finans müdürüyle toplantı", "Yerinde ziyaret", "İhtiyaç analizi", "Sözleşme taslağı"),
        TASK: ("Teklif hazırla", "Katalog gönder", "Teknik formu doldur", "Destek ekibiyle görüş"),
        EMAIL: ("Proforma gönder", "Toplantı notlarını gönder", "Teknik soruları yanıtla"),
        NOTE: ("Yönetim kurulu kararını bekle", "Gelecek yılın bütçesini sor")},
    "en": {
        CALL: ("Introduction", "Follow up the proposal", "Arrange a demo", "Ask when they decide", "Terms of payment"),
        MEETING: ("Product demo", "Meet the finance director", "Site visit", "Needs analysis", "Go through the contract"),
        TASK: ("Write the proposal", "Send the brochure", "Fill in the technical sheet", "Talk to support"),
        EMAIL: ("Send the quote", "Send the minutes", "Answer technical questions"),
        NOTE: ("Waiting for the board", "Ask about next year's budget")}}
REMARKS = {
    "fa": ("علاقه‌مند است؛ هفته آینده دوباره تماس بگیریم.", "قیمت را با مدیرش مطرح می‌کند.", "منتظر نمونه است.", "زمان نمایش محصول قطعی شد."),
    "tr": ("İlgili; gelecek hafta tekrar arayalım.", "Fiyatı müdürüne soracak.", "Numune bekliyor."),
    "en": ("Interested; call again next week.", "Will raise the price with the manager.", "Waits for a sample.")}
PLACES = {
    "fa": ("دفتر مشتری", "اتاق جلسه ۲", "کارخانه مشتری"), "tr": ("Müşteri ofisi", "Toplantı odası 2"),
    "en": ("Customer's office", "Meeting room 2")}
