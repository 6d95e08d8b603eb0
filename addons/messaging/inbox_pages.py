"""Pages of the inbox, and what is done with conversations and messages there."""

from __future__ import annotations

from core.api import Env, F, NotFound, SarnakhError, ValidationFailed, _, n_
from core.web_api import (
    Action,
    Dialog,
    FieldView,
    FormPage,
    Option,
    Request,
    Response,
    Section,
    dialog,
)

from . import composing, inbox, inbox_person, queueing
from .choices import MESSAGE, THREAD
from .compose_pages import uploaded
from .inbox import URL
from .routes import pages


@pages.route("/inbox")
def show(env: Env, request: Request) -> Response:
    """The list of conversations."""
    return _draw(env, request, 0)


@pages.route("/thread/<int:key>", writes=True)
def thread(env: Env, request: Request, key: int) -> Response:
    """The inbox with a conversation open; who opens it and may answer has read it."""
    return _draw(env, request, key)


def _draw(env: Env, request: Request, key: int) -> Response:
    model = inbox.page(env, request, key)
    if request.fragment == "inbox":
        return request.render_fragment("messaging/inbox_body.html", model)
    return request.render("messaging/inbox.html", model, title=model.opened.title if model.opened else model.title, active=URL)


def _changeable(env: Env, key: int) -> None:
    """NotFound unless the acting person may see the conversation, an error unless they may change it."""
    env.get(THREAD, key, "id")
    if env.allowed_ids("update", THREAD, [key]) != {key}:
        raise SarnakhError(_("You may read this conversation, and not change it."))


@pages.route("/thread/<int:key>/reply", methods=("POST",))
def reply(env: Env, request: Request, key: int) -> Response:
    """Answer in a conversation. What was typed stays in the browser when it is refused."""
    back = request.next_url(f"/x/messaging/thread/{key}")
    _changeable(env, key)
    row = env.query(THREAD).with_ids([key]).select("channel", "account", "counterpart", "subject").rows(1)[0]
    last = env.query(MESSAGE).where(F.thread == key).order("-at", "-id").ids(1)
    if not last:
        raise NotFound
    made = composing.begin(env, row["channel"], None, last[0])
    body = composing.filled_in(env, made.channel, None, composing.reply_subject({"subject": row["subject"]}), request.value("body"), "")
    try:
        with request.attempt():
            if not body.text.strip():
                raise SarnakhError(_("Write something first."))
            files = uploaded(env, request, made)
            who = composing.with_opt_out(made.recipients, row["counterpart"] or "")
            composing.send(env, queueing.Draft(
                row["channel"], row["counterpart"] or "", body.text, body.subject if made.formatted else "", body.html, person=who.record,
                about=_about(env, key, who.record), account=row["account"].id if row["account"] else None, answers=last[0], files=files,
                private=bool(made.answered and made.answered["private"]), opted_out=who.opted_out), files)
    except ValidationFailed as failed:
        request.flash(" ".join(dict.fromkeys(env.t(e.message) for e in failed.errors)), "error")
        return request.redirect(back)
    except (SarnakhError, ValueError) as error:
        if isinstance(error, NotFound):
            raise
        request.flash(env.t(error.args[0]), "error")
        return request.redirect(back)
    request.flash(env.t(_("The message is on its way.")))
    return request.redirect(back)


def _about(env: Env, key: int, person: tuple[str, int] | None) -> list[tuple[str, int]]:
    """What the conversation concerns so far, so that an answer concerns it, too."""
    return [(record, number) for record, number, _label in inbox_person.concerned(env, key, person)]


@pages.route("/thread/<int:key>/mark", methods=("POST",))
def mark(env: Env, request: Request, key: int) -> Response:
    """Done, open again, or unread."""
    _changeable(env, key)
    wanted = request.value("as")
    if wanted in ("done", "open"):
        env.update(THREAD, key, {"done": wanted == "done"})
        request.flash(env.t(_("The conversation is done. A new message opens it again.") if wanted == "done" else _("It is open again.")),
                      undo=env.batch)
    elif wanted == "unread":
        with env.elevated("unread again") as sudo:
            sudo.derive(THREAD, {key: {"unread": True}})
        return request.redirect(URL)
    return request.redirect(request.next_url(f"/x/messaging/thread/{key}"))


@pages.route("/thread/<int:key>/take", methods=("POST",))
def take(env: Env, request: Request, key: int) -> Response:
    """Mine from now on."""
    _changeable(env, key)
    _give(env, key, env.actor.id)
    request.flash(env.t(_("It is yours.")))
    return request.redirect(request.next_url(f"/x/messaging/thread/{key}"))


def _give(env: Env, key: int, user: int | None) -> None:
    """Elevated, for whoever may answer a conversation may pass it on without a right over all of them."""
    with env.elevated("a conversation is passed on") as sudo:
        sudo.update(THREAD, key, {"owner": user})


@pages.route("/thread/<int:key>/assign", methods=("GET", "POST"))
def assign(env: Env, request: Request, key: int) -> Response:
    """Give a conversation to somebody, or to nobody."""
    _changeable(env, key)
    back = request.next_url(f"/x/messaging/thread/{key}")
    row = env.query(THREAD).with_ids([key]).select("owner", "private", "account.person").rows(1)[0]
    if row["private"]:
        raise SarnakhError(_("This conversation is private. Share a message of it instead."))
    if request.posted:
        user = request.value_int("owner") or None
        if user is not None and not env.visible_ids("base.user", [user]):
            raise NotFound
        _give(env, key, user)
        request.flash(env.t(_("The conversation has another owner.") if user else _("It is nobody's now.")))
        return request.redirect(back)
    owner = row["owner"]
    fields = [FieldView("owner", env.t(_("Owner")), "link", lookup_url="/lookup/base.user", help=env.t(_("Empty: nobody's.")),
                        selected=[Option(str(owner.id), owner.label or "", selected=True)] if owner else []),
              FieldView("next", "", "hidden", back)]
    title = env.t(_("Assign the conversation"))
    return dialog(request, Dialog(title, form=FormPage(title, f"/x/messaging/thread/{key}/assign", [
        Section("main", columns=1, fields=fields)], actions=[Action(env.t(_("Assign")), kind="submit", style="primary")])))


@pages.route("/thread/<int:key>/link", methods=("GET", "POST"))
def link(env: Env, request: Request, key: int) -> Response:
    """Say which record a conversation is with."""
    _changeable(env, key)
    back = request.next_url(f"/x/messaging/thread/{key}")
    kinds = linkable(env)
    errors: list[str] = []
    if request.posted:
        chosen = _chosen(request, kinds)
        if chosen is not None:
            count = inbox_person.link(env, key, chosen)
            request.flash(env.t(n_("The conversation and {count} message are on that record now.",
                                   "The conversation and {count} messages are on that record now.", count)))
            return request.redirect(back)
        errors = [env.t(_("Choose a record."))]
    fields = [FieldView(f"about.{record}", label, "link", lookup_url=f"/lookup/{record}") for record, label in kinds]
    fields.append(FieldView("next", "", "hidden", back))
    title = env.t(_("Link to a record"))
    form = FormPage(title, f"/x/messaging/thread/{key}/link", [Section("main", columns=1, fields=fields)], errors=errors,
                    actions=[Action(env.t(_("Link")), kind="submit", style="primary")])
    return dialog(request, Dialog(title, env.t(_("Its messages are told on the timeline of that record, to all who may see it. What is "
                                                 "private stays so.")), form=form), 422 if errors else 200)


def linkable(env: Env) -> list[tuple[str, str]]:
    """Types of records that conversations are put to: those with a timeline that the person may read, people first."""
    found = [(r.name, env.t(r.label)) for r in env.registry.records.values() if "noted" in r.traits and r.owned and env.can("read", r.name)
             and not r.name.startswith(("messaging.", "base.", "activities."))]
    return sorted(found, key=lambda pair: (not pair[0].startswith(("contacts.", "leads.")), env.sort_key(pair[1])))


def _chosen(request: Request, kinds: list[tuple[str, str]]) -> tuple[str, int] | None:
    told, _colon, number = request.value("about").partition(":")
    pairs = [(told, number), *((record, request.value(f"about.{record}")) for record, _label in kinds)]
    return next(((record, int(text)) for record, text in pairs if record and text.isdecimal() and len(text) < 18), None)


# ---------------------------------------------------------------- one message
@pages.route("/message/<int:key>/<any(cancel, send_again, confirm_sent):what>", methods=("POST",))
def act(env: Env, request: Request, key: int, what: str) -> Response:
    """Take a message back, send it again, or say that it was sent; leads back to where one was."""
    env.get(MESSAGE, key, "id")
    request.flash(env.t(env.run_action(MESSAGE, what, [key])))
    return request.redirect(request.next_url(f"/r/{MESSAGE}/{key}"))
