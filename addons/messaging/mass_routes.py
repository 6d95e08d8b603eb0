"""Pages of mass sending, consents and links to withdraw them, under `/x/messaging`."""

from __future__ import annotations

from core.api import Env, NotFound
from core.web_api import Gate, Request, Response, list_url

from . import consent_pages, mass_page, mass_panel, notice_pages, stop_page
from .routes import pages

STOPS = Gate(120)


@pages.route("/mass/<record>", methods=("GET", "POST"))
def mass_sending(env: Env, request: Request, record: str) -> Response:
    """A message to the chosen records of a list: written, checked, started."""
    if not request.posted:
        if record not in env.registry.records:
            raise NotFound
        return request.redirect(list_url(record))
    return mass_page.show(env, request, record)


@pages.route("/mass/<int:key>/progress")
def mass_progress(env: Env, request: Request, key: int) -> Response:
    """How far a mass sending is, asked by its page while it runs."""
    return request.render_fragment("fragments/progress.html", mass_panel.progress(env, key))


@pages.route("/mass/<int:key>/result.csv")
def mass_result(env: Env, request: Request, key: int) -> Response:
    """What became of each message."""
    return mass_panel.result(env, request, key)


@pages.route("/consent/<record>/<int:key>", methods=("GET", "POST"))
def consent(env: Env, request: Request, record: str, key: int) -> Response:
    """An entry of the ledger for the person behind a record."""
    return consent_pages.enter(env, request, record, key)


@pages.route("/stop/<token>", methods=("GET", "POST"), public=True, csrf=False)
def stop(env: Env, request: Request, token: str) -> Response:
    """Withdraw consent by the link of a message."""
    return _stop(env, request, token)


@pages.route("/stop/<any(fa, en, tr):lang>/<token>", methods=("GET", "POST"), public=True, csrf=False)
def stop_in(env: Env, request: Request, lang: str, token: str) -> Response:
    """The same, in the language of whoever got the message."""
    return _stop(env, request, token)


def _stop(env: Env, request: Request, token: str) -> Response:
    if not STOPS.lets_in(request.ip or ""):
        return request.text("", 429)
    return stop_page.show(env, request, token)


@pages.route("/notifications", methods=("GET", "POST"))
def notifications(env: Env, request: Request) -> Response:
    """How one wants to be told of what."""
    return notice_pages.settings(env, request)


@pages.route("/notifications/off", methods=("POST",))
def no_mails(env: Env, request: Request) -> Response:
    """No mails any more, by one click."""
    return notice_pages.off(env, request)
