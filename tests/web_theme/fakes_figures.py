"""Pages of figures and boards with made-up content, for the gallery."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from core.i18n.formats import formatter
from core.i18n.messages import Message
from core.web import viewmodels as vm
from core.web.charts import chart
from tests.web_theme.fakes import Fakes


def env_of(k: Fakes) -> Any:
    """As much of an environment as drawing a chart needs."""
    digits = "arabext" if k.lang == "fa" else "latn"
    show = formatter(k.lang, "Asia/Tehran", "jalali" if k.lang == "fa" else "gregorian", digits)
    return SimpleNamespace(lang=k.lang, format=show, t=lambda text: text.english() if isinstance(text, Message) else text)


def charts(k: Fakes) -> list[vm.Chart]:
    """One of each kind, and an empty one."""
    env, s = env_of(k), k.s
    months = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
    if k.lang != "fa":
        months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    won = [120, 180, 90, 210, 260, 240, 310, 150, 330, 280, 360, 410]
    open_ = [60, 90, 120, 80, 140, 160, 130, 210, 190, 240, 260, 300]
    urls = ["list.html"] * 12

    def money(value: Any) -> str:
        return env.format.money(value * 1_000_000, "IRR")

    def short(value: Any) -> str:
        return env.format.short_money(value * 1_000_000, "IRR")

    def draw(kind: str, title: str, names: list[str], series: list[vm.Series], **more: Any) -> vm.Chart:
        return chart(env, kind, title, names, series, category_label=s("ماه", "Month"), **more)

    stages = [s("تماس", "Contact"), s("نیازسنجی", "Needs"), s("پیشنهاد", "Proposal"), s("مذاکره", "Negotiation"), s("برنده", "Won")]
    people = [s("سارا محمدی", "Sara Mohammadi"), s("رضا کریمی", "Reza Karimi"), s("مریم احمدی", "Maryam Ahmadi")]
    return [
        draw("columns", s("فروش هر ماه", "Sales per month"), months, [vm.Series(s("برنده", "Won"), won, urls)], show=money),
        draw("stacked", s("پیش‌بینی", "Forecast"), months, [
            vm.Series(s("برنده", "Won"), won, urls), vm.Series(s("قطعی", "Commit"), open_, urls),
            vm.Series(s("خوش‌بینانه", "Best case"), won[::-1], urls)], show=money, short=short),
        draw("line", s("نرخ برد", "Win rate"), months, [
            vm.Series(s("امسال", "This year"), [*won[:9], None, None, None], urls), vm.Series(s("پارسال", "Last year"), open_, urls)]),
        draw("funnel", s("قیف فروش", "Funnel"), stages, [vm.Series("", [420, 310, 190, 120, 64], urls, details=[
            "", "74%", "61%", "63%", "53%"])]),
        draw("bars", s("بهترین فروشندگان", "Best sellers"), people, [vm.Series(s("برنده", "Won"), [310, 240, 95], urls[:3])],
             show=money),
        draw("bars", s("دلیل باخت", "Reasons"), [], []),
    ]


def report(k: Fakes) -> vm.ReportPage:
    """Filters, tiles, charts and a table."""
    s = k.s
    fields = [vm.FieldView("period", s("دوره", "Period"), "select", "this_year", required=True, attrs={"data-submit": ""},
                           options=[vm.Option("this_year", s("امسال", "This year")), vm.Option("last_year", s("پارسال", "Last year"))])]
    table = vm.SimpleTable([vm.Column("who", s("شخص", "Person")), vm.Column("won", s("برنده", "Won"), align="end")],
                           [vm.Row(1, "", [vm.Cell("text", k.people()[0].name), vm.Cell("money", k.n("12,400"), url="list.html")])])
    panels = [vm.Panel(c.title, chart=c, wide=i == 0, note=s("معامله‌های برنده", "Won deals") if i == 0 else "")
              for i, c in enumerate(charts(k))]
    return vm.ReportPage(
        s("پیش‌بینی فروش", "Forecast"), tabs=[vm.Tab("f", s("پیش‌بینی", "Forecast"), active=True, url="#"),
                                              vm.Tab("a", s("تحلیل", "Analysis"), url="#")],
        filters=vm.FormPage("", "report.html", [vm.Section("main", fields=fields)]),
        tiles=[vm.Tile(s("برنده", "Won"), k.n("24"), s("از ۶۰", "of 60"), "list.html", "trophy"),
               vm.Tile(s("نرخ برد", "Win rate"), k.n("40%"), trend="up", trend_text=k.n("+4"))],
        panels=[*panels, vm.Panel(s("اشخاص", "People"), table=table)])


def cards(k: Fakes, count: int, start: int = 0) -> list[vm.BoardCard]:
    """Cards of deals."""
    s, people = k.s, k.people()
    names = [s("خط تولید شیراز", "Shiraz production line"), s("تمدید پشتیبانی", "Support renewal"), "Yıldız Tekstil A.Ş."]
    return [vm.BoardCard(start + i, "record.html", names[i % 3], 3, [
        (s("حساب", "Account"), vm.Cell("link", s("آرمان صنعت پارس", "Arman Sanat Pars"), "#", dir="auto")),
        (s("مبلغ", "Amount"), vm.Cell("money", k.n("12,500,000") + s(" تومان", " Toman"))),
        (s("داغی", "Rating"), vm.Cell("choice", s("داغ", "Hot"), colour="red"))], people[i % 4],
        ("", "red", "green")[i % 3], s("۱۴ روز رها مانده", "Idle for 14 days") if i % 4 == 1 else "") for i in range(count)]


def board(k: Fakes) -> vm.ListPage:
    """Columns of all kinds: full, empty, folded, closed to cards, with figures and further cards."""
    s = k.s
    page = k.list_page()
    stages = [(s("تماس", "Contact"), "blue", 6), (s("پیشنهاد", "Proposal"), "violet", 3), (s("مذاکره", "Negotiation"), "orange", 0)]
    columns = [vm.BoardColumn(f"v{i}", label, k.n(n), k.n(n), "list.html", colour, k.n("1.2") + s(" میلیارد ریال", "B IRR"), "1200000000",
                              [(s("احتمال", "Probability"), k.n("40%"))], cards=cards(k, n, i * 10), more_url="board.html" if i == 0 else "",
                              cards_url="board.html")
               for i, (label, colour, n) in enumerate(stages)]
    columns.append(vm.BoardColumn("v8", s("برنده", "Won"), k.n(24), url="list.html", colour="green", folded=True))
    columns.append(vm.BoardColumn("other", s("دیگر", "Other"), k.n(1), colour="grey", cards=cards(k, 1, 90), fixed=s("بسته", "Closed")))
    page.rows, page.group_options, page.all_columns = [], [], []
    page.switches = [vm.Action(s("فهرست", "List"), "list.html", "list-ul"), vm.Action(s("تابلو", "Board"), "#", "kanban", active=True)]
    pickers = [vm.BoardPicker(s("خط لوله: فروش", "Pipeline: Sales"), [vm.Action(s("فروش", "Sales"), "#", active=True)], "funnel")]
    page.board = vm.Board(columns, "#move", "#moves", "#fold", True, pickers)
    return page
