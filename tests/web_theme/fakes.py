"""Believable view models in Persian and English: a sales team's pages, without any server behind them."""

from __future__ import annotations

from markupsafe import Markup

from core.web import viewmodels as vm

DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
LOOKUP = "/lookup.json"


class Fakes:
    """All pages in one language ("fa" or "en"), theme and density."""

    def __init__(self, lang: str = "fa", theme: str = "light", density: str = "comfortable") -> None:
        self.lang, self.theme, self.density = lang, theme, density

    def s(self, fa: str, en: str) -> str:
        """The text in this gallery's language."""
        return fa if self.lang == "fa" else en

    def n(self, text: object) -> str:
        """A number with this language's digits."""
        return str(text).translate(DIGITS) if self.lang == "fa" else str(text)

    # ------------------------------------------------------------------------------------------- frame

    def people(self) -> list[vm.Person]:
        """Four colleagues."""
        s = self.s
        names = [("سارا محمدی", "Sara Mohammadi", "س م", "SM", "teal"), ("رضا کریمی", "Reza Karimi", "ر ک", "RK", "violet"),
                 ("نگار شریفی", "Negar Sharifi", "ن ش", "NS", "orange"), ("Emre Yılmaz", "Emre Yılmaz", "EY", "EY", "blue")]
        return [vm.Person(s(a, b), s(c, d), "#", colour=e) for a, b, c, d, e in names]

    def shell(self, title: str, app: str = "leads", crumbs: list[vm.Crumb] | None = None,
              primary: vm.Action | None = None) -> vm.Shell:
        """The frame with five apps."""
        s = self.s
        nav = [vm.NavApp("home", s("خانه", "Home"), "house", "home.html", app == "home"),
               vm.NavApp("leads", s("سرنخ‌ها", "Leads"), "person-plus", "list.html", app == "leads", [
                   vm.NavItem(s("همهٔ سرنخ‌ها", "All leads"), "list.html", active=True, count=self.n("1,248")),
                   vm.NavItem(s("منابع", "Sources"), "#"), vm.NavItem(s("فرم‌های وب", "Web forms"), "#"),
                   vm.NavItem(s("تبدیل‌ها", "Conversions"), "#")]),
               vm.NavApp("contacts", s("حساب‌ها و اشخاص", "Accounts & contacts"), "building", "#"),
               vm.NavApp("deals", s("فرصت‌ها", "Deals"), "kanban", "#"),
               vm.NavApp("reports", s("گزارش‌ها", "Reports"), "bar-chart", "#"),
               vm.NavApp("admin", s("مدیریت", "Administration"), "sliders", "admin.html", app == "admin")]
        me = self.people()[0]
        me.detail = "sara@parsico.example"
        return vm.Shell(
            lang=self.lang, dir="rtl" if self.lang == "fa" else "ltr", theme=self.theme, density=self.density,
            digits="arabext" if self.lang == "fa" else "latn", calendar="jalali" if self.lang == "fa" else "gregorian",
            today="2026-11-23", app_name=s("سرنخ", "Sarnakh"), title=title, nav=nav, breadcrumbs=crumbs or [], user=me,
            user_menu=[vm.Action(s("تنظیمات من", "My settings"), "#", "gear"),
                       vm.Action(s("میان‌برهای صفحه‌کلید", "Keyboard shortcuts"), "#", "keyboard", shortcut="?"),
                       vm.Action("", kind="divider"),
                       vm.Action(s("خروج", "Sign out"), "#", "box-arrow-right", kind="post")],
            recent=[vm.NavItem(s("آرمان صنعت پارس", "Arman Sanat Pars"), "record.html", "person-plus"),
                    vm.NavItem(s("گروه خزر", "Khazar Group"), "#", "building"),
                    vm.NavItem("Yıldız Tekstil A.Ş.", "#", "building")],
            create_menu=[vm.Action(s("سرنخ", "Lead"), "form.html", "person-plus", shortcut="c"),
                         vm.Action(s("حساب", "Account"), "#", "building"), vm.Action(s("شخص", "Contact"), "#", "person")],
            search_url="search.html", palette_url="/palette.json", bell_url="#",
            preferences_url="/preferences", card_url="/card/", csrf_token="t0ken", primary=primary)

    # ------------------------------------------------------------------------------------------- list

    def statuses(self) -> list[tuple[str, str]]:
        """Status words with their colours."""
        s = self.s
        return [(s("تازه", "New"), "blue"), (s("تماس گرفته شد", "Contacted"), "violet"),
                (s("در حال پرورش", "Nurturing"), "yellow"), (s("واجد شرایط", "Qualified"), "teal"),
                (s("تبدیل شد", "Converted"), "green"), (s("بی‌ارزش", "Junk"), "grey")]

    def columns(self) -> list[vm.Column]:
        """Ten columns of all sorts."""
        s = self.s
        heads = [("name", s("نام", "Name"), "start"), ("company", s("شرکت", "Company"), "start"),
                 ("status", s("وضعیت", "Status"), "start"), ("rating", s("درجه", "Rating"), "start"),
                 ("owner", s("مالک", "Owner"), "start"), ("phone", s("تلفن", "Phone"), "start"),
                 ("amount", s("ارزش تخمینی", "Est. value"), "end"), ("score", s("امتیاز", "Score"), "start"),
                 ("next", s("پیگیری بعدی", "Next activity"), "start"), ("source", s("منبع", "Source"), "start")]
        menu = [vm.Action(s("صعودی", "Ascending"), "#", "sort-up"), vm.Action(s("نزولی", "Descending"), "#", "sort-down"),
                vm.Action(s("گروه‌بندی با این", "Group by this"), "#", "collection"),
                vm.Action(s("پنهان‌کردن", "Hide"), "#", "eye-slash")]
        made = [vm.Column(n, label, sort_url="#", align=align, pinned=n == "name", menu=menu, filterable=True)
                for n, label, align in heads]
        for column in (made[2], made[3], made[5], made[6], made[8], made[9]):
            column.edit = column.name
        made[8].sorted = "asc"
        made[2].filter_options = [vm.Option(str(i), label) for i, (label, _c) in enumerate(self.statuses())]
        made[6].total = self.n("18,420,000,000")
        return made

    def rows(self, count: int = 26) -> list[vm.Row]:
        """Rows of leads with mixed scripts, restricted values and empty cells."""
        s, n = self.s, self.n
        names = [("مریم احمدی", "Maryam Ahmadi", "آرمان صنعت پارس", "Arman Sanat Pars"), ("علی رضایی", "Ali Rezaei", "گروه صنعتی خزر", "Khazar Group"),
                 ("زهرا حسینی", "Zahra Hosseini", "نوین داده‌پرداز", "Novin Data"), ("Mehmet Kaya", "Mehmet Kaya", "Yıldız Tekstil A.Ş.", "Yıldız Tekstil A.Ş."),
                 ("حسین مرادی", "Hossein Moradi", "پخش سراسری البرز", "Alborz Distribution"), ("فاطمه کاظمی", "Fatemeh Kazemi", "بیمارستان مهر", "Mehr Hospital"),
                 ("امیرحسین صادقی‌نژاد", "Amirhossein Sadeghinejad", "فولاد خوزستان (سهامی عام)", "Khuzestan Steel (PLC)")]
        people, statuses = self.people(), self.statuses()
        hot = [(s("داغ", "Hot"), "red"), (s("گرم", "Warm"), "orange"), (s("سرد", "Cold"), "blue")]
        when = [s("دیروز", "Yesterday"), s("امروز ۱۴:۳۰", "Today 14:30"), s("فردا", "Tomorrow"), s("۳ روز دیگر", "In 3 days"), ""]
        sources = [s("نمایشگاه", "Trade fair"), s("وب‌گاه", "Website"), s("معرفی", "Referral"), ""]
        out = []
        for i in range(count):
            fa, en, cfa, cen = names[i % len(names)]
            label, colour = statuses[(i * 5) % len(statuses)]
            heat, heat_colour = hot[i % 3]
            score = (i * 37) % 100
            edit = "/editor"
            cells = [vm.Cell("title", s(fa, en), "record.html", dir="auto"),
                     vm.Cell("link", s(cfa, cen), "#", card="contacts.account/7") if i != 4 else vm.Cell("link", restricted=True),
                     vm.Cell("choice", label, colour=colour, edit_url=edit), vm.Cell("choice", heat, colour=heat_colour, edit_url=edit),
                     vm.Cell("user", person=people[i % 4]),
                     vm.Cell("phone", n(f"0912 {100 + i * 7} {4000 + i * 31}"), "tel:+98912", dir="ltr", edit_url=edit),
                     vm.Cell("money", n(f"{(i * 137 + 45) * 1_000_000:,}") + s(" تومان", " IRT"), title=n(f"{(i * 137 + 45) * 10_000_000:,}") + s(" ریال", " IRR"), edit_url=edit),
                     vm.Cell("percent", n(score), number=float(score)), vm.Cell("datetime", when[i % 5], title=n("1405/09/02 14:30"), edit_url=edit),
                     vm.Cell("choice", badges=[vm.Badge(sources[i % 4])] if sources[i % 4] else [], edit_url=edit)]
            out.append(vm.Row(i + 1, "record.html", cells, label=s(fa, en), version=1, muted=i == 9))
        return out

    def list_page(self) -> vm.ListPage:
        """The list of leads with chips, views and bulk actions."""
        s, n = self.s, self.n
        return vm.ListPage(
            "leads.lead", s("سرنخ‌ها", "Leads"), "list.html", self.columns(), self.rows(), icon="person-plus", query={"view": "3"},
            all_columns=[vm.Option(c.name, c.label, selected=True) for c in self.columns()] + [vm.Option("email", s("رایانامه", "E-mail")), vm.Option("city", s("شهر", "City"))],
            columns_url="/columns", tabs=[vm.ViewTab(s("همه", "All"), "#"), vm.ViewTab(s("سرنخ‌های من", "My leads"), "#", True, count=n(86), changed=True),
                                          vm.ViewTab(s("داغ و بی‌پیگیری", "Hot, no follow-up"), "#", count=n(12)), vm.ViewTab(s("نمایشگاه تهران", "Tehran fair"), "#", private=True)],
            view_actions=[vm.Action(s("ذخیرهٔ تغییرها", "Save changes"), "#", "check2"), vm.Action(s("ذخیره با نام تازه…", "Save as…"), "#", "plus-square", kind="dialog"), vm.Action("", kind="divider"), vm.Action(s("حذف نما", "Delete view"), "#", "trash3", style="danger", kind="post", confirm="?")],
            switches=[vm.Action(s("فهرست", "List"), "#", "list-ul", active=True), vm.Action(s("تخته", "Board"), "#", "kanban")],
            chips=[vm.FilterChip(s("مالک", "Owner"), s("من هستم", "is me"), "#", "owner"), vm.FilterChip(s("وضعیت", "Status"), s("تازه یا تماس گرفته شد", "New or Contacted"), "#", "status")],
            clear_url="#", criteria_json='{"op":"and","items":[{"op":"==","left":{"field":"owner"},"right":{"constant":"me"}},{"op":"in","operand":{"field":"status"},"container":{"items":[{"text":"0"},{"text":"1"}]}},{"op":"or","items":[{"op":">=","left":{"field":"amount"},"right":{"number":"100"}},{"op":"in","operand":{"field":"next"},"container":{"call":"this_month","args":[]}}]}]}',
            criteria_fields=[vm.CriteriaField("owner", s("مالک", "Owner"), "user", lookup_url=LOOKUP), vm.CriteriaField("status", s("وضعیت", "Status"), "choice", options=[vm.Option(str(i), label) for i, (label, _c) in enumerate(self.statuses())]),
                             vm.CriteriaField("amount", s("ارزش تخمینی", "Est. value"), "money"), vm.CriteriaField("next", s("پیگیری بعدی", "Next activity"), "date"), vm.CriteriaField("name", s("نام", "Name"), "text")],
            group_options=[vm.Action(s("وضعیت", "Status"), "#"), vm.Action(s("مالک", "Owner"), "#")], sort_options=[vm.Action(s("تازه‌ترین", "Newest"), "#", active=True), vm.Action(s("نام", "Name"), "#")],
            count_text=n("1,000+"), count_url="/count", range_text=n("1–80"), next_url="#", page_sizes=[vm.Action(n(80), "#", active=True), vm.Action(n(200), "#")],
            bulk_actions=[vm.Action(s("ویرایش", "Edit"), "/bulk", "pencil", kind="dialog"), vm.Action(s("واگذاری", "Transfer"), "/bulk", "person-check", kind="dialog"), vm.Action(s("برچسب", "Tag"), "/bulk", "tag", kind="dialog"), vm.Action(s("حذف", "Delete"), "/bulk", "trash3", style="danger", confirm="?")],
            bulk_url="/bulk", more_actions=[vm.Action(s("درون‌ریزی", "Import"), "wizard.html", "upload"), vm.Action(s("برون‌بری", "Export"), "#", "download"), vm.Action(s("سطل بازیافت", "Recycle bin"), "#", "trash3")],
            can_create=True, can_edit=True, create_url="form.html")

    def grouped(self) -> vm.ListPage:
        """The same list grouped by status."""
        page = self.list_page()
        rows, page.rows = page.rows, []
        totals = ["", "", "", "", "", "", self.n("4,200,000,000"), "", "", ""]
        page.groups = [vm.RowGroup(label, self.n(40 - i * 6), "#", i == 0, colour, totals, rows[:8] if i == 0 else []) for i, (label, colour) in enumerate(self.statuses())]
        page.group_by = "status"
        page.chips = []
        return page

    def empty_list(self) -> vm.ListPage:
        """The list when nothing is there yet."""
        s = self.s
        page = self.list_page()
        page.rows, page.chips, page.tabs = [], [], page.tabs[:1]
        page.empty = vm.EmptyState(s("هنوز سرنخی ندارید", "No leads yet"), s("سرنخ‌ها کسانی‌اند که شاید روزی بخرند. از یک فایل اکسل آغاز کنید یا نخستین را خودتان بسازید.", "Leads are people who may buy one day. Start with a spreadsheet or create the first one yourself."), "person-plus", actions=[vm.Action(s("درون‌ریزی از فایل", "Import a file"), "wizard.html", "upload", style="primary"), vm.Action(s("سرنخ تازه", "New lead"), "form.html", "plus-lg")])
        return page

    # ------------------------------------------------------------------------------------------- form and record

    def options(self) -> list[vm.Option]:
        """Status options."""
        return [vm.Option(str(i), label, colour) for i, (label, colour) in enumerate(self.statuses())]

    def fields(self) -> list[vm.Section]:
        """Every kind of field in four sections."""
        s, n = self.s, self.n
        f = vm.FieldView
        person = [f("first_name", s("نام", "First name"), value=s("مریم", "Maryam"), required=True, display=vm.Cell("text", s("مریم", "Maryam"), dir="auto"), edit_url="/editor"),
                  f("last_name", s("نام خانوادگی", "Last name"), value=s("احمدی", "Ahmadi"), required=True, display=vm.Cell("text", s("احمدی", "Ahmadi"), dir="auto"), edit_url="/editor"),
                  f("company", s("شرکت", "Company"), value=s("آرمان صنعت پارس", "Arman Sanat Pars"), display=vm.Cell("link", s("آرمان صنعت پارس", "Arman Sanat Pars"), "#", card="a/1"), edit_url="/editor", check_url="/check.json"),
                  f("title", s("سمت", "Job title"), value=s("مدیر خرید", "Purchasing manager"), display=vm.Cell("text", s("مدیر خرید", "Purchasing manager"), dir="auto"), edit_url="/editor"),
                  f("email", s("رایانامه", "E-mail"), "email", "m.ahmadi@armansanat.example", display=vm.Cell("email", "m.ahmadi@armansanat.example", "mailto:m", dir="ltr"), edit_url="/editor"),
                  f("phone", s("تلفن همراه", "Mobile"), "phone", n("0912 345 6789"), display=vm.Cell("phone", n("0912 345 6789"), "tel:+98", dir="ltr"), edit_url="/editor", help=s("با یا بدون کد کشور", "With or without the country code"))]
        sale = [f("status", s("وضعیت", "Status"), "choice", "1", options=self.options(), required=True, display=vm.Cell("choice", self.statuses()[1][0], colour="violet"), edit_url="/editor"),
                f("rating", s("درجه", "Rating"), "radio", "hot", options=[vm.Option("hot", s("داغ", "Hot"), "red"), vm.Option("warm", s("گرم", "Warm"), "orange"), vm.Option("cold", s("سرد", "Cold"), "blue")], display=vm.Cell("choice", s("داغ", "Hot"), colour="red"), edit_url="/editor"),
                f("owner", s("مالک", "Owner"), "link", selected=[vm.Option("1", s("سارا محمدی", "Sara Mohammadi"))], lookup_url=LOOKUP, display=vm.Cell("user", person=self.people()[0]), edit_url="/editor"),
                f("account", s("حساب موجود", "Existing account"), "link", lookup_url=LOOKUP, create_url="form.html", display=vm.Cell("link", restricted=True)),
                f("amount", s("ارزش تخمینی", "Estimated value"), "money", n("250,000,000"), currency="IRT", currencies=[vm.Option("IRT", s("تومان", "IRT")), vm.Option("TRY", "₺"), vm.Option("USD", "$")], display=vm.Cell("money", n("250,000,000") + s(" تومان", " IRT"), title=n("2,500,000,000") + s(" ریال", " IRR")), edit_url="/editor"),
                f("probability", s("احتمال", "Probability"), "percent", n(60), suffix="٪" if self.lang == "fa" else "%", display=vm.Cell("percent", n(60), number=60.0), edit_url="/editor"),
                f("next_at", s("پیگیری بعدی", "Next activity"), "datetime", s("۱۴۰۵/۰۹/۰۵ ۱۰:۰۰", "2026-11-26 10:00"), display=vm.Cell("datetime", s("۳ روز دیگر، ۱۰:۰۰", "In 3 days, 10:00"), title="2026-11-26 10:00"), edit_url="/editor"),
                f("birthday", s("تاریخ تولد", "Birthday"), "date", s("۱۳۶۵/۰۲/۱۴", "1986-05-04"), display=vm.Cell("date", s("۱۴ اردیبهشت ۱۳۶۵", "4 May 1986")), edit_url="/editor"),
                f("tags", s("برچسب‌ها", "Tags"), "tags", selected=[vm.Option("1", s("نمایشگاه", "Trade fair")), vm.Option("2", "VIP")], lookup_url=LOOKUP, width=2, display=vm.Cell("tags", badges=[vm.Badge(s("نمایشگاه", "Trade fair"), "blue"), vm.Badge("VIP", "pink")]), edit_url="/editor")]
        consent = [f("no_call", s("تماس نگیرید", "Do not call"), "flag", "", display=vm.Cell("flag", s("خیر", "No")), edit_url="/editor", placeholder=s("این شخص نمی‌خواهد به او زنگ بزنند", "This person does not want calls")),
                   f("channels", s("راه‌های دلخواه", "Preferred channels"), "multichoice", ["mail"], options=[vm.Option("mail", s("رایانامه", "E-mail")), vm.Option("sms", s("پیامک", "SMS")), vm.Option("call", s("تلفن", "Phone"))], display=vm.Cell("multichoice", badges=[vm.Badge(s("رایانامه", "E-mail"))]), edit_url="/editor"),
                   f("reason", s("دلیل", "Reason"), visible_if='{"op":"==","left":{"field":"no_call"},"right":{"flag":true}}', required_if='{"op":"==","left":{"field":"no_call"},"right":{"flag":true}}', display=vm.Cell()),
                   f("about", s("توضیح", "Description"), "richtext", "<p>" + s("در نمایشگاه با او آشنا شدیم.", "We met at the trade fair.") + "</p>", width=2, display=vm.Cell("richtext", html=Markup("<p>{}</p>").format(s("در نمایشگاه با او آشنا شدیم؛ به <b>نسخهٔ ابری</b> علاقه دارد.", "We met at the trade fair; interested in the cloud edition."))), edit_url="/editor"),
                   f("notes", s("یادداشت داخلی", "Internal note"), "longtext", "", width=2, display=vm.Cell(), edit_url="/editor"),
                   f("photo", s("تصویر", "Picture"), "image", width=2, display=vm.Cell())]
        lines = [f("phones", s("شماره‌های دیگر", "Other phones"), "children", width=2, columns=[f("phones-__-kind", s("نوع", "Kind"), "choice", options=[vm.Option("w", s("کار", "Work")), vm.Option("h", s("خانه", "Home"))], attrs={"aria-label": s("نوع", "Kind")}), f("phones-__-number", s("شماره", "Number"), "phone", attrs={"aria-label": s("شماره", "Number")})],
                   lines=vm.LineFields([[f("phones-0-kind", s("نوع", "Kind"), "choice", "w", options=[vm.Option("w", s("کار", "Work"))], attrs={"aria-label": s("نوع", "Kind")}), f("phones-0-number", s("شماره", "Number"), "phone", n("021 8877 6655"), attrs={"aria-label": s("شماره", "Number")})]]), display=vm.Cell("text", n("021 8877 6655"), dir="ltr"))]
        return [vm.Section("person", s("شخص", "Person"), 2, person), vm.Section("sale", s("فروش", "Sale"), 2, sale), vm.Section("consent", s("ارتباط", "Communication"), 2, consent), vm.Section("more", s("بیشتر", "More"), 2, lines)]

    def form_page(self, errors: bool = False) -> vm.FormPage:
        """The form; with errors and a conflict on request."""
        s = self.s
        page = vm.FormPage(s("ویرایش سرنخ", "Edit lead"), "/save", self.fields(), record="leads.lead", record_id=1, version=3, actions=[vm.Action(s("ذخیره", "Save"), kind="submit", style="primary"), vm.Action(s("ذخیره و تازه", "Save and new"), kind="submit", name="again", value="1")], cancel_url="record.html", draft_key="leads.lead:1", multipart=True)
        if errors:
            page.sections[0].fields[4].errors = [s("این نشانی رایانامه درست نیست.", "This e-mail address is not valid.")]
            page.warnings = [vm.Flash(s("شاید این همان «مریم احمدی» از آرمان صنعت باشد.", "This may be the same as “Maryam Ahmadi” of Arman Sanat."), "warning", vm.Action(s("مقایسه", "Compare"), "merge.html"))]
            page.conflict = vm.Conflict(s("رضا کریمی", "Reza Karimi"), s("۲ دقیقه پیش", "2 minutes ago"), [vm.ConflictField("phone", s("تلفن", "Phone"), self.n("0912 345 6789"), self.n("0912 345 0000"))], 4)
        return page

    def timeline(self) -> vm.Timeline:
        """Notes, changes, a file and a mention."""
        s, n = self.s, self.n
        p = self.people()
        E = vm.TimelineEntry
        return vm.Timeline([
            E("note", s("۱۰ دقیقه پیش", "10 min ago"), "2026-11-23 09:50", p[1], s("یادداشت", "note"), html=Markup("<p>{}</p>").format(s("زنگ زدم؛ بودجه را تا پایان ماه قطعی می‌کنند. @سارا محمدی لطفاً پیش‌فاکتور را آماده کن.", "Called; budget will be final by month end. @Sara Mohammadi please prepare the quote.")), pinned=True, actions=[vm.Action(s("ویرایش", "Edit"), "#", "pencil")]),
            E("change", s("دیروز ۱۶:۲۰", "Yesterday 16:20"), "", p[0], s("تغییر داد", "changed"), changes=[vm.Change(s("وضعیت", "Status"), s("تازه", "New"), s("تماس گرفته شد", "Contacted")), vm.Change(s("ارزش", "Value"), n("180,000,000"), n("250,000,000"))]),
            E("file", s("۳ روز پیش", "3 days ago"), "", p[2], s("فایل افزود", "added a file"), files=[vm.FileView(s("درخواست قیمت.pdf", "Request for quote.pdf"), "#", n("240") + s(" کیلوبایت", " KB"), icon="file-earmark-pdf")]),
            E("system", s("۲۸ آبان", "19 Nov"), "", None, s("از فایل «نمایشگاه.xlsx» درون‌ریزی شد", "Imported from “fair.xlsx”"))],
            kinds=[vm.Action(s("همه", "All"), "#", active=True), vm.Action(s("یادداشت‌ها", "Notes"), "#"), vm.Action(s("تغییرها", "Changes"), "#")], note_url="/note", mention_url=LOOKUP, composers=[vm.Action(s("تماس", "Call"), "#", "telephone", kind="dialog"), vm.Action(s("کار", "Task"), "#", "check2-square", kind="dialog")], next_url="#")

    def related(self) -> vm.RelatedList:
        """Three activities."""
        s, n = self.s, self.n
        cols = [vm.Column("subject", s("موضوع", "Subject")), vm.Column("due", s("موعد", "Due")), vm.Column("status", s("وضعیت", "Status"))]
        rows = [vm.Row(i, "#", [vm.Cell("title", t, "#"), vm.Cell("date", d), vm.Cell("choice", st, colour=c)]) for i, (t, d, st, c) in enumerate([(s("ارسال پیش‌فاکتور", "Send the quote"), s("فردا", "Tomorrow"), s("باز", "Open"), "blue"), (s("جلسهٔ معرفی", "Intro meeting"), s("۵ آذر", "26 Nov"), s("باز", "Open"), "blue"), (s("تماس نخست", "First call"), s("۱ آذر", "22 Nov"), s("انجام شد", "Done"), "green")])]
        return vm.RelatedList("activities", s("کارها و جلسه‌ها", "Activities"), cols, rows, n(3), "#", "check2-square", [vm.Action(s("کار تازه", "New task"), "#", "plus", kind="sheet")])

    def record_page(self) -> vm.RecordPage:
        """A lead."""
        s, n = self.s, self.n
        form = vm.FormPage("", "/save", self.fields()[:3], [vm.Tab("d", s("جزئیات", "Details"), active=True, url="#"), vm.Tab("q", s("ارزیابی", "Qualification"), url="#"), vm.Tab("r", s("مرتبط", "Related"), n(5), "#")], "view", version=3)
        words = self.statuses()
        steps = [vm.Step(words[0][0], "done", vm.Action("", "/s", kind="post")), vm.Step(words[1][0], "current"), vm.Step(words[2][0], "todo", vm.Action("", "/s", kind="post")), vm.Step(words[3][0], "todo", missing=s("بودجه و زمان خرید خالی است", "Budget and timing are missing")), vm.Step(words[4][0], "todo", vm.Action("", "/s", kind="post"))]
        return vm.RecordPage(
            "leads.lead", 1, s("مریم احمدی", "Maryam Ahmadi"), form, "record.html", s("مدیر خرید، آرمان صنعت پارس", "Purchasing manager, Arman Sanat Pars"), "person-plus", [vm.Badge(s("داغ", "Hot"), "red", "fire")], steps,
            [vm.Cell("money", n("250,000,000") + s(" تومان", " IRT"), title=s("ارزش تخمینی", "Estimated value")), vm.Cell("text", n("82 / 100"), title=s("امتیاز", "Score")), vm.Cell("text", s("۳ روز دیگر", "In 3 days"), title=s("پیگیری بعدی", "Next activity")), vm.Cell("choice", s("نمایشگاه", "Trade fair"), title=s("منبع", "Source"), colour="blue")],
            self.people()[0], vm.Action(s("واگذاری", "Transfer"), "#", "arrow-left-right", kind="dialog"),
            [vm.Action(s("تبدیل سرنخ", "Convert lead"), "#", "check2-circle", style="primary"), vm.Action(s("ویرایش", "Edit"), "form.html", "pencil", shortcut="e", id="edit")],
            [vm.Action(s("رونوشت", "Clone"), "#", "copy"), vm.Action(s("اشتراک", "Share"), "#", "share", kind="dialog"), vm.Action(s("چاپ", "Print"), "print.html", "printer"), vm.Action("", kind="divider"), vm.Action(s("حذف", "Delete"), "#", "trash3", style="danger", kind="post", confirm="?")],
            vm.Action(s("دنبال‌کردن", "Follow"), "/f", "bell", kind="post"), self.people()[1:3], "#", "#", n("3") + s(" از ", " of ") + n("120"), "list.html", [self.related()], self.timeline(),
            [vm.FileView(s("درخواست قیمت.pdf", "Request for quote.pdf"), "#", n("240") + s(" کیلوبایت", " KB"), icon="file-earmark-pdf")], "/files",
            [vm.Flash(s("دو سرنخ دیگر با همین شماره هست.", "Two other leads have the same number."), "warning", vm.Action(s("بررسی", "Review"), "#"))],
            s("ساختهٔ نگار شریفی، ۲۸ آبان ۱۴۰۵", "Created by Negar Sharifi, 19 Nov 2026"), s("ویرایش سارا محمدی، دیروز", "Updated by Sara Mohammadi, yesterday"))
