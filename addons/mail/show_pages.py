"""The document inside the frame of a mail, and "always show pictures of this sender"."""

from __future__ import annotations

from markupsafe import Markup

from core.api import Env, _
from core.web_api import Request, Response

from . import showing
from .routes import pages

PAGE = Markup('<!DOCTYPE html><html lang="{}" dir="{}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
              '<title>{}</title><link rel="stylesheet" href="{}"></head><body class="mail-document">{}<div class="mail-text" dir="auto">{}'
              '</div></body></html>')
BAR = Markup('<div class="mail-pictures"><span>{}</span> <a href="/x/mail/show/{}?pictures=1" target="_self">{}</a>{}</div>')
ALWAYS = Markup('<form method="post" action="/x/mail/show/{}/always"><input type="hidden" name="csrf_token" value="{}">'
                '<button>{}</button></form>')


@pages.route("/show/<int:key>", framed_by="'self'")
def show(env: Env, request: Request, key: int) -> Response:
    """A mail, safe to look at."""
    made = showing.document(env, key, request.arg("pictures") == "1")
    bar = Markup("")
    if made.blocked:
        always = ALWAYS.format(key, request.csrf_token, env.t(_("Always for {sender}", sender=made.sender))) if made.sender else ""
        bar = BAR.format(env.t(_("Pictures from elsewhere are not shown: they would tell the sender that the mail is read.")), key,
                         env.t(_("Show pictures")), always)
    direction = "rtl" if env.lang == "fa" else "ltr"
    text = PAGE.format(env.lang, direction, env.t(_("Text of the mail")), request.static_url("mail", "public/document.css"), bar,
                       Markup(made.html))  # noqa: S704 - cleaned by showing.document
    response = request.text(str(text))
    response.content_type = "text/html; charset=utf-8"
    response.headers["Content-Security-Policy"] = made.policy
    return response


@pages.route("/show/<int:key>/always", methods=("POST",), framed_by="'self'")
def always(env: Env, request: Request, key: int) -> Response:
    """Show pictures of this sender from now on."""
    showing.trust(env, key)
    return request.redirect(f"/x/mail/show/{key}")
