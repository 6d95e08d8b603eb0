"""What columns are called: by people in English, Persian and Turkish, and by the systems they come from.

Each meaning has a key that a field may name as its `semantic`; a field without one is tried by its own name. The texts
are compared folded and without punctuation, so `First Name`, `first_name` and `FIRSTNAME` are one. Among them are the
headers that Zoho, HubSpot, Salesforce, Dynamics 365, Odoo and Didar write into their exports.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_TEXTS: Final = {
    "full_name": "name; full name; fullname; contact name; contact; person; lead name; display name; "
                 "customer name; نام و نام خانوادگی; نام کامل; نام مخاطب; نام شخص; مخاطب; شخص; "
                 "نام سرنخ; نام مشتری; ad soyad; adı soyadı; isim soyisim; ad ve soyad; tam ad; kişi; kişi adı; "
                 "yetkili; yetkili kişi; müşteri adı; ilgili kişi",
    "first_name": "first name; firstname; given name; forename; first; fname; contact first name; نام; نام کوچک; "
                  "اسم; ad; adı; isim; ön ad; first name contact",
    "last_name": "last name; lastname; surname; family name; family; last; lname; contact last name; نام خانوادگی; "
                 "فامیلی; فامیل; نام فامیل; soyad; soyadı; soyisim",
    "middle_name": "middle name; middlename; نام میانی; ikinci ad; göbek adı",
    "salutation": "salutation; title prefix; honorific; prefix; mr ms; عنوان خطاب; پیشوند; لقب; hitap; ünvan öneki",
    "company": "company; partner name; company name; account; account name; accountname; organization; organisation; "
               "organization name; business; business name; employer; parent account; company account; firm; "
               "associated company; parentcustomerid; parent customer; partner; parent name; "
               "commercial company name; related company; شرکت; نام شرکت; سازمان; نام سازمان; موسسه; حساب; "
               "کسب و کار; firma; firma adı; şirket; şirket adı; kurum; kurum adı; kuruluş; hesap adı; cari; "
               "cari adı; cari ünvan; ticari ünvan; unvanı",
    "job_title": "job title; jobtitle; title; position; role; designation; function; job position; سمت; "
                 "عنوان شغلی; شغل; پست سازمانی; unvan; ünvan; görev; görevi; pozisyon; iş unvanı; meslek",
    "department": "department; dept; division; واحد; واحد سازمانی; دپارتمان; بخش; departman; bölüm; birim",
    "email": "email; e mail; email address; mail; e mail address; emailaddress1; email from; work email; "
             "primary email; email 1; email1; business email; contact email; ایمیل; پست الکترونیک; پست الکترونیکی; "
             "آدرس ایمیل; رایانامه; نشانی الکترونیکی; e posta; eposta; e posta adresi; elektronik posta; "
             "mail adresi",
    "email_2": "secondary email; email 2; other email; alternate email; emailaddress2; additional email; "
               "additional email addresses; personal email; ایمیل دوم; ایمیل دیگر; ikinci e posta; diğer e posta",
    "mobile": "mobile; mobile phone; mobilephone; mobile phone number; mobile number; cell; cell phone; cellphone; "
              "cellular; gsm; موبایل; شماره موبایل; تلفن همراه; همراه; شماره همراه; شماره تلفن همراه; cep; "
              "cep telefonu; cep tel; cep no; mobil; mobil telefon; gsm no",
    "phone": "phone; phone number; telephone; tel; telephone1; business phone; work phone; office phone; landline; "
             "main phone; phone 1; phone no; telephone number; تلفن; شماره تلفن; شماره تماس; تلفن ثابت; تلفن شرکت; "
             "تلفن محل کار; telefon; telefon no; telefon numarası; sabit telefon; iş telefonu; tel no",
    "phone_2": "other phone; phone 2; secondary phone; home phone; telephone2; asst phone; تلفن دوم; تلفن منزل; "
               "تلفن دیگر; ev telefonu; telefon 2; diğer telefon; ikinci telefon",
    "fax": "fax; fax number; فکس; نمابر; دورنگار; faks; faks no; belgegeçer",
    "website": "website; web site; url; web; homepage; site; website url; websiteurl; company domain name; domain; "
               "company website; وب سایت; وبسایت; سایت; آدرس سایت; تارنما; web sitesi; internet sitesi; "
               "web adresi; internet adresi",
    "street": "street; address; street address; address 1; address line 1; address1 line1; mailing street; "
              "billing street; shipping street; address1 composite; آدرس; نشانی; خیابان; آدرس محل کار; آدرس شرکت; "
              "adres; açık adres; sokak; cadde; adres satırı 1; fatura adresi; street1",
    "street_2": "street 2; street2; address 2; address line 2; address1 line2; ادامه آدرس; آدرس دوم; adres 2; "
                "adres satırı 2",
    "city": "city; town; mailing city; billing city; shipping city; address1 city; شهر; نام شهر; شهرستان; şehir; "
            "il; kent",
    "district": "district; county; borough; neighbourhood; منطقه; بخش شهری; محله; ilçe; semt; mahalle",
    "state": "state; province; region; state province; state region; mailing state; billing state; "
             "mailing state province; billing state province; address1 stateorprovince; state id; استان; "
             "نام استان; ایالت; eyalet; bölge; il adı",
    "postal_code": "zip; zip code; zipcode; postal code; postcode; postalcode; mailing zip; billing zip; "
                   "mailing code; billing code; mailing zip postal code; billing zip postal code; "
                   "address1 postalcode; zip postal code; کد پستی; کدپستی; posta kodu",
    "country": "country; country region; mailing country; billing country; shipping country; address1 country; "
               "country id; country name; کشور; نام کشور; ülke; ülkesi",
    "national_id": "national id; national code; national number; ssn; identity number; کد ملی; کدملی; شماره ملی; "
                   "کد ملی شخص; tc kimlik no; tc kimlik; tckn; kimlik no; kimlik numarası; t c kimlik no",
    "tax_id": "tax id; vat; vat number; tax number; tin; tax no; شناسه ملی; کد اقتصادی; شماره اقتصادی; "
              "شناسه مالیاتی; کد مالیاتی; شناسه ملی شرکت; vergi no; vergi numarası; vkn; vergi kimlik no",
    "tax_office": "tax office; اداره مالیات; حوزه مالیاتی; vergi dairesi; vd",
    "registration_number": "registration number; company number; registration no; شماره ثبت; ticaret sicil no; "
                           "sicil no; mersis; mersis no",
    "status": "status; lead status; hs lead status; statuscode; status reason; state code; contact status; وضعیت; "
              "وضعیت سرنخ; وضعیت مشتری; حالت; durum; durumu; aday durumu",
    "stage": "stage; deal stage; stage name; stage id; pipeline stage; sales stage; dealstage; مرحله; "
             "مرحله معامله; مرحله فروش; aşama; satış aşaması; fırsat aşaması",
    "pipeline": "pipeline; کاریز; کاریز فروش; پایپلاین; قیف فروش; satış hattı; süreç",
    "source": "lead source; source; leadsource; leadsourcecode; original source; hs analytics source; source id; "
              "referral source; utm source; نحوه آشنایی; منبع; منبع سرنخ; شیوه آشنایی; روش آشنایی; منبع آشنایی; "
              "kaynak; aday kaynağı; kaynağı; müşteri kaynağı",
    "rating": "rating; lead rating; leadqualitycode; priority; temperature; رتبه; امتیاز کیفی; اولویت; درجه; "
              "derece; öncelik; değerlendirme",
    "score": "score; lead score; hubspot score; hubspotscore; امتیاز; نمره; puan; skor",
    "industry": "industry; sector; industrycode; industry id; صنعت; حوزه فعالیت; زمینه فعالیت; رسته; sektör; "
                "faaliyet alanı; endüstri",
    "employees": "employees; number of employees; no of employees; numberofemployees; employee count; "
                 "company size; تعداد کارکنان; تعداد پرسنل; تعداد کارمندان; çalışan sayısı; personel sayısı",
    "annual_revenue": "annual revenue; revenue; annualrevenue; turnover; yearly revenue; درآمد سالانه; گردش مالی; "
                      "فروش سالانه; yıllık gelir; yıllık ciro; ciro",
    "amount": "amount; deal amount; value; deal value; expected revenue; estimated value; estimatedvalue; total; "
              "price; opportunity amount; مبلغ; مبلغ معامله; ارزش; ارزش معامله; مبلغ کل; قیمت; tutar; tutarı; "
              "miktar; bedel; fırsat tutarı; fiyat; toplam",
    "currency": "currency; currency code; currency iso code; transactioncurrencyid; currency id; ارز; واحد پول; "
                "نوع ارز; para birimi; döviz; döviz cinsi",
    "probability": "probability; probability %; win probability; closeprobability; احتمال; احتمال موفقیت; "
                   "درصد موفقیت; olasılık; kazanma olasılığı",
    "close_date": "close date; closing date; closedate; expected closing; expected close date; estimatedclosedate; "
                  "date deadline; تاریخ بستن; تاریخ پایان; تاریخ احتمالی فروش; تاریخ پیش بینی فروش; "
                  "kapanış tarihi; tahmini kapanış tarihi; bitiş tarihi",
    "deal_name": "deal name; opportunity name; dealname; opportunity; topic; potential name; subject; نام معامله; "
                 "عنوان معامله; عنوان فرصت; فرصت فروش; fırsat adı; fırsat; konu",
    "birth_date": "birth date; birthday; date of birth; birthdate; dob; birthdate 1; تاریخ تولد; تولد; "
                  "doğum tarihi; doğum günü",
    "gender": "gender; sex; gendercode; جنسیت; cinsiyet",
    "language": "language; preferred language; hs language; lang; زبان; dil; tercih edilen dil",
    "description": "description; notes; note; comment; comments; remarks; message; about us; internal notes; "
                   "توضیحات; شرح; یادداشت; توضیح; ملاحظات; متن پیام; açıklama; not; notlar; yorum; açıklamalar; "
                   "mesaj",
    "tags": "tags; tag; labels; categories; category id; tag ids; برچسب; برچسب ها; تگ; تگ ها; دسته بندی; etiket; "
            "etiketler; kategori; kategoriler",
    "campaign": "campaign; campaign name; utm campaign; campaign id; campaign source; کمپین; نام کمپین; kampanya; "
                "kampanya adı",
    "owner": "owner; lead owner; contact owner; account owner; deal owner; record owner; hubspot owner id; "
             "ownerid; assigned to; salesperson; sales person; user id; responsible; lead owner name; owner name; "
             "مسئول; مالک; کارشناس; کارشناس فروش; مسئول فروش; مسئول پیگیری; مسئول مشتری; sorumlu; temsilci; "
             "satış temsilcisi; sahibi; atanan; müşteri temsilcisi",
    "owner_team": "team; sales team; team id; owner team; owning team; تیم; تیم فروش; گروه فروش; ekip; "
                  "satış ekibi; takım",
    "created_at": "created; created at; created time; create date; createdate; created date; createdon; "
                  "created on; create date time; تاریخ ایجاد; تاریخ ثبت; زمان ثبت; ایجاد شده در; oluşturma tarihi; "
                  "kayıt tarihi; oluşturulma; oluşturulma zamanı",
    "updated_at": "modified time; last modified date; modifiedon; last modified; updated at; write date; "
                  "modified on; last update; تاریخ ویرایش; آخرین ویرایش; آخرین تغییر; güncelleme tarihi; "
                  "değiştirilme tarihi; son değişiklik",
    "last_contact": "last activity time; last activity date; last contacted; notes last contacted; last activity; "
                    "آخرین تماس; آخرین فعالیت; تاریخ آخرین تماس; son iletişim; son aktivite; son görüşme",
    "external_id": "id; record id; lead id; contact id; account id; external id; hs object id; leadid; contactid; "
                   "accountid; guid; xml id; zoho id; customer code; کد; شناسه; کد مشتری; کد دیدار; شناسه رکورد; "
                   "کد اشتراک; kayıt no; müşteri kodu; cari kod; müşteri no",
    "email_opt_out": "email opt out; has opted out of email; opt out; donotemail; unsubscribed; is blacklist; "
                     "do not email; unsubscribed from all email; لغو ایمیل; عدم ارسال ایمیل; عدم دریافت ایمیل; "
                     "e posta istemiyor; e posta izni yok",
    "sms_opt_out": "sms opt out; do not sms; has opted out of sms; لغو پیامک; عدم ارسال پیامک; sms istemiyor; "
                   "sms izni yok",
    "do_not_call": "do not call; donotphone; donotcall; عدم تماس; تماس نگیرید; aranmasın; aramayın",
    "linkedin": "linkedin; linkedin url; linkedin profile; hs linkedin url; linkedin bio; لینکدین; linkedin profili",
    "instagram": "instagram; instagram id; اینستاگرام; آیدی اینستاگرام; instagram hesabı",
    "telegram": "telegram; telegram id; تلگرام; آیدی تلگرام; telegram hesabı",
    "whatsapp": "whatsapp; whatsapp number; whatsapp phone number; hs whatsapp phone number; واتساپ; واتس اپ; "
                "شماره واتساپ; whatsapp no",
    "twitter": "twitter; twitter username; twitterhandle; x username; توییتر; توئیتر",
    "facebook": "facebook; facebook page; facebook company page; فیسبوک; فیس بوک",
    "skype": "skype; skype id; اسکایپ",
    "type": "type; account type; contact type; customertypecode; lifecycle stage; lifecyclestage; customer type; "
            "نوع; نوع مشتری; نوع شخص; tür; tip; müşteri tipi; müşteri türü",
    "quantity": "quantity; qty; count; تعداد; مقدار; adet; sayı",
    "product": "product; product name; product interest; محصول; نام محصول; کالا; ürün; ürün adı",
    "due_date": "due date; deadline; due; سررسید; مهلت; تاریخ سررسید; son tarih; vade; vade tarihi; termin",
}

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {semantic: tuple(text.strip() for text in texts.split(";")) for semantic, texts in _TEXTS.items()})
"""Every way to write a meaning, by the meaning's key."""

FIELD_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "name": "full_name", "account": "company", "account_name": "company", "company_name": "company",
    "organization": "company", "title": "job_title", "position": "job_title", "email_address": "email",
    "mobile_phone": "mobile", "phone_number": "phone", "telephone": "phone", "url": "website", "address": "street",
    "province": "state", "zip": "postal_code", "zip_code": "postal_code", "postcode": "postal_code",
    "lead_source": "source", "lead_status": "status", "notes": "description", "note": "description",
    "comment": "description", "revenue": "annual_revenue", "employee_count": "employees", "value": "amount",
    "expected_close": "close_date", "expected_close_date": "close_date", "birthday": "birth_date",
    "surname": "last_name", "family_name": "last_name", "given_name": "first_name", "vat": "tax_id",
    "tax_number": "tax_id", "national_code": "national_id", "tag": "tags", "assigned_to": "owner",
})
"""Common names of fields that are not themselves the key of their meaning."""
