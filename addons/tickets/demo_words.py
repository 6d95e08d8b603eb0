"""What customers of the demo company ask for, in their languages: subject, question, answer, a further question, a note, and
where it belongs."""

STORIES = {
    "en": [
        ("Pump stops after ten minutes", "The new pump starts normally and stops after about ten minutes. The red light blinks twice.",
         "Two blinks mean that the intake is blocked. Please clean the filter as described on page 14 and start it again.",
         "Cleaned, and it runs now for half an hour. Can we order spare filters?", "Second case this month: tell the workshop.", "fault"),
        ("Invoice shows the old address", "Our latest invoice still carries the address of our former office. Please send it again.",
         "We have changed the address and sent the corrected invoice.", "", "Address was changed in the account in spring.", "invoice"),
        ("When will our order arrive?", "We were promised the delivery for last week and have heard nothing since.",
         "The parcel left our warehouse yesterday and should reach you within two days.", "It arrived, thank you.", "", "delivery"),
        ("How do I add a second user?", "We have hired somebody and need a second login for the portal.",
         "Under Settings, Users, press New. The new colleague receives an e-mail with a link.", "", "", "question"),
        ("Screen stays black", "After the power cut the control panel stays black.", "", "", "Ask for the serial number first.", "fault")],
    "fa": [
        ("پمپ بعد از ده دقیقه خاموش می‌شود",
         "پمپ جدید عادی روشن می‌شود ولی بعد از حدود ده دقیقه خاموش می‌شود و چراغ قرمز دو بار چشمک می‌زند.",
         "دو بار چشمک یعنی ورودی گرفته است. لطفاً صافی را مطابق صفحهٔ ۱۴ دفترچه تمیز کنید و دوباره روشن کنید.",
         "تمیز کردیم و نیم ساعت است که کار می‌کند. می‌شود صافی یدکی سفارش داد؟", "این ماه مورد دوم است؛ به تعمیرگاه خبر بدهیم.", "fault"),
        ("در فاکتور نشانی قدیم آمده است", "در آخرین فاکتور هنوز نشانی دفتر قبلی ما نوشته شده. لطفاً دوباره صادر کنید.",
         "نشانی اصلاح شد و فاکتور تازه برایتان فرستاده شد.", "", "نشانی شرکت از بهار عوض شده است.", "invoice"),
        ("سفارش ما چه زمانی می‌رسد؟", "قرار بود هفتهٔ گذشته تحویل شود و هنوز خبری نیست.",
         "مرسوله دیروز از انبار خارج شد و تا دو روز دیگر می‌رسد.", "رسید، سپاسگزارم.", "", "delivery"),
        ("چطور کاربر دوم اضافه کنم؟", "همکار تازه‌ای داریم و برای پورتال نام کاربری دوم می‌خواهیم.",
         "در بخش تنظیمات، کاربران، دکمهٔ «جدید» را بزنید. برای همکارتان پیوند فرستاده می‌شود.", "", "", "question"),
        ("صفحهٔ تابلو سیاه مانده است", "بعد از قطع برق صفحهٔ تابلوی کنترل سیاه مانده و هیچ دکمه‌ای کار نمی‌کند.", "", "",
         "اول شمارهٔ سریال را بپرسیم.", "fault")],
    "tr": [
        ("Pompa on dakika sonra duruyor",
         "Yeni pompa normal çalışıyor, yaklaşık on dakika sonra duruyor. Kırmızı ışık iki kez yanıp sönüyor.",
         "İki kez yanıp sönmesi girişin tıkalı olduğunu gösterir. Lütfen filtreyi kılavuzun 14. sayfasındaki gibi temizleyin.",
         "Temizledik, yarım saattir çalışıyor. Yedek filtre sipariş edebilir miyiz?", "Bu ay ikinci kez: atölyeye haber verelim.", "fault"),
        ("Faturada eski adres var", "Son faturada hâlâ eski ofisimizin adresi yazıyor. Lütfen yeniden gönderin.",
         "Adresi düzelttik ve yeni faturayı gönderdik.", "", "Adres baharda değişmiş.", "invoice"),
        ("Siparişimiz ne zaman gelecek?", "Geçen hafta teslim edilecekti, o günden beri haber yok.",
         "Paket dün depomuzdan çıktı, iki gün içinde size ulaşır.", "Geldi, teşekkürler.", "", "delivery"),
        ("İkinci kullanıcıyı nasıl eklerim?",
         "Yeni bir çalışanımız var, portal için ikinci bir hesap gerekiyor.",
         "Ayarlar, Kullanıcılar bölümünde Yeni'ye basın. Çalışanınıza bağlantı gönderilir.", "", "", "question"),
        ("Ekran siyah kalıyor", "Elektrik kesintisinden sonra ekran siyah kaldı.", "", "", "Önce seri numarasını soralım.", "fault")],
}
CANNED = {
    "en": [("Greeting",
            "Dear {{requester.first_name}},\n\nthank you for your message. {{my.name}} looks after your ticket {{number}}."),
           ("Ask for the serial number", "Please tell us the serial number: it is on the plate at the back.")],
    "fa": [("سلام و احوال‌پرسی", "{{requester.first_name}} گرامی،\n\nاز پیام شما سپاسگزاریم. {{my.name}} پیگیر درخواست {{number}} است."),
           ("پرسیدن شمارهٔ سریال", "لطفاً شمارهٔ سریال را که پشت دستگاه نوشته شده برای ما بفرستید.")],
    "tr": [("Selamlama",
            "Sayın {{requester.first_name}},\n\nmesajınız için teşekkürler. {{number}} numaralı talebinizle {{my.name}} ilgileniyor."),
           ("Seri numarasını sorma", "Lütfen cihazın arkasındaki plakada yazan seri numarasını bize bildirin.")],
}
