"""Pages of tickets, under `/x/tickets`."""

from __future__ import annotations

from markupsafe import Markup

from addons.base import webguard, webpages
from core.api import Env, NotFound, SarnakhError, ValidationFailed, _, n_
from core.web_api import (
    Action,
    Dialog,
    FieldView,
    FormPage,
    Option,
    Pages,
    Request,
    Response,
    Section,
    chosen_ids,
    dialog,
    store_file,
    with_query,
)

from . import canned, conversation, desk, life, merging, rating, statuses, webform
from .choices import INTERNAL, KINDS, PUBLIC, TICKET

pages = Pages("tickets")
MOST_FILES = 20
MOST_MASS = 500


@pages.route("/desk")
def agents_desk(env: Env, request: Request) -> Response:
    """The list of tickets and one conversation."""
    return desk.show(env, request)


@pages.route("/desk/<int:key>/say", methods=("POST",))
def say(env: Env, request: Request, key: int) -> Response:
    """A reply or a note, with files, and the status it ends in. What was typed stays when it is refused."""
    kind = request.value("kind")
    try:
        with request.attempt():
            if env.allowed_ids("update", TICKET, [key]) != {key}:
                env.get(TICKET, key, "id")
                raise SarnakhError(_("You may read this ticket, and not answer it."))
            files = [store_file(env, upload, about=(TICKET, key)) for upload in request.uploads("file")[:MOST_FILES] if upload.filename]
            status = request.value_int("status")
            conversation.say(env, key, kind, request.value("body"), files=files, status=status or None,
                             mentions=[int(v) for v in request.values("mention") if v.isdecimal() and len(v) < 18])
    except ValidationFailed as failed:
        request.flash(" ".join(dict.fromkeys(env.t(e.message) for e in failed.errors)), "error")
        return request.redirect(request.next_url(desk.URL))
    except (SarnakhError, ValueError) as error:
        if isinstance(error, NotFound):
            raise
        request.flash(env.t(error.args[0]), "error")
        return request.redirect(request.next_url(desk.URL))
    request.flash(env.t(_("The reply is on its way.") if kind == PUBLIC else _("The note was added.")))
    return request.redirect(request.next_url(desk.URL))


@pages.route("/desk/<int:key>/take", methods=("POST",))
def take(env: Env, request: Request, key: int) -> Response:
    """Mine from now on."""
    records = env.browse(TICKET, [key])
    if not records:
        raise NotFound
    request.flash(env.t(life.take(env, records)), undo=env.batch)
    return request.redirect(request.next_url(desk.URL))


@pages.route("/desk/<int:key>/set", methods=("POST",))
def change(env: Env, request: Request, key: int) -> Response:
    """Status, priority and queue, from beside the conversation."""
    values = {}
    for name in ("status", "priority", "queue"):
        if request.has(name):
            values[name] = request.value(name) or None
    with request.attempt():
        env.update(TICKET, key, values)
    request.flash(env.t(_("Saved.")), undo=env.batch)
    return request.redirect(request.next_url(desk.URL))


@pages.route("/desk/<int:key>/canned/<int:answer>")
def canned_text(env: Env, request: Request, key: int, answer: int) -> Response:
    """A canned answer as it reads on this ticket."""
    return request.json({"text": canned.text(env, answer, key)})


@pages.route("/desk/<int:key>/articles")
def articles(env: Env, request: Request, key: int) -> Response:
    """Articles that fit what the customer wrote."""
    ticket = env.get(TICKET, key, "subject", "description", "language", "requester.preferred_language")
    said = [m["body"] for m in conversation.for_customer(env, key) if m["direction"] == "in"][-2:]
    text = " ".join([ticket.subject, ticket.description or "", *(Markup(m).striptags() for m in said)])  # noqa: S704 - tags are taken off
    lang = ticket.language or ticket["requester.preferred_language"]
    found = env.registry.record(TICKET).cls.suggestions(env, text, lang)  # type: ignore[attr-defined]
    return request.json({"articles": found, "empty": env.t(_("No article fits this ticket."))})


@pages.route("/desk/<int:key>/article/<int:article>")
def article_text(env: Env, request: Request, key: int, article: int) -> Response:
    """An article as text for a reply."""
    env.get(TICKET, key, "id")
    return request.json({"text": env.registry.record(TICKET).cls.article_text(env, article)})  # type: ignore[attr-defined]


@pages.route("/mass", methods=("GET", "POST"))
def mass(env: Env, request: Request) -> Response:
    """The same reply or note to several tickets, placeholders filled in for each."""
    env.require("update", TICKET)
    ids = chosen_ids(env, request, env.registry.record(TICKET), "update") if request.posted else sorted(
        env.allowed_ids("update", TICKET, request.ids()[:MOST_MASS]))
    back = request.next_url(desk.URL)
    errors: list[str] = []
    if not ids:
        raise SarnakhError(_("Choose tickets first."))
    if len(ids) > MOST_MASS:
        raise SarnakhError(_("At most {count} tickets at once.", count=MOST_MASS))
    if request.posted and request.value("go"):
        try:
            with request.attempt():
                if not request.value("body").strip():
                    raise SarnakhError(_("Write something first."))
                kind = request.value("kind")
                if kind not in (PUBLIC, INTERNAL):
                    raise SarnakhError(_("Say whether this is a reply or an internal note."))
                count = conversation.say_to_all(env, ids, kind, request.value("body"), status=request.value_int("status") or None)
            request.flash(env.t(n_("{count} ticket was answered.", "{count} tickets were answered.", count)))
            return request.redirect(back)
        except SarnakhError as error:
            errors = [env.t(error.message)]
    usable = [Option("", env.t(_("Leave the status")))] + [Option(str(k), s["name"]) for k, s in statuses.known(env).items()
                                                           if statuses.usable(s)]
    fields = [FieldView("kind", env.t(_("Kind")), "select", request.value("kind", PUBLIC), required=True, options=[
                  Option(v, env.t(t), selected=v == request.value("kind", PUBLIC)) for v, t, _c in KINDS]),
              FieldView("body", env.t(_("Text")), "longtext", request.value("body"), required=True,
                        help=env.t(_("Placeholders such as {{requester}} or {{number}} are filled in for each ticket."))),
              FieldView("status", env.t(_("Status")), "select", request.value("status"), options=usable),
              *(FieldView("ids", "", "hidden", str(i)) for i in ids), FieldView("next", "", "hidden", back)]
    title = env.t(n_("Answer {count} ticket", "Answer {count} tickets", len(ids)))
    form = FormPage(title, "/x/tickets/mass", [Section("main", columns=1, fields=fields)], errors=errors,
                    actions=[Action(env.t(_("Send to all")), kind="submit", style="primary", name="go", value="1")])
    return dialog(request, Dialog(title, form=form), 422 if errors else 200)


@pages.route("/merge", methods=("GET", "POST"))
def merge(env: Env, request: Request) -> Response:
    """Choose what is merged into a ticket."""
    env.require("update", TICKET)
    back = request.next_url(desk.URL)
    kept = request.value_int("kept") if request.posted else request.arg_int("kept")
    ids = request.ids("others") if request.posted else request.ids()
    errors: list[str] = []
    if request.posted and request.value("go"):
        try:
            with request.attempt():
                count = merging.merge(env, kept, ids)
            request.flash(env.t(n_("{count} ticket was merged into this one.", "{count} tickets were merged into this one.", count)))
            return request.redirect(with_query(desk.URL, {"t": str(kept)}))
        except SarnakhError as error:
            errors = [env.t(error.message)]
    names = env.labels(TICKET, [k for k in (kept, *ids) if k])
    lookup = f"/lookup/{TICKET}"
    fields = [FieldView("kept", env.t(_("Into this ticket")), "link", str(kept or ""), required=True, lookup_url=lookup,
                        selected=[Option(str(kept), names.get(kept, ""), selected=True)] if kept in names else []),
              FieldView("others", env.t(_("These tickets")), "many", required=True, lookup_url=lookup,
                        selected=[Option(str(k), names[k], selected=True) for k in ids if k in names and k != kept]),
              FieldView("next", "", "hidden", back)]
    title = env.t(_("Merge tickets"))
    form = FormPage(title, "/x/tickets/merge", [Section("main", columns=1, fields=fields)], errors=errors, actions=[
        Action(env.t(_("Merge")), kind="submit", style="primary", name="go", value="1")])
    text = env.t(_("What was said in them moves over, and they are closed. You can take each of them out again."))
    return dialog(request, Dialog(title, text, form=form), 422 if errors else 200)


@pages.route("/<int:key>/unmerge", methods=("POST",))
def unmerge(env: Env, request: Request, key: int) -> Response:
    """Take a ticket out of the one it was merged into."""
    request.flash(env.t(merging.unmerge(env, key)))
    return request.redirect(with_query(desk.URL, {"t": str(key)}))


@pages.route("/<int:key>/split", methods=("GET", "POST"))
def split(env: Env, request: Request, key: int) -> Response:
    """Choose the messages that become a ticket of their own."""
    ticket = env.get(TICKET, key, "subject")
    chosen = request.ids("messages")
    errors: list[str] = []
    if request.posted and request.value("go"):
        try:
            with request.attempt():
                made = merging.split(env, key, chosen, request.value("subject") or ticket.subject)
            request.flash(env.t(_("The messages are a ticket of their own now.")))
            return request.redirect(with_query(desk.URL, {"t": str(made)}))
        except SarnakhError as error:
            errors = [env.t(error.message)]
    said, _earlier = conversation.thread(env, key)
    options = [Option(str(m["id"]), f"{env.format.datetime(m['at'])} · {Markup(m['body'] or '').striptags()[:80]}",  # noqa: S704
                      selected=m["id"] in chosen) for m in said]
    subject = request.value("subject") or ticket.subject
    fields = [FieldView("subject", env.t(_("Subject of the new ticket")), "text", subject, required=True),
              FieldView("messages", env.t(_("Messages", context="ticket")), "multichoice", required=True, options=options)]
    title = env.t(_("Split ticket"))
    form = FormPage(title, f"/x/tickets/{key}/split", [Section("main", columns=1, fields=fields)], errors=errors, actions=[
        Action(env.t(_("Split")), kind="submit", style="primary", name="go", value="1")])
    return dialog(request, Dialog(title, form=form), 422 if errors else 200)


@pages.route("/<int:key>/rating")
def rating_link(env: Env, request: Request, key: int) -> Response:
    """The link by which the customer says how content they are."""
    if env.allowed_ids("update", TICKET, [key]) != {key}:
        raise NotFound
    address = rating.link(env, key)
    shown = FieldView("link", env.t(_("Link")), "text", address, readonly=True, attrs={"dir": "ltr", "readonly": ""})
    title = env.t(_("Link to rate this ticket"))
    return dialog(request, Dialog(title, env.t(_("Put it into a reply. The customer says once, within {count} days, how content they are.",
                                                 count=rating.DAYS)),
                                  form=FormPage(title, "", [Section("main", columns=1, fields=[shown])])))


@pages.route("/form/<token>", methods=("GET", "POST"), public=True, csrf=False, framed_by="*", max_bytes=webpages.MOST_BYTES)
def public_form(env: Env, request: Request, token: str) -> Response:
    """What visitors of a web site fill in; works without scripts and in a frame of an allowed site."""
    form = webguard.find(env, webform.FORM, token)
    return webpages.show(env, request, webform.Tickets(), form, f"/x/tickets/form/{form.token}", TICKET, dict(webform.FIELDS), {})


@pages.route("/forms/<int:key>/embed")
def embed(env: Env, request: Request, key: int) -> Response:
    """The code to put into a web site."""
    env.require("update", webform.FORM)
    form = env.get(webform.FORM, key)
    address = f"{request.base_url}/x/tickets/form/{form.token}"
    code = webguard.embed_code(request.base_url, "/x/tickets/form", form)
    title = env.t(_("Embed “{name}”", name=form.name))
    fields = [FieldView("address", env.t(_("Address of the form")), "text", address, attrs={"dir": "ltr", "readonly": ""}),
              FieldView("code", env.t(_("Code for the page")), "code", code, attrs={"readonly": "", "rows": "4"})]
    text = env.t(_("Put the code into the page, or link to the address."))
    return dialog(request, Dialog(title, text, form=FormPage(title, "", [Section("main", columns=1, fields=fields)])))


@pages.route("/rate/<text>", methods=("GET", "POST"), public=True, csrf=False, max_bytes=50_000)
def rate(env: Env, request: Request, text: str) -> Response:
    """The customer's page: how content they are, once; the signed link stands for them."""
    ticket = rating.find(env, text)
    lang = ticket.language or ticket["requester.preferred_language"]
    env.lang = lang if lang in env.installation.catalogs.languages() else env.lang
    errors: list[str] = []
    done = ticket.satisfaction_at is not None
    if request.posted and not done:
        try:
            rating.rate(env, ticket, request.value_int("score"), request.value("comment"))
            done = True
        except ValueError as error:
            errors = [env.t(error.args[0])]
    scores = [(value, env.t(label)) for value, label in rating.SCORES.items()]
    return request.render("tickets/rate.html", None, title=env.t(_("Your opinion")), ticket=ticket, scores=scores, done=done, errors=errors,
                          chosen=request.value_int("score"), comment=request.value("comment"), most=rating.MOST_COMMENT)
