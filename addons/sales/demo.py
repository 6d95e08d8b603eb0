"""A year of papers of a demo company: offers made, answered, delivered, invoiced and paid, day by day, some of them late.

The same in every installation of the same day. Each day of a paper's life is written as the seller of the paper, on that day.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from core.api import Env, F

from . import life, settling

COUNT = 40
SELLERS = ("reza", "ali", "ayse", "emily", "sara", "john")
SUBJECTS = {"fa": ("تجهیز دفتر مرکزی", "خرید فصلی", "نوسازی شعبه", "سفارش نمایشگاه", "تمدید و گسترش"),
            "tr": ("Genel merkez donanımı", "Dönemlik alım", "Şube yenileme", "Fuar siparişi", "Yenileme ve genişleme"),
            "en": ("Head office equipment", "Seasonal order", "Branch renewal", "Fair order", "Renewal and extension")}
TERMS = {"fa": "تحویل ظرف ده روز کاری. پرداخت: ۳۰ روز پس از صدور صورت‌حساب.\nکالا دوازده ماه ضمانت دارد.",
         "tr": "On iş günü içinde teslim. Ödeme: faturadan 30 gün sonra.\nÜrünler on iki ay garantilidir.",
         "en": "Delivery within ten working days. Payment: 30 days after the invoice.\nTwelve months of warranty."}
WHY_NOT = {"fa": "قیمت رقیب پایین‌تر بود.", "tr": "Rakibin fiyatı daha düşüktü.", "en": "A competitor was cheaper."}
SUPPORT = {"fa": "قرارداد پشتیبانی سالانه", "tr": "Yıllık destek sözleşmesi", "en": "Yearly support contract"}


class Market(NamedTuple):
    """Customers of a language, with products that have a price in their currency."""

    lang: str
    currency: int
    accounts: list[int]
    products: list[int]


def create(env: Env) -> None:
    """Make the papers, once; nothing where the catalogue has no prices."""
    if env.query("sales.quote").deleted(None).archived(None).exists():
        return
    markets = _markets(env)
    owners = env.query("base.user").where(F.active & F.login.isin(SELLERS)).order("id").ids()
    if markets and owners:
        _letterhead(env)
        _Year(env, markets, owners).live()


def _letterhead(env: Env) -> None:
    """The demo company has what stands on its papers."""
    own = env.query("base.company").order("id").records("address", limit=1)
    if own and not own[0].address:
        env.update("base.company", own[0].id, {
            "legal_name": "شرکت نمونهٔ سرنخ (سهامی خاص)", "national_id": "10380284790", "economic_code": "411111111111",
            "phone": "+982188776655", "email": "sales@sarnakh.example", "website": "https://www.sarnakh.example",
            "address": "تهران، خیابان ولیعصر، کوچهٔ نمونه، شمارهٔ ۱۲"})


def _markets(env: Env) -> list[Market]:
    found: list[Market] = []
    for code, country, lang in (("IRR", "IR", "fa"), ("TRY", "TR", "tr"), ("GBP", "GB", "en"), ("EUR", "GB", "en")):
        currency = env.query("base.currency").where(F.code == code).ids(1)
        accounts = env.query("contacts.account").where(F.billing_country.code == country).order("id").ids(40)
        prices = env.query("catalogue.price").where((F.currency.code == code) & (F.price_list.kind == "sale") & F.price_list.active
                                                    & (F.minimum_quantity <= 1)).order("id").select("product").rows(200) if currency else []
        products = list(dict.fromkeys(r["product"].id for r in prices))
        if currency and accounts and products and not any(m.lang == lang for m in found):
            found.append(Market(lang, currency[0], accounts, products))
    return found


class _Year:
    """What happens on which day, done in the order of days."""

    def __init__(self, env: Env, markets: list[Market], owners: list[int]) -> None:
        self.env, self.markets, self.owners = env, markets, owners
        self.dice = random.Random(1405)  # noqa: S311 - believable, not secret
        self.events: list[tuple[int, int, int, Callable[[Env, int], None]]] = []
        self.turn = 0

    def live(self) -> None:
        """The whole year."""
        for i in range(COUNT):
            ago = int(340 * (1 - (i + self.dice.random()) / COUNT))
            self.on(ago, self.dice.choice(self.owners), self.offer)
        self.on(330, self.owners[0], self.contract)
        self.on(120, self.owners[-1], self.contract)
        while self.events:
            ago, _turn, owner, do = heapq.heappop(self.events)
            moment = self.env.now.replace(hour=6, minute=0, second=0, microsecond=0) + dt.timedelta(days=ago,
                minutes=self.dice.randint(0, 480))
            do(self.env.back_then(min(moment, self.env.now), owner), -ago)
        settling.age(self.env)
        over = self.env.query("sales.quote").where((F.status == "sent") & (F.valid_until < self.env.today)).order("id").ids()
        self.env.update("sales.quote", over, {"status": "expired"})

    def on(self, ago: int, owner: int, do: Callable[[Env, int], None]) -> None:
        """Put something into the calendar, unless it lies ahead."""
        if ago >= 0:
            self.turn += 1
            heapq.heappush(self.events, (-ago, self.turn, owner, do))

    def offer(self, then: Env, ago: int) -> None:
        """A quote is written and sent; what comes of it follows."""
        market = self.dice.choices(self.markets, [4, 2, 2][:len(self.markets)])[0]
        owner = then.actor.id or 0
        key = then.create("sales.quote", {
            "subject": self.dice.choice(SUBJECTS[market.lang]), "account": self.dice.choice(market.accounts), "currency": market.currency,
            "language": market.lang, "terms": TERMS[market.lang], "owner": owner, "date": then.today,
            "valid_until": then.today + dt.timedelta(days=30)})
        chosen = self.dice.sample(market.products, min(len(market.products), self.dice.randint(1, 4)))
        then.create("sales.quote_line", [{"paper": key, "product": p, "quantity": self.dice.choice((1, 2, 3, 5, 8, 12))} for p in chosen])
        fate = self.dice.random()
        if fate < 0.08 and ago < 20:
            return
        then.run_action("sales.quote", "send", [key])
        wait = self.dice.randint(3, 18)
        if fate < 0.68:
            self.on(ago - wait, owner, lambda env, day: self.ordered(env, day, key))
        elif fate < 0.84:
            self.on(ago - wait, owner, lambda env, day: self.refused(env, key, market.lang))
        elif fate < 0.93:
            self.on(ago - 31, owner, lambda env, day: self.lapsed(env, key))

    def refused(self, then: Env, key: int, lang: str) -> None:
        """The customer went elsewhere."""
        life.decline(then, key, WHY_NOT[lang])

    def lapsed(self, then: Env, key: int) -> None:
        """Nobody answered."""
        then.update("sales.quote", key, {"status": "expired"})

    def ordered(self, then: Env, ago: int, key: int) -> None:
        """Accepted, ordered, confirmed."""
        then.run_action("sales.quote", "accept", [key])
        order = _key(then.run_action("sales.quote", "order", [key]))
        then.run_action("sales.order", "confirm", [order])
        owner = then.actor.id or 0
        self.on(ago - self.dice.randint(2, 9), owner, lambda env, day: self.delivered(env, day, order))

    def delivered(self, then: Env, ago: int, order: int) -> None:
        """Shipped (sometimes a part of it), and invoiced."""
        shipment = _key(then.run_action("sales.order", "ship", [order]))
        lines = then.query("sales.shipment_line").where(F.paper == shipment).order("id").ids()
        if len(lines) > 1 and self.dice.random() < 0.25:
            then.delete("sales.shipment_line", lines[-1:])
        then.update("sales.shipment", shipment, {"carrier": self.dice.choice(("تیپاکس", "DHL", "Aras Kargo", "UPS")),
                                                 "tracking": f"TR{self.dice.randint(10**8, 10**9)}"})
        then.run_action("sales.shipment", "shipped", [shipment])
        invoice = _key(then.run_action("sales.order", "invoice", [order]))
        then.run_action("sales.invoice", "issue", [invoice])
        owner, fate = then.actor.id or 0, self.dice.random()
        if fate < 0.75:
            self.on(ago - self.dice.randint(8, 45), owner, lambda env, day: self.paid(env, invoice, Decimal(1)))
        elif fate < 0.9:
            self.on(ago - self.dice.randint(5, 25), owner, lambda env, day: self.paid(env, invoice, Decimal("0.5")))

    def paid(self, then: Env, invoice: int, part: Decimal) -> None:
        """Money came."""
        balance = then.get("sales.invoice", invoice, "balance").balance
        if balance > 0:
            settling.receive(then, invoice, {"amount": (balance * part).quantize(Decimal(1)), "date": then.today,
                                             "method": self.dice.choice(("transfer", "transfer", "card", "cheque")),
                                             "reference": f"{self.dice.randint(10**7, 10**8)}"})

    def contract(self, then: Env, ago: int) -> None:
        """An agreement over a year."""
        market = self.markets[0]
        key = then.create("sales.contract", {
            "subject": SUPPORT[market.lang], "account": self.dice.choice(market.accounts), "currency": market.currency,
            "language": market.lang,
            "starts": then.today, "ends": then.calendar.add_months(then.today, 12) - dt.timedelta(days=1), "terms": TERMS[market.lang],
            "amount": Decimal(480_000_000) if market.lang == "fa" else Decimal(4800), "owner": then.actor.id})
        then.run_action("sales.contract", "activate", [key])


def _key(address: Any) -> int:
    return int(str(address).rpartition("/")[2])
