"""What the demo company and its customers write to each other: subject (of mails), then in turn our text and theirs."""

REASONS = {"en": "The number is not reachable.", "fa": "شماره در دسترس نیست.", "tr": "Numaraya ulaşılamıyor."}
BLOCKED_TEXT = {"en": "They have not agreed to commercial messages.", "fa": "با دریافت پیام تبلیغاتی موافقت نکرده‌اند.",
                "tr": "Ticari iletilere onay vermediler."}
OFFERS = {"en": "Spring offer: 15 % off all spare parts until the end of the month. Reply STOP to hear no more of it.",
          "fa": "پیشنهاد بهاره: ۱۵٪ تخفیف همهٔ قطعات یدکی تا پایان ماه. لغو ۱۱",
          "tr": "Bahar kampanyası: ay sonuna kadar tüm yedek parçalarda %15 indirim. Ret için RET yazın."}
_SMS = {
    "en": [
        ("", "Your order has left our warehouse and arrives tomorrow between 9 and 12.", "Thank you. Can the driver ring before?",
         "Of course, he will ring half an hour before."),
        ("", "We would like to show you the new model. Does Tuesday at 10 suit you?", "Wednesday would be better.",
         "Wednesday at 10, then. We look forward to it."),
        ("", "Your quotation is ready. We have sent it by e-mail.", "Got it, I'll come back to you this week."),
        ("", "This is a reminder of our appointment tomorrow at 14:30.")],
    "fa": [
        ("", "سفارش شما از انبار خارج شد و فردا بین ساعت ۹ تا ۱۲ می‌رسد.", "ممنون. می‌شود راننده قبلش تماس بگیرد؟",
         "حتماً، نیم ساعت قبل تماس می‌گیرد."),
        ("", "دوست داریم مدل تازه را نشانتان بدهیم. سه‌شنبه ساعت ۱۰ مناسب است؟", "چهارشنبه بهتر است.",
         "پس چهارشنبه ساعت ۱۰. منتظرتان هستیم."),
        ("", "پیش‌فاکتور شما آماده است و با رایانامه فرستاده شد.", "دریافت شد، همین هفته خبر می‌دهم."),
        ("", "یادآوری: قرار ما فردا ساعت ۱۴:۳۰ است.")],
    "tr": [
        ("", "Siparişiniz depomuzdan çıktı, yarın 9-12 arasında elinizde olacak.", "Teşekkürler. Şoför önceden arayabilir mi?",
         "Elbette, yarım saat önce arayacak."),
        ("", "Yeni modeli size göstermek isteriz. Salı 10:00 uygun mu?", "Çarşamba daha iyi olur.",
         "O hâlde çarşamba 10:00. Görüşmek üzere."),
        ("", "Teklifiniz hazır, e-postayla gönderdik.", "Aldım, bu hafta dönüş yaparım."),
        ("", "Yarın 14:30'daki randevumuzu hatırlatmak isteriz.")],
}
_MAIL = {
    "en": [
        ("Your quotation", "Good morning,\n\nas agreed on the telephone you find our quotation attached. It is valid for 30 days."
         "\n\nKind regards",
         "Thank you. Could you also quote for five units instead of three?",
         "Gladly: for five units the price falls by eight per cent. A new quotation follows today."),
        ("Visit on site", "Good morning,\n\nour engineer could come to you next week. Which day suits you best?\n\nKind regards",
         "Thursday, please, after lunch.")],
    "fa": [
        ("پیش‌فاکتور شما", "با سلام،\n\nهمان‌طور که تلفنی صحبت شد، پیش‌فاکتور پیوست است و تا ۳۰ روز اعتبار دارد.\n\nبا احترام",
         "سپاس. ممکن است برای پنج دستگاه به‌جای سه دستگاه هم قیمت بدهید؟",
         "با کمال میل؛ برای پنج دستگاه قیمت هشت درصد کمتر می‌شود. پیش‌فاکتور تازه امروز فرستاده می‌شود."),
        ("بازدید از محل", "با سلام،\n\nمهندس ما می‌تواند هفتهٔ آینده خدمت برسد. کدام روز برایتان مناسب‌تر است؟\n\nبا احترام",
         "پنجشنبه بعدازظهر لطفاً.")],
    "tr": [
        ("Teklifiniz", "Merhaba,\n\ntelefonda konuştuğumuz gibi teklifimizi ekte bulabilirsiniz. 30 gün geçerlidir.\n\nSaygılarımızla",
         "Teşekkürler. Üç yerine beş adet için de fiyat verebilir misiniz?",
         "Memnuniyetle: beş adette fiyat yüzde sekiz düşüyor. Yeni teklifi bugün gönderiyoruz."),
        ("Yerinde ziyaret", "Merhaba,\n\nmühendisimiz gelecek hafta size gelebilir. Hangi gün uygun olur?\n\nSaygılarımızla",
         "Perşembe öğleden sonra lütfen.")],
}
TALKS = {"sms": _SMS, "mail": _MAIL}
"""By channel, then by language."""
