"""More believable pages: home, administration, wizard, sign-in, search, merge, dialogs, errors."""

from __future__ import annotations

from core.web import viewmodels as vm
from tests.web_theme.fakes import Fakes


def home(k: Fakes) -> vm.HomePage:
    """The home page on a working day."""
    s, n = k.s, k.n
    work = [vm.WorkItem(s("تماس با مریم احمدی دربارهٔ پیش‌فاکتور", "Call Maryam Ahmadi about the quote"), "#", s("آرمان صنعت پارس", "Arman Sanat Pars"), s("دیروز", "Yesterday"), "telephone", True),
            vm.WorkItem(s("ارسال قرارداد به گروه خزر", "Send the contract to Khazar Group"), "#", s("فرصت ۲۵۰ میلیونی", "250 M deal"), s("امروز ۱۴:۳۰", "Today 14:30"), "envelope", badge=vm.Badge(s("مهم", "Important"), "red")),
            vm.WorkItem(s("جلسهٔ معرفی با Yıldız Tekstil", "Intro meeting with Yıldız Tekstil"), "#", s("برخط", "Online"), s("فردا ۱۰:۰۰", "Tomorrow 10:00"), "camera-video"),
            vm.WorkItem(s("۱۲ سرنخ تازه بدون مالک", "12 new leads without an owner"), "#", s("از فرم وب‌گاه", "From the web form"), "", "person-plus", action=vm.Action(s("بررسی", "Review"), "#"))]
    recent = [vm.WorkItem(s("مریم احمدی", "Maryam Ahmadi"), "#", s("سرنخ", "Lead"), s("۵ دقیقه پیش", "5 min ago"), "person-plus"), vm.WorkItem(s("گروه صنعتی خزر", "Khazar Group"), "#", s("حساب", "Account"), s("۱ ساعت پیش", "1 h ago"), "building"), vm.WorkItem("Mehmet Kaya", "#", s("شخص", "Contact"), s("دیروز", "Yesterday"), "person")]
    tiles = [vm.Tile(s("سرنخ‌های باز من", "My open leads"), n(86), s("نسبت به هفتهٔ پیش", "since last week"), "#", "person-plus", "up", n("12%")), vm.Tile(s("بی‌پیگیری", "Without follow-up"), n(14), s("بیش از ۷ روز", "over 7 days"), "#", "hourglass-split", "up", n(3), False),
             vm.Tile(s("تبدیل این ماه", "Converted this month"), n("18%"), s("از ۲۴۰ سرنخ", "of 240 leads"), "#", "arrow-repeat"), vm.Tile(s("ارزش تخمینی", "Estimated value"), n("18.4") + s(" میلیارد", " B"), s("تومان", "IRT"), "#", "cash-stack")]
    apps = [vm.AppLink(s("سرنخ‌ها", "Leads"), "#", "person-plus", colour="teal"), vm.AppLink(s("حساب‌ها", "Accounts"), "#", "building", colour="blue"), vm.AppLink(s("اشخاص", "Contacts"), "#", "person", colour="violet"), vm.AppLink(s("گزارش‌ها", "Reports"), "#", "bar-chart", colour="orange")]
    return vm.HomePage(s("صبح به‌خیر، سارا", "Good morning, Sara"), s("دوشنبه ۲ آذر ۱۴۰۵", "Monday, 23 November 2026"), tiles, [vm.Panel(s("کارهای من", "My work"), work, icon="check2-square", url="#", actions=[vm.Action(s("کار تازه", "New task"), "#", "plus")]), vm.Panel(s("از من نام برده‌اند", "Mentions"), icon="at", empty=vm.EmptyState(s("کسی صدایتان نکرده است", "Nobody mentioned you"), s("یادداشت‌هایی که با @ نام شما را ببرند اینجا می‌آیند.", "Notes with @ and your name show up here."), "at"))], [vm.Panel(s("اخیر", "Recent"), recent, icon="clock-history")], apps)


def arranged(k: Fakes) -> vm.HomePage:
    """A home page that somebody arranged: figures, apps, and a block that comes later."""
    made = home(k)
    later = vm.Panel(k.s("معامله‌ها به مرحله", "Deals by stage"), icon="bar-chart", lazy_url="#")
    return vm.HomePage(made.greeting, made.date, shape="three", charts=True, columns=[
        [vm.Panel("", tiles=made.tiles), *made.panels], [later, vm.Panel("", html="<p>…</p>")], [vm.Panel(k.s("برنامه‌ها", "Apps"), apps=made.apps)]])


def menu(k: Fakes, active: str) -> list[vm.Tab]:
    """The administration's menu."""
    s = k.s
    items = [("addons", s("افزونه‌ها", "Addons"), "puzzle"), ("users", s("کاربران", "Users"), "people"), ("profiles", s("نمایه‌ها", "Profiles"), "person-badge"), ("roles", s("نقش‌ها", "Roles"), "diagram-3"), ("sharing", s("اشتراک‌گذاری", "Sharing"), "share"), ("audit", s("ممیزی", "Audit"), "journal-text"), ("jobs", s("کارهای پس‌زمینه", "Jobs"), "cpu"), ("health", s("سلامت سامانه", "Health"), "heart-pulse")]
    return [vm.Tab(i, label, url="#", active=i == active, icon=icon) for i, label, icon in items]


def addons(k: Fakes) -> vm.AdminPage:
    """The catalogue of addons."""
    s, n = k.s, k.n
    def card(name: str, title: str, text: str, icon: str, state: str, label: str, **more: object) -> vm.CatalogueCard:
        action = vm.Action(s("غیرفعال‌کردن", "Disable") if state == "enabled" else s("فعال‌کردن", "Enable"), "#", kind="post", style="" if state == "enabled" else "primary")
        return vm.CatalogueCard(name, title, text, icon, "1.0.0", s("فروش", "Sales"), state, label, [n(4) + s(" نوع رکورد", " record types"), n(12) + s(" گزارش", " reports")], actions=[action], **more)  # type: ignore[arg-type]
    on, off = s("فعال", "Enabled"), s("آماده", "Available")
    cards = [card("leads", s("سرنخ‌ها", "Leads"), s("از نخستین آشنایی تا تبدیل به مشتری: منبع، امتیاز، ارزیابی و تبدیل.", "From first contact to customer: sources, scoring, qualification, conversion."), "person-plus", "enabled", on, depends=[vm.Badge(s("حساب‌ها و اشخاص", "Contacts"))]),
             card("contacts", s("حساب‌ها و اشخاص", "Accounts & contacts"), s("شرکت‌ها، اشخاص و پیوند میانشان؛ تکراری‌یابی و ادغام.", "Companies, people and the ties between them; duplicates and merging."), "building", "enabled", on),
             card("deals", s("فرصت‌ها", "Deals"), s("پایپ‌لاین فروش با مرحله، احتمال و پیش‌بینی.", "The sales pipeline with stages, probabilities and forecast."), "kanban", "available", off),
             card("sms", s("پیامک", "SMS"), s("فرستادن و گرفتن پیامک از درگاه‌های ایرانی.", "Send and receive text messages."), "chat-dots", "broken", s("خراب", "Broken"), error=s("به «requests» نیاز دارد که نصب نیست.", "Needs “requests”, which is not installed."))]
    return vm.AdminPage(s("افزونه‌ها", "Addons"), s("هر افزونه نوع رکورد، صفحه و دسترسی‌های خودش را می‌آورد. غیرفعال‌کردن داده را نگه می‌دارد.", "Each addon brings its record types, pages and permissions. Disabling keeps the data."), menu(k, "addons"), s("مدیریت", "Administration"), categories=[vm.Tab("a", s("همه", "All"), n(4), "#", True), vm.Tab("b", s("فروش", "Sales"), n(3), "#")], cards=cards)


def users(k: Fakes) -> vm.AdminPage:
    """The table of users with a filter."""
    s = k.s
    rows = [vm.Row(i, "#", [vm.Cell("user", person=p), vm.Cell("email", f"user{i}@parsico.example", dir="ltr"), vm.Cell("choice", s("فروشنده", "Seller"), colour="blue"), vm.Cell("datetime", s("امروز", "Today")), vm.Cell("flag", checked=i != 2, text=s("خیر", "No"))]) for i, p in enumerate(k.people())]
    table = vm.SimpleTable([vm.Column("n", s("نام", "Name")), vm.Column("e", s("رایانامه", "E-mail")), vm.Column("p", s("نمایه", "Profile")), vm.Column("l", s("آخرین ورود", "Last sign-in")), vm.Column("t", s("دو مرحله‌ای", "Two-factor"))], rows, {i: [vm.Action(s("ویرایش", "Edit"), "#")] for i in range(4)}, s("کاربران", "Users"), count_text=k.n(4))
    filters = vm.FormPage("", "#", [vm.Section("f", fields=[vm.FieldView("q", s("نام یا رایانامه", "Name or e-mail")), vm.FieldView("p", s("نمایه", "Profile"), "select", options=[vm.Option("1", s("فروشنده", "Seller"))])])], method="get")
    return vm.AdminPage(s("کاربران", "Users"), "", menu(k, "users"), s("مدیریت", "Administration"), actions=[vm.Action(s("دعوت کاربر", "Invite a user"), "#", "person-plus")], table=table, filters=filters, tiles=[vm.Tile(s("فعال", "Active"), k.n(42), icon="people"), vm.Tile(s("بی‌دو مرحله‌ای", "No two-factor"), k.n(7), icon="shield-exclamation")])


def profile(k: Fakes) -> vm.AdminPage:
    """A permission matrix and a role tree."""
    s = k.s
    heads = [s("نوع رکورد", "Record type"), s("دیدن", "Read"), s("ساختن", "Create"), s("ویرایش", "Edit"), s("حذف", "Delete"), s("درون‌ریزی", "Import")]
    rows = [vm.MatrixRow(s("فروش", "Sales"), heading=True)]
    for label in (s("سرنخ", "Lead"), s("حساب", "Account"), s("شخص", "Contact")):
        rows.append(vm.MatrixRow(label, cells=[vm.MatrixCell(f"{label}{i}", i < 3, label=f"{label}: {h}") for i, h in enumerate(heads[1:])]))
    rows.append(vm.MatrixRow(s("درآمد سالانه", "Annual revenue"), s("فیلد", "field"), [vm.MatrixCell("f", options=[("h", s("پنهان", "Hidden")), ("r", s("خواندنی", "Read-only"))], value="r", label="f")] + [vm.MatrixCell("")] * 4, 1))
    tree = [vm.TreeNode(s("مدیرعامل", "CEO"), "#", people=k.people()[:1], children=[vm.TreeNode(s("مدیر فروش", "Sales manager"), "#", people=k.people()[1:3], children=[vm.TreeNode(s("فروشندهٔ تهران", "Seller, Tehran"), "#", k.n(8)), vm.TreeNode(s("فروشندهٔ استانبول", "Seller, Istanbul"), "#", k.n(3))])])]
    return vm.AdminPage(s("نمایهٔ فروشنده", "Profile: Seller"), s("چه کاری با کدام نوع رکورد.", "What may be done with which record type."), menu(k, "profiles"), s("مدیریت", "Administration"), [vm.Tab("r", s("رکوردها", "Records"), url="#", active=True), vm.Tab("a", s("کارها", "Actions"), url="#")], matrix=vm.Matrix(heads, rows, "#", "matrix"), tree=tree, code="<iframe src=…></iframe>", code_label=s("این را در وب‌گاه بگذارید", "Put this into your site"), facts=[(s("نسخه", "Version"), vm.Cell("text", "0.1.0", dir="ltr")), (s("پایگاه داده", "Database"), vm.Cell("text", "SQLite", dir="ltr"))])


def wizard(k: Fakes, step: int) -> vm.WizardPage:
    """A step of the import: 0 upload, 1 mapping, 2 preview, 3 progress."""
    s, n = k.s, k.n
    steps = [s("بارگذاری", "Upload"), s("ستون‌ها", "Columns"), s("بررسی", "Check"), s("اجرا", "Run")]
    page = vm.WizardPage(s("درون‌ریزی سرنخ‌ها", "Import leads"), steps, step, action_url="/import", actions=[vm.Action(s("ادامه", "Continue"), kind="submit")], cancel_url="list.html", back_url="#" if step else "")
    if step == 0:
        page.upload, page.upload_hint, page.accept = "file", s("CSV یا XLSX تا ۱۰۰ هزار ردیف؛ سرستون فارسی، ترکی یا انگلیسی", "CSV or XLSX, up to 100,000 rows; headers in Persian, Turkish or English"), ".csv,.xlsx"
        page.intro = s("فایل را همان‌طور که هست بیاورید؛ تاریخ شمسی، ارقام فارسی و شماره‌های گوناگون شناخته می‌شوند.", "Bring the file as it is; Jalali dates, Persian digits and phones in any shape are understood.")
    elif step == 1:
        groups = [(s("شخص", "Person"), [("name", s("نام", "Name")), ("phone", s("تلفن", "Phone"))]), (s("فروش", "Sale"), [("source", s("منبع", "Source"))])]
        page.mapping = [vm.MappingRow("نام و نام خانوادگی", ["مریم احمدی", "علی رضایی"], vm.FormSelect("m0", groups, "name"), "sure", s("مطمئن", "Sure")), vm.MappingRow("Mobile No", ["۰۹۱۲۳۴۵۶۷۸۹", "+98 912 111 2233"], vm.FormSelect("m1", groups, "phone"), "likely", s("احتمالاً", "Likely")), vm.MappingRow("ستون ۷", ["—"], vm.FormSelect("m2", groups), "none", s("ناشناخته", "Unknown"))]
    elif step == 2:
        page.figures = [vm.Tile(s("تازه", "New"), n("4,812")), vm.Tile(s("به‌روزرسانی", "Update"), n(120)), vm.Tile(s("ردشده", "Skipped"), n(40)), vm.Tile(s("خطا", "Errors"), n(28))]
        page.headings = [s("نام", "Name"), s("تلفن", "Phone"), s("تاریخ", "Date")]
        page.preview = [vm.PreviewRow(n(2), ["مریم احمدی", "۰۹۱۲۳۴۵۶۷۸۹", "۱۴۰۵/۰۶/۰۱"], "new", s("تازه", "New")), vm.PreviewRow(n(3), ["علی رضایی", "۰۹۱۲", "۱۴۰۵/۱۳/۰۱"], "error", s("خطا", "Error"), {1: s("شماره کوتاه است", "Too short"), 2: s("ماه سیزدهم نداریم", "No month 13")}), vm.PreviewRow(n(4), ["Mehmet Kaya", "+90 212 555", ""], "update", s("به‌روزرسانی", "Update"))]
    else:
        page.actions, page.action_url, page.back_url = [], "", ""
        page.progress = vm.Progress(s("در حال درون‌ریزی «نمایشگاه.xlsx»", "Importing “fair.xlsx”"), 62, n("3,100 / 5,000"), "running", figures=[vm.Tile(s("تازه", "New"), n("2,950")), vm.Tile(s("خطا", "Errors"), n(12))], actions=[vm.Action(s("توقف", "Stop"), "#", "stop-circle", kind="post")])
    return page


def login(k: Fakes) -> vm.AuthPage:
    """Sign in."""
    s = k.s
    form = vm.FormPage("", "/login", [vm.Section("a", columns=1, fields=[vm.FieldView("email", s("رایانامه", "E-mail"), "email", required=True, attrs={"autocomplete": "username"}), vm.FieldView("password", s("گذرواژه", "Password"), "password", required=True, attrs={"autocomplete": "current-password"}), vm.FieldView("keep", s("مرا به یاد داشته باش", "Keep me signed in"), "flag")])], actions=[vm.Action(s("ورود", "Sign in"), kind="submit", style="primary")])
    langs = [vm.Action("فارسی", "#", value="fa", active=k.lang == "fa"), vm.Action("English", "#", value="en", active=k.lang == "en"), vm.Action("Türkçe", "#", value="tr")]
    return vm.AuthPage(s("ورود به سرنخ", "Sign in to Sarnakh"), form, s("خوش آمدید.", "Welcome back."), [vm.Action(s("گذرواژه را فراموش کرده‌ام", "I forgot my password"), "#")], langs)


def setup(k: Fakes) -> vm.AuthPage:
    """First run."""
    s = k.s
    F, P = vm.FieldView, vm.Option
    fields = [F("name", s("نام شما", "Your name"), required=True), F("email", s("رایانامه", "E-mail"), "email", required=True), F("password", s("گذرواژه", "Password"), "password", required=True, width=2, help=s("دست‌کم ده نویسه", "At least ten characters")), F("lang", s("زبان", "Language"), "select", "fa", options=[P("fa", "فارسی"), P("en", "English"), P("tr", "Türkçe")], required=True), F("tz", s("منطقهٔ زمانی", "Time zone"), "select", "t", options=[P("t", "Asia/Tehran")], required=True), F("calendar", s("تقویم", "Calendar"), "radio", "j", options=[P("j", s("هجری شمسی", "Jalali")), P("g", s("میلادی", "Gregorian"))], width=2)]
    page = login(k)
    return vm.AuthPage(s("راه‌اندازی سرنخ", "Set up Sarnakh"), vm.FormPage("", "/setup", [vm.Section("a", columns=2, fields=fields)], actions=[vm.Action(s("آغاز", "Start"), kind="submit")]), s("نخستین مدیر سامانه را بسازید. همه‌چیز را بعداً می‌توان عوض کرد.", "Create the first administrator. Everything can be changed later."), languages=page.languages)


def search(k: Fakes) -> vm.SearchPage:
    """Search results."""
    s, n = k.s, k.n
    hit = vm.SearchHit(vm.Cell("title", s("مریم احمدی", "Maryam Ahmadi"), "#", card="leads.lead/1"), s("آرمان صنعت پارس", "Arman Sanat Pars"), [vm.Badge(s("تازه", "New"), "blue")])
    return vm.SearchPage(s("احمدی", "ahmadi"), "search.html", [vm.SearchGroup(s("سرنخ‌ها", "Leads"), "person-plus", n(2), "#", [hit, hit]), vm.SearchGroup(s("اشخاص", "Contacts"), "person", n(1), "#", [hit])])


def merge(k: Fakes) -> vm.MergePage:
    """Two records side by side."""
    s, n = k.s, k.n
    return vm.MergePage(s("ادغام دو سرنخ", "Merge two leads"), "/merge", [vm.Cell("title", s("مریم احمدی", "Maryam Ahmadi"), "#"), vm.Cell("title", s("م. احمدي", "M. Ahmadi"), "#")], [vm.MergeField("phone", s("تلفن", "Phone"), [("1", vm.Cell("phone", n("0912 345 6789"), dir="ltr")), ("2", vm.Cell())], "1"), vm.MergeField("status", s("وضعیت", "Status"), [("1", vm.Cell("choice", s("تازه", "New"), colour="blue")), ("2", vm.Cell("choice", s("گرم", "Warm"), colour="orange"))], "2")], s("برای هر فیلد برگزینید کدام بماند.", "Choose what to keep for each field."), cancel_url="#")


def dialog(k: Fakes) -> vm.Dialog:
    """Transfer of owner."""
    s = k.s
    form = vm.FormPage("", "/transfer", [vm.Section("a", columns=1, fields=[vm.FieldView("owner", s("مالک تازه", "New owner"), "link", lookup_url="/lookup.json", required=True), vm.FieldView("tell", s("خبر بده", "Tell them"), "flag", "1")])], actions=[vm.Action(s("واگذاری", "Transfer"), kind="submit")])
    return vm.Dialog(s("واگذاری ۱۲ سرنخ", "Transfer 12 leads"), s("دسترسی مالک پیشین برداشته می‌شود.", "The previous owner loses access."), form)


def error(k: Fakes) -> vm.ErrorPage:
    """Not found."""
    s = k.s
    return vm.ErrorPage(404, s("این صفحه پیدا نشد", "This page was not found"), s("شاید رکورد پاک شده یا دیگر اجازهٔ دیدنش را ندارید.", "The record may have been deleted, or you may no longer see it."), actions=[vm.Action(s("خانه", "Home"), "home.html"), vm.Action(s("جست‌وجو", "Search"), "#", "search")], reference="7f3a-21")


def card(k: Fakes) -> vm.BusinessCard:
    """The business card of an account."""
    s, n = k.s, k.n
    return vm.BusinessCard(s("آرمان صنعت پارس", "Arman Sanat Pars"), "#", s("مشتری، تهران", "Customer, Tehran"), "building", [vm.Badge(s("مشتری", "Customer"), "green")], [(s("تلفن", "Phone"), vm.Cell("phone", n("021 8877 6655"), dir="ltr")), (s("مالک", "Owner"), vm.Cell("user", person=k.people()[1]))])


def notices(k: Fakes) -> vm.NotificationsPage:
    """Two lines of the bell."""
    s = k.s
    return vm.NotificationsPage([vm.Notification(s("رضا از شما نام برد", "Reza mentioned you"), "#", s("۵ دقیقه پیش", "5 min ago"), unread=True, who=k.people()[1]), vm.Notification(s("درون‌ریزی پایان یافت", "Import finished"), "#", s("دیروز", "Yesterday"), "upload")])
