"""The form of a new token, for people themselves and for integrations."""

from __future__ import annotations

import datetime as dt

from core.api import Env, SarnakhError, ValidationFailed, _
from core.web_api import (
    Action,
    AdminPage,
    FieldView,
    Flash,
    FormPage,
    Option,
    Request,
    Section,
    current_password,
    select,
    text,
    wrong_password,
)

from . import tokens
from .tokens_scopes import ADMIN, READ_ALL, WRITE_ALL, in_words

COMMON = (READ_ALL, WRITE_ALL, ADMIN)
DAYS = (("30", _("In 30 days")), ("90", _("In 90 days")), ("365", _("In a year")), ("", _("Never")))


class TokenForm:
    """What was typed, what is wrong with it, and the token once it is made."""

    def __init__(self, env: Env, request: Request, user: int, url: str, back: str) -> None:
        self.env, self.request, self.user, self.url, self.back = env, request, user, url, back
        self.scopes = [*request.values("scopes"), *request.value("further").split()] if request.posted else [READ_ALL]
        self.errors: list[str] = []
        self.wrong: dict[str | None, list[str]] = {}

    def made(self) -> str:
        """The new token; "" when nothing was sent, or something is wrong with it."""
        request, env = self.request, self.env
        if not request.posted:
            return ""
        refused = wrong_password(env, request)
        if refused:
            self.errors = [refused]
            return ""
        days = request.value("days", "90")
        ends = env.now + dt.timedelta(days=int(days)) if days in ("30", "90", "365") else None
        try:
            with request.attempt():
                return tokens.make(env, self.user, request.value("name").strip(), self.scopes, expires_at=ends,
                                   addresses=request.value("addresses").replace(",", " ").split())[1]
        except ValidationFailed as error:
            self.wrong = {name: [env.t(m) for m in messages] for name, messages in error.by_field().items()}
            known = {"name", "scopes", "addresses"}
            self.errors = [m for name, messages in self.wrong.items() if name not in known for m in messages]
        except SarnakhError as error:
            self.errors = [env.t(error.message)]
        return ""

    def page(self) -> AdminPage:
        """The form."""
        env, request = self.env, self.request
        rtype = env.registry.record(tokens.TOKEN)
        scopes = FieldView("scopes", env.t(rtype.field("scopes").label), "multichoice", options=[
            Option(s, words, selected=s in self.scopes) for s, words in zip(COMMON, in_words(env, COMMON), strict=True)])
        further = text(env, request, "further", _("Further scopes"), " ".join(s for s in self.scopes if s not in COMMON), dir="ltr",
                       help=_("For single types, such as leads.lead:write contacts.*:read."))
        fields = [
            text(env, request, "name", _("Name"), required=True, maxlength="120",
                 help=_("What it is for: you will know it again by this.")),
            scopes, further, select(env, request, "days", _("Ends"), DAYS, "90", required=False),
            text(env, request, "addresses", _("From these addresses only"), dir="ltr",
                 help=_("Addresses or networks such as 203.0.113.0/24, separated by spaces. Empty: from everywhere.")),
            current_password(env, request)]
        for field in fields:
            field.errors = self.wrong.get(field.name, [])
        form = FormPage("", self.url, [Section("main", columns=1, fields=fields)], errors=self.errors, cancel_url=self.back, actions=[
            Action(env.t(_("Make the token")), kind="submit", style="primary")])
        return AdminPage("", form=form, intro=env.t(_("A program with this token may do what is chosen here, and never more than the user "
                                                      "that it acts as.")))

    def shown(self, token: str) -> AdminPage:
        """The token, for the only time."""
        env = self.env
        return AdminPage("", code=token, code_label=env.t(_("Copy the token now: it is shown only this once.")), notices=[
            Flash(env.t(_("Whoever has it can do what it may do. Keep it like a password.")), "warning")], actions=[
                Action(env.t(_("I have kept it")), self.back, "check2", style="primary")])
