"""The form of an account, made of what its provider declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, F, SarnakhError, ValidationFailed, _
from core.web_api import FieldView, Option, RecordForm, Request, Section

from . import accounts, contract
from .choices import ACCOUNT
from .contract import CHOICE, FLAG, LONG, NUMBER, SECRET, Provider, Setting

KINDS = {contract.TEXT: "text", SECRET: "secret", contract.URL: "url", NUMBER: "integer", CHOICE: "select", FLAG: "flag", LONG: "longtext"}
COMMON = ("name", "sender", "active")
SHARED = ("members", "position", "commercial", "per_minute")
PRICE = ("price", "price_currency", "low_balance")
OWN = ("name", "sender", "active", "per_minute")


class AccountForm:
    """The inputs of one account: read, checked, shown again with what was wrong."""

    def __init__(self, env: Env, request: Request, provider: Provider, row: Mapping[str, Any], key: int | None, personal: bool) -> None:
        self.env, self.request, self.provider, self.key, self.personal = env, request, provider, key, personal
        names = OWN if personal else (*COMMON, *SHARED, *PRICE)
        self.form = RecordForm(env, request, ACCOUNT, names, row)
        self.row = row
        self.stored = accounts.settings_of(env, key) if key else {}
        self.hidden = set(accounts.secrets_of(env, key)) if key else set()
        self.errors: dict[str, list[str]] = {}

    # ------------------------------------------------------------ read
    def save(self) -> int | None:
        """Write what was typed; None when something is wrong, which is shown then."""
        values = self.form.values()
        if not self.personal:
            values |= self._further()
        settings = {s.name: self.request.value(f"settings.{s.name}") for s in self.provider.settings}
        if self.key is None:
            values["person"] = self.env.actor.id if self.personal else None
        if self.form.errors:
            return None
        try:
            with self.request.attempt():
                return accounts.save(self.env, self.key, self.provider, values, settings)
        except ValidationFailed as failed:
            for name, messages in failed.by_field().items():
                self.errors.setdefault(str(name or ""), []).extend(self.env.t(m) for m in messages)
        except SarnakhError as error:
            self.errors.setdefault("", []).append(self.env.t(error.message))
        return None

    def _further(self) -> dict[str, Any]:
        stand_in = self.request.value_int("stand_in")
        takes = self.request.value("takes")
        return {"stand_in": stand_in or None, "takes": takes if takes in accounts.takers(self.env) else None,
                "takes_all": self.request.value("takes_all") == "1"}

    # ------------------------------------------------------------ shown
    def sections(self) -> list[Section]:
        """Everything that is asked for."""
        views = {f.name: f for f in self.form.fields()}
        for name, view in views.items():
            view.errors = [*view.errors, *self.errors.pop(name, [])]
        found = [Section("account", self.env.t(_("Messaging account")), fields=[views[n] for n in COMMON if n in views])]
        found += self._settings()
        if self.personal:
            return found
        found.append(Section("use", self.env.t(_("Who uses it, and how")), fields=[
            *(views[n] for n in SHARED if n in views), self._stand_in()]))
        takers = self._takers()
        if takers:
            found.append(Section("in", self.env.t(_("What comes in")), fields=takers))
        found.append(Section("price", self.env.t(_("Costs")), columns=3, fields=[views[n] for n in PRICE if n in views]))
        return found

    @property
    def whole(self) -> list[str]:
        """What is wrong with no single field; ask after the sections were made."""
        return list(dict.fromkeys(text for texts in self.errors.values() for text in texts))

    def _settings(self) -> list[Section]:
        groups: dict[str, list[FieldView]] = {}
        for setting in self.provider.settings:
            groups.setdefault(setting.section, []).append(self._setting(setting))
        access = _("Access to {provider}", provider=self.provider.label)
        return [Section(f"settings-{i}", self.env.t(label or access), fields=fields) for i, (label, fields) in enumerate(groups.items())]

    def _setting(self, setting: Setting) -> FieldView:
        env, name = self.env, f"settings.{setting.name}"
        value = self.stored.get(setting.name, setting.default if self.key is None else "")
        if self.request.posted and setting.kind != SECRET:
            value = self.request.value(name)
        help_ = [env.t(setting.help)] if setting.help else []
        if setting.unverified:
            help_.append(env.t(_("⚠ Unverified: the provider's documentation does not say so. Test it before you rely on it.")))
        kept = setting.kind == SECRET and setting.name in self.hidden
        made = FieldView(name, env.t(setting.label), KINDS.get(setting.kind, "text"), "" if setting.kind == SECRET else value,
                         help=" ".join(help_), required=setting.required and not kept, errors=self.errors.pop(name, []))
        if setting.kind == SECRET:
            made.placeholder = env.t(_("stored; leave empty to keep it")) if kept else ""
            made.attrs = {"autocomplete": "new-password"}
        elif setting.kind == FLAG:
            made.value = "1" if value in (True, "1", "true") else ""
            made.label = env.t(setting.label)
        elif setting.kind == CHOICE:
            made.options = [Option(v, env.t(label), selected=v == value) for v, label in setting.options]
        elif setting.kind == LONG:
            made.width, made.attrs = 2, {"rows": "4"}
        elif setting.kind in (contract.TEXT, NUMBER):
            made.attrs = {"dir": "auto", "autocomplete": "off"} if setting.kind == contract.TEXT else {}
        return made

    def _stand_in(self) -> FieldView:
        rows = self.env.query(ACCOUNT).where((F.channel == self.provider.channel) & F.person.is_null()).order("position", "id").select(
            "name").rows(100)
        now = self.request.value("stand_in") if self.request.posted else str(self.row["stand_in"].id) if self.row.get("stand_in") else ""
        options = [Option(str(r["id"]), r["name"], selected=str(r["id"]) == now) for r in rows if r["id"] != self.key]
        field = self.env.registry.record(ACCOUNT).field("stand_in")
        return FieldView("stand_in", self.env.t(field.label), "select", now, options=options, help=self.env.t(field.help),
                         errors=self.errors.pop("stand_in", []))

    def _takers(self) -> list[FieldView]:
        known = accounts.takers(self.env)
        if not known:
            return []
        rtype = self.env.registry.record(ACCOUNT)
        now = self.request.value("takes") if self.request.posted else self.row.get("takes") or ""
        all_ = self.request.value("takes_all") == "1" if self.request.posted else bool(self.row.get("takes_all"))
        takes, takes_all = rtype.field("takes"), rtype.field("takes_all")
        return [FieldView("takes", self.env.t(takes.label), "select", now, help=self.env.t(takes.help), options=[
                    Option(name, self.env.t(t.label), selected=name == now) for name, t in known.items()]),
                FieldView("takes_all", self.env.t(takes_all.label), "flag", "1" if all_ else "", help=self.env.t(takes_all.help))]


def abilities(env: Env, provider: Provider) -> Sequence[str]:
    """What a provider can do, in words."""
    words = {contract.TEMPLATE: _("approved templates"), contract.STATUS: _("delivery reports on request"),
             contract.CALLBACK: _("calls us with reports and messages"), contract.INBOX: _("receives messages"),
             contract.BALANCE: _("balance"), contract.LINES: _("list of lines"), contract.CANCEL: _("takes back"),
             contract.SCHEDULE: _("plans itself")}
    return [env.t(text) for name, text in words.items() if name in provider.can]
