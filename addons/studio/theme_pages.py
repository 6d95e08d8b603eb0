"""The look of this installation: accent colours whose contrast is worked out and shown, logos, and pictures of its texts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from core.api import ActionLink, Conflict, Env, SarnakhError, _, change_customising
from core.web_api import (
    Action,
    FieldView,
    FormPage,
    Request,
    Response,
    Section,
    pack_picture,
    ratios,
    schemes,
    theme_faults,
)

from .keeping import EVERYBODY, keep, stamp, stored
from .site import LINKS, pages

KIND, PICTURE = "theme", "picture"
BASE = "/x/studio/theme"
SHIPPED = "#0d766e"
LOGOS = (("logo", _("Logo")), ("logo_dark", _("Logo for dark pages")))
LOGO_NAMES, COLOURS = [name for name, _label in LOGOS], ("accent", "accent_dark")
LINKS.append(("layouts", ActionLink(_("Theme"), BASE, "palette", help=_("Colours and logo of this installation."))))
TOLD = {"on-accent": _("Text of buttons"), "accent": _("Buttons and edges"), "accent-hover": _("Buttons under the pointer"),
        "accent-text": _("Links and marked text"), "accent-soft": _("Soft ground"), "selection": _("Chosen rows"), "text": _("Text"),
        "surface": _("Surface"), "surface-2": _("Second surface"), "surface-3": _("Third surface"), "canvas": _("Page"),
        "focus": _("Focus ring"), "chart-1": _("First colour of charts")}


@pages.route("/theme", methods=("GET", "POST"), area="layouts", max_bytes=2 << 20)
def theme(env: Env, request: Request) -> Response:
    """Colours and logos; what they become is shown while one chooses."""
    kept = stored(env, KIND, EVERYBODY)
    data: dict[str, Any] = dict(kept) if isinstance(kept, dict) else {}
    errors: list[str] = []
    seen, status = request.value("seen") if request.posted else stamp(kept), 200
    if request.posted:
        made = {} if request.value("do") == "reset" else _typed(env, request, data, errors)
        errors += [env.t(m) for m in theme_faults(made)]
        status = 422
        try:
            if not errors:
                with request.attempt():
                    keep(env, KIND, EVERYBODY, made or None, seen)
                request.flash(env.t(_("Saved. Everybody sees it with their next page.")))
                return request.redirect(BASE)
        except Conflict as error:
            errors, seen, status = [env.t(error.message)], stamp(kept), 409
        chosen = {name: made[name] for name in COLOURS if name in made and not theme_faults({name: made[name]})}
        data = {name: data[name] for name in LOGO_NAMES if name in data} | chosen
    title = env.t(_("Theme"))
    page = {"title": title, "form": _form(env, data, kept, errors, seen), "look": _look(env, request, data), "url": f"{BASE}/colours",
            "logos": [n for n in LOGO_NAMES if n in data]}
    script, styles = (request.static_url("studio", f"editor/theme.{kind}") for kind in ("js", "css"))
    return request.render("studio/theme.html", page, title=title, active="/admin", script=script, styles=styles,
                          status=status)


def _typed(env: Env, request: Request, data: dict[str, Any], errors: list[str]) -> dict[str, Any]:
    """What was chosen. The colour that is shipped is no choice while there was none: a logo may be all that was changed."""
    made: dict[str, Any] = {}
    accent, dark = (request.value(name).strip().lower() for name in COLOURS)
    if request.value("own_dark") == "1" and dark:
        made["accent_dark"] = dark
    if accent and (accent != SHIPPED or made or "accent" in data):
        made["accent"] = accent
    for name, label in LOGOS:
        uploads = request.uploads(name)
        if uploads:
            packed = pack_picture(uploads[0].stream.read(1 << 20))
            if packed is None:
                errors.append(env.t(_("“{field}”: this is not a picture (PNG, JPEG, WebP or GIF of at most 256 KB).", field=label)))
            else:
                made[name] = packed
        elif name in data and not request.has(f"{name}__remove"):
            made[name] = data[name]
    return made


def _form(env: Env, data: dict[str, Any], kept: Any, errors: list[str], seen: str) -> FormPage:
    dark = data.get("accent_dark", "")
    fields = [FieldView("accent", env.t(_("Accent colour")), "colour", data.get("accent") or SHIPPED, required=True,
                        help=env.t(_("It is made lighter or darker where text on it, or made of it, could not be read."))),
              FieldView("own_dark", env.t(_("Another colour for dark pages")), "flag", "1" if dark else ""),
              FieldView("accent_dark", env.t(_("Accent colour of dark pages")), "colour", dark or data.get("accent") or SHIPPED)]
    logos = [FieldView(name, env.t(label), "image", attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"},
                       help=env.t(_("PNG, JPEG, WebP or GIF of at most 256 KB; a square one looks best."))) for name, label in LOGOS]
    buttons = [Action(env.t(_("Save")), kind="submit", style="primary", name="do", value="save")]
    if kept is not None:
        buttons.append(Action(env.t(_("As shipped")), kind="submit", name="do", value="reset",
                              confirm=env.t(_("Take back colours and logos?"))))
    return FormPage("", BASE, [Section("colours", env.t(_("Colours")), columns=1, fields=fields),
                               Section("logos", env.t(_("Logo")), columns=2, fields=logos)],
                    multipart=True, errors=errors, actions=buttons, hidden={"seen": seen})


@pages.route("/theme/colours", area="layouts")
def colours(env: Env, request: Request) -> Response:
    """What colours become, while somebody chooses them."""
    data = {n: request.arg(n).lower() for n in ("accent", "accent_dark") if request.arg(n)}
    if not data.get("accent") or theme_faults(data):
        raise SarnakhError(_("“{colour}” is no colour: write it as #0d766e.", colour=request.arg("accent")[:40]))
    return request.render_fragment("studio/look.html", _look(env, request, data))


def _look(env: Env, request: Request, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Both schemes with their colours and the contrast of every pair."""
    folders: list[Path] = request.site.themes.folders(request.site.theme_name(env))
    made = schemes(data.get("accent") or SHIPPED, data.get("accent_dark", ""), folders)
    found = []
    for title, tokens, grounds, pairs in zip((_("Light"), _("Dark")), made[:2], made[2:], ratios(made), strict=True):
        rows = [(env.t(TOLD[p.front]), env.t(TOLD[p.back]), env.format.number(round(p.ratio, 2)), env.format.number(p.least), p.passes)
                for p in sorted(pairs, key=lambda p: p.ratio / p.least)]
        found.append({"title": env.t(title), "colours": {**grounds, **tokens}, "rows": rows, "passes": all(p.passes for p in pairs)})
    return found


@pages.route("/picture", methods=("POST",), area="layouts", max_bytes=2 << 20)
def picture(env: Env, request: Request) -> Response:
    """Take a picture for a text, from its editor."""
    uploads = request.uploads("file")
    content = uploads[0].stream.read(1 << 20) if uploads else b""
    packed = pack_picture(content)
    if packed is None:
        return request.json({"error": env.t(_("This is not a picture (PNG, JPEG, WebP or GIF of at most 256 KB)."))}, 422)
    name = f"{hashlib.sha256(content).hexdigest()[:24]}.{packed['media'].partition('/')[2]}"
    if stored(env, PICTURE, name) is None:
        change_customising(env, PICTURE, name, {"name": (uploads[0].filename or "")[:120], **packed})
    return request.json({"url": f"/picture/{name}"})
