"""The letterhead of documents: the company's data and logo on one page, with the paper that they make beside them."""

from __future__ import annotations

from core.api import LANGUAGES, ActionLink, Edition, Env, NotFound, SarnakhError, _, letterhead, render_document
from core.web_api import (
    Action,
    AdminPage,
    EmptyState,
    FormPage,
    RecordForm,
    Request,
    Response,
    Section,
    Tab,
    admin_page,
)

from .site import LINKS, pages

COMPANY = "base.company"
BASE = "/x/studio/letterhead"
NAMES = ("name", "legal_name", "logo", "national_id", "economic_code", "phone", "email", "website", "address")
LINKS.append(("layouts", ActionLink(_("Letterhead"), BASE, "file-earmark-text", help=_("Head and foot of quotes, invoices and letters."))))


@pages.route("/letterhead", methods=("GET", "POST"), area="layouts")
def letterheads(env: Env, request: Request) -> Response:
    """The letterhead of each company of one's own."""
    rows = env.query(COMPANY).order("id").select(*NAMES, "version").rows(50)
    key = request.arg_int("company") or (rows[0]["id"] if rows else 0)
    row = next((r for r in rows if r["id"] == key), None)
    if row is None:
        if rows:
            raise NotFound(_("There is no such company."))
        page = AdminPage("", empty=EmptyState(env.t(_("No company yet")), env.t(_("Enter your company first.")), "building", actions=[
            Action(env.t(_("Company data")), f"/r/{COMPANY}", "building")]))
        return admin_page(env, request, _("Letterhead"), page)
    url = f"{BASE}?company={key}"
    form, errors = RecordForm(env, request, COMPANY, NAMES, row), []
    if request.posted:
        values = form.values()
        try:
            with request.attempt():
                if not form.errors:
                    env.update(COMPANY, key, values, {key: request.value_int("version")})
            if not form.errors:
                request.flash(env.t(_("Saved.")), undo=env.batch)
                return request.redirect(url)
        except SarnakhError as error:
            errors = form.take(error)
    page = AdminPage("", intro=env.t(_("What stands at the head and foot of every document; here on an empty sheet, in each language.")))
    if len(rows) > 1:
        page.tabs = [Tab(str(r["id"]), r["name"], url=f"{BASE}?company={r['id']}", active=r["id"] == key) for r in rows]
    page.actions = [Action(word, f"{BASE}/{key}.pdf?lang={lang}", "file-earmark-pdf") for lang, word in LANGUAGES.items()]
    page.form = FormPage("", url, [Section("main", columns=2, fields=form.fields())], errors=errors, multipart=True, version=row["version"])
    return admin_page(env, request, _("Letterhead"), page, active=BASE, status=422 if errors or form.errors else 200)


@pages.route("/letterhead/<int:key>.pdf", area="layouts")
def sheet(env: Env, request: Request, key: int) -> Response:
    """An empty sheet with the letterhead."""
    env.get(COMPANY, key, "id")
    edition = Edition(env, request.arg("lang"))
    data = {**letterhead(env, edition, key), "title": edition.t(_("Subject of the letter")), "facts": [
        [edition.t(_("Date")), edition.day(env.today)]]}
    return request.file(render_document(env, "letter", data), "letterhead.pdf", "application/pdf", inline=True)
