"""The public page of a form on a web site: what visitors see, whatever their sending becomes (see addons/base/webguard.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import LANGUAGES, Env, _
from core.web_api import Action, FieldView, FormPage, Option, Request, Response, Section, with_query

from . import webguard
from .webguard import TRAP, Answer, Maker

TEMPLATE = "base/web_form.html"
MOST_BYTES = 200_000


def show(env: Env, request: Request, maker: Maker, form: Any, url: str, record: str, labels: Mapping[str, str],
         carried: Mapping[str, str]) -> Response:
    """The page of a form, or what becomes of its sending. `record`: whose fields it asks for, called as `labels` say; `carried`:
    further names that go along, each with the argument of the address they come from."""
    env.lang = form.language if form.language in LANGUAGES else env.lang
    if not request.posted:
        if request.arg("done") == "1":
            made = request.render(TEMPLATE, None, title=_title(form), form=form, trap=TRAP)
            return _guard(made, form)
        return _page(env, request, form, Answer("again"), url, record, labels, carried)
    answer = webguard.submit(env, maker, form, dict(request.posted_pairs()), request.ip, request.attempt)
    request.keep()
    if answer.state != "thanks":
        return _page(env, request, form, answer, url, record, labels, carried)
    if form.redirect_url:
        response = request.empty(303)
        response.headers["Location"] = form.redirect_url
        return _guard(response, form)
    return _guard(request.redirect(with_query(url, {"done": "1"})), form)


def _guard(response: Response, form: Any) -> Response:
    """The form's own policy stands instead of the site's: only allowed sites may frame it."""
    response.headers["Content-Security-Policy"] = webguard.policy(form)
    return response


def _title(form: Any) -> str:
    return str(form.title or form.name)


def _page(env: Env, request: Request, form: Any, answer: Answer, url: str, record: str, labels: Mapping[str, str],
          carried: Mapping[str, str]) -> Response:
    shown = [_field(env, form, name, request, answer, record, labels) for name in form.shown or ()]
    if form.consent:
        shown.append(FieldView("consent", env.t(_("Consent")), "flag", request.value("consent"), placeholder=form.consent,
                               required=True, errors=answer.errors.get("consent", [])))
    hidden = {name: request.value(name) or request.arg(argument)[:160] for name, argument in carried.items()}
    page = FormPage(_title(form), url, [Section("main", columns=1, fields=shown)], errors=[answer.message] if answer.message else [],
                    hidden={"stamp": webguard.make_stamp(env, form), **hidden},
                    actions=[Action(env.t(_("Send")), kind="submit", style="primary")])
    status = 429 if answer.state == "too_many" else 422 if request.posted else 200
    return _guard(request.render(TEMPLATE, page, title=page.title, form=form, trap=TRAP, status=status), form)


def _field(env: Env, form: Any, name: str, request: Request, answer: Answer, record: str, labels: Mapping[str, str]) -> FieldView:
    item = env.registry.record(record).fields.get(name)
    options = [Option(o.value, env.t(o.label)) for o in getattr(item, "options", ()) if o.active]
    kind = item.type_name if item is not None else {"email": "email", "description": "longtext"}.get(name, "text")
    return FieldView(name, env.t(labels.get(name, item.label if item is not None else name)), kind, request.value(name),
                     errors=answer.errors.get(name, []), required=name in (form.needed or ()), options=options)
