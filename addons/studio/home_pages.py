"""Home pages: for whom there is one of its own, and arranging its blocks by hand, by keys or by dragging."""

from __future__ import annotations

import json
from typing import Any

from core.api import ActionLink, Conflict, Env, SarnakhError, _
from core.web_api import (
    HOME_SHAPES,
    Action,
    HomePage,
    Request,
    Response,
    Section,
    Shown,
    admin_page,
    block_faults,
    drawn,
    has_charts,
    home_faults,
    kinds_of_blocks,
)

from . import block_form, home_draft
from .arranged_list import listed
from .fields_typed import text_in
from .keeping import keep, owner_label, stamp, stored
from .site import LINKS, pages

KIND = "home"
BASE = "/x/studio/home"
LINKS.append(("layouts", ActionLink(_("Home pages"), BASE, "house-gear", help=_("What people see first, by profile."))))


@pages.route("/home", area="layouts")
def homes(env: Env, request: Request) -> Response:
    """Everybody's home page and those of profiles."""
    page = listed(env, KIND, BASE, head=_("Home page"), caption=_("Home pages"), intro=_(
        "What people see first. A profile without a home page of its own has everybody's."))
    return admin_page(env, request, _("Home pages"), page)


@pages.route("/home/<owner>", methods=("GET", "POST"), area="layouts")
def home(env: Env, request: Request, owner: str) -> Response:
    """Arrange one home page. The draft travels with the form; only saving keeps it."""
    label = owner_label(env, owner)
    kept = stored(env, KIND, owner)
    editor = _Editor(env, request, kept)
    if request.posted:
        do = request.value("do")
        editor.act(do)
        if do in ("save", "reset") and editor.status == 200 and editor.keep(owner, None if do == "reset" else editor.draft):
            request.flash(env.t(_("The home page is as it was before.") if do == "reset" else _("Saved.")))
            return request.redirect(f"{BASE}/{owner}")
        if do == "preview" and editor.status == 200:
            return _preview(env, request, editor.draft)
    script, styles = (request.static_url("studio", f"editor/arrange.{kind}") for kind in ("js", "css"))
    return request.render("studio/home.html", editor.page(label, owner), title=label, active="/admin", script=script, styles=styles,
                          status=editor.status)


def _preview(env: Env, request: Request, draft: dict[str, Any]) -> Response:
    """The draft as a page, with the rights of whoever looks."""
    blocks = [b for column in draft["columns"] for b in column]
    model = HomePage(env.t(_("Preview")), env.t(_("Not saved yet; drawn with your own rights.")), shape=draft["shape"],
                     charts=has_charts(env, blocks))
    model.columns = [[p for b in column for p in drawn(env, b, Shown(env, request=request))] for column in draft["columns"]]
    return request.render("home.html", model, title=env.t(_("Preview")), active="/")


class _Editor:
    """One draft, what a button did to it, and what is wrong with it."""

    def __init__(self, env: Env, request: Request, kept: Any) -> None:
        self.env, self.request, self.kept = env, request, kept
        self.kinds = kinds_of_blocks(env.registry, "home")
        posted = home_draft.read(request.value("draft")) if request.posted else None
        self.draft = posted or home_draft.begun(kept)
        self.open = ""
        self.seen = request.value("seen") if request.posted else stamp(kept)
        self.errors: list[str] = [] if request.posted else self._faults()
        self.wrong: dict[str, list[str]] = {}
        self.status = 200
        if request.posted and posted is None and request.value("do") != "reset":
            raise SarnakhError(_("The page was sent without what it holds. Open it again."))

    def _faults(self) -> list[str]:
        """What is wrong with the draft, also of one that was kept before it was."""
        return [self.env.t(m) for m in home_faults(self.env, self.draft)]

    def keep(self, owner: str, data: Any) -> bool:
        """Keep an arrangement; what somebody else kept meanwhile is told, and the draft stands as it was."""
        try:
            with self.request.attempt():
                keep(self.env, KIND, owner, data, self.seen)
            return True
        except Conflict as error:
            self.errors, self.seen, self.status = [self.env.t(error.message)], stamp(self.kept), 409
            return False

    def act(self, do: str) -> None:
        """What a button says: a word, and after a colon the block it is about."""
        if do == "reset":
            return
        self._take_options()
        word, _colon, name = do.partition(":")
        if not word:  # a select sent the form: what it changes is drawn, nothing is judged yet
            self.open, self.wrong = self.request.value("open"), {}
        if self.request.value("shape") in HOME_SHAPES:
            self.draft = home_draft.shaped(self.draft, self.request.value("shape"))
        if self.wrong and word != "remove":
            self.status = 422
            return
        if word == "add" and (name or self.request.value("widget")) in self.kinds:
            widget = name or self.request.value("widget")
            added = home_draft.add(self.draft, widget)
            self.open = added if self.kinds[widget].options else ""
        elif word == "open" and home_draft.place(self.draft, name):
            self.open = name
        elif word in ("up", "down", "next", "before", "remove"):
            home_draft.move(self.draft, name, word)
            if name == self.open and home_draft.block(self.draft, name) is None:
                self.open, self.wrong = "", {}
        if word in ("save", "preview"):
            self.errors = self._faults()
        self.status = 422 if self.errors or self.wrong else 200

    def _take_options(self) -> None:
        """The options of the block that was open go into the draft; while they are wrong it stays open."""
        name = self.request.value("open")
        block = home_draft.block(self.draft, name) if name else None
        kind = self.kinds.get(str(block.get("widget"))) if block is not None else None
        if block is None or kind is None:
            return
        typed = block_form.read(self.request, kind, block)
        block.clear()
        block.update(typed)
        for option, message in block_faults(self.env, typed):
            self.wrong.setdefault(option, []).append(self.env.t(message))
        if self.wrong:
            self.open = name

    def page(self, label: str, owner: str) -> dict[str, Any]:
        """What the template draws."""
        env, draft = self.env, self.draft
        opened = home_draft.block(draft, self.open) if self.open else None
        kind = self.kinds.get(str(opened.get("widget"))) if opened is not None else None
        section = None
        if opened is not None and kind is not None:
            section = Section("options", env.t(kind.label), columns=2, help=env.t(kind.help),
                              fields=block_form.fields(env, kind, opened, self.wrong))
        columns = [[self._card(b) for b in column] for column in draft["columns"]]
        return {"title": env.t(_("Home page: {name}", name=label)), "url": f"{BASE}/{owner}", "back": BASE, "columns": columns,
                "draft": json.dumps(draft, ensure_ascii=False), "seen": self.seen,
                "shape": draft["shape"], "shapes": [(k, env.t(t)) for k, (t, _n) in HOME_SHAPES.items()], "open": self.open,
                "section": section, "errors": self.errors, "problems": [m for found in self.wrong.values() for m in found],
                "offered": [(k.name, env.t(k.label), env.t(k.help), k.icon) for k in self.kinds.values()],
                "reset": Action(env.t(_("Back to before")), f"{BASE}/{owner}", "arrow-counterclockwise", kind="post",
                                fields={"do": "reset", "seen": stamp(self.kept)}, confirm=env.t(_("Take this arrangement away?")))
                if self.kept is not None else None, "changed": self.request.posted}

    def _card(self, block: dict[str, Any]) -> dict[str, Any]:
        env, kind = self.env, self.kinds.get(str(block.get("widget")))
        title = text_in(env, block.get("label"))
        record = env.registry.records.get(str((block.get("options") or {}).get("record")))
        kind_label = env.t(kind.label) if kind is not None else str(block.get("widget"))
        return {"id": block["id"], "title": title or (env.t(record.plural) if record is not None else "") or kind_label, "kind": kind_label,
                "icon": block.get("icon") or (kind.icon if kind is not None else "question-square"), "editable": kind is not None}
