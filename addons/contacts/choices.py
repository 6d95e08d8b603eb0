"""The picklists of this addon, and the small maps that follow from them."""

from core.api import Option, _

ACCOUNT_TYPES = [
    Option("prospect", _("Prospect"), "amber"), Option("customer", _("Customer"), "green"),
    Option("partner", _("Partner"), "blue"), Option("vendor", _("Vendor"), "purple"),
    Option("competitor", _("Competitor"), "red"),
]
INDUSTRIES = [
    ("agriculture", _("Agriculture and food")), ("automotive", _("Automotive")), ("banking", _("Banking and insurance")),
    ("chemical", _("Oil, gas and chemicals")), ("construction", _("Construction and property")),
    ("consulting", _("Consulting and services")), ("education", _("Education")), ("energy", _("Energy and utilities")),
    ("government", _("Government")), ("health", _("Health and pharmaceuticals")), ("manufacturing", _("Manufacturing")),
    ("media", _("Media and advertising")), ("retail", _("Retail and wholesale")), ("technology", _("Technology")),
    ("telecom", _("Telecommunications")), ("tourism", _("Tourism and hospitality")),
    ("transport", _("Transport and logistics")), ("other", _("Other")),
]
SIZES = [
    ("1-10", _("1 to 10 people")), ("11-50", _("11 to 50 people")), ("51-200", _("51 to 200 people")),
    ("201-500", _("201 to 500 people")), ("501-1000", _("501 to 1,000 people")),
    ("1001-5000", _("1,001 to 5,000 people")), ("5001+", _("More than 5,000 people")),
]
SIZE_LIMITS = ((10, "1-10"), (50, "11-50"), (200, "51-200"), (500, "201-500"), (1000, "501-1000"), (5000, "1001-5000"))
RATINGS = [Option("hot", _("Hot"), "red"), Option("warm", _("Warm"), "amber"), Option("cold", _("Cold"), "blue")]
SALUTATIONS = [("mr", _("Mr")), ("ms", _("Ms")), ("dr", _("Dr")), ("eng", _("Eng.")), ("prof", _("Prof."))]
LANGUAGES = [("fa", _("Persian")), ("en", _("English")), ("tr", _("Turkish")), ("ar", _("Arabic")),
             ("de", _("German")), ("fr", _("French")), ("ru", _("Russian"))]
CHANNELS = [("phone", _("Phone")), ("mobile", _("Mobile")), ("email", _("E-mail")), ("sms", _("SMS")),
            ("whatsapp", "WhatsApp"), ("telegram", "Telegram"), ("post", _("Post")), ("visit", _("Visit"))]
POINT_KINDS = [
    Option("phone", _("Phone"), "blue"), Option("mobile", _("Mobile"), "teal"), Option("email", _("E-mail"), "purple"),
    Option("fax", _("Fax")), Option("whatsapp", "WhatsApp", "green"), Option("telegram", "Telegram", "blue"),
    Option("instagram", "Instagram", "pink"), Option("linkedin", "LinkedIn", "blue"), Option("x", "X"),
    Option("skype", "Skype"), Option("website", _("Website")), Option("other", _("Other")),
]
POINT_LABELS = [("work", _("Work")), ("home", _("Home", context="where somebody lives")),
                ("assistant", _("Assistant")), ("other", _("Other"))]
ADDRESS_KINDS = [
    Option("office", _("Head office"), "blue"), Option("branch", _("Branch"), "teal"), Option("factory", _("Factory"), "amber"),
    Option("warehouse", _("Warehouse"), "purple"), Option("billing", _("For bills")), Option("shipping", _("For deliveries")),
    Option("other", _("Other")),
]
ROLES = [
    Option("decision_maker", _("Decision maker"), "green"), Option("influencer", _("Influencer"), "blue"),
    Option("user", _("User"), "teal"), Option("payer", _("Payer"), "amber"), Option("technical", _("Technical"), "purple"),
    Option("legal", _("Legal")), Option("other", _("Other")),
]

PHONES = frozenset({"phone", "mobile", "fax", "whatsapp"})
"""Kinds of contact points whose value is a telephone number."""

MAIN_FIELDS = ("phone", "mobile", "email")
"""Kinds whose primary contact point stands on the person itself, in the field of that name."""

FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "hotmail.com", "outlook.com", "live.com", "msn.com", "aol.com",
    "icloud.com", "me.com", "mail.com", "gmx.com", "gmx.de", "protonmail.com", "proton.me", "yandex.com", "yandex.ru",
    "mail.ru", "chmail.ir", "mailfa.com", "mihanmail.ir", "hotmail.com.tr", "mynet.com", "yaani.com"})
"""Domains at which everybody may have an address: they say nothing about a person's company."""
