"""The form of a webhook."""

from __future__ import annotations

from typing import Any

from core.api import Env, SarnakhError, _
from core.web_api import Action, FieldView, FormPage, Option, RecordForm, Request, Section

from .rest_shape import is_told
from .webhook_choices import WEBHOOK

PLAIN = ("name", "url", "events", "condition", "user", "active")
LISTS = ("watched", "sent", "actions")


class WebhookForm:
    """Its inputs: read, checked, shown again with what was wrong."""

    def __init__(self, env: Env, request: Request, record: str, row: dict[str, Any] | None) -> None:
        self.env, self.request, self.record, self.key = env, request, record, row["id"] if row else None
        self.form = RecordForm(env, request, WEBHOOK, PLAIN, row)
        if row is None:
            self.form.begin({"user": env.actor.id})
        self.lists = {name: request.values(name) if request.posted else list((row or {}).get(name) or ()) for name in LISTS}
        self.errors: list[str] = []

    def save(self) -> int | None:
        """Write what was typed; None when something is wrong, which is shown then."""
        values = {**self.form.values(), **self.lists}
        if self.form.errors:
            return None
        try:
            with self.request.attempt():
                if self.key is None:
                    return int(self.env.create(WEBHOOK, {**values, "record_type": self.record}))
                self.env.update(WEBHOOK, self.key, values)
                return int(self.key)
        except SarnakhError as error:
            self.errors = self.form.take(error)
        return None

    @property
    def wrong(self) -> bool:
        """Whether something is."""
        return bool(self.errors or self.form.errors)

    def page(self, url: str, cancel: str) -> FormPage:
        """The form as it is drawn."""
        env, views = self.env, {f.name: f for f in self.form.fields()}
        rtype = env.registry.record(self.record)
        fields = [(n, env.t(f.label)) for n, f in rtype.fields.items() if is_told(env, self.record, f) and f.label]
        when = [views["events"], views["condition"]]
        if rtype.actions:
            when.append(self._list("actions", [(n, env.t(a.label)) for n, a in rtype.actions.items()], _("Nothing chosen: any action.")))
        sections = [
            Section("where", env.t(_("Where to")), fields=[views[n] for n in ("name", "url", "user", "active") if n in views]),
            Section("when", env.t(_("When")), columns=1, fields=when),
            Section("watched", env.t(_("Only when one of these fields changes")), columns=1, collapsed=not self.lists["watched"],
                    fields=[self._list("watched", fields, _("Nothing chosen: any change."))]),
            Section("sent", env.t(_("Fields to send")), columns=1, collapsed=not self.lists["sent"],
                    fields=[self._list("sent", fields, _("Nothing chosen: all that the person may see."))])]
        return FormPage("", url, sections, errors=self.errors, cancel_url=cancel,
                        actions=[Action(env.t(_("Save")), kind="submit", style="primary")])

    def _list(self, name: str, options: list[tuple[str, str]], help_: str) -> FieldView:
        env = self.env
        chosen, label = set(self.lists[name]), env.registry.record(WEBHOOK).field(name).label
        return FieldView(name, env.t(label), "multichoice", help=env.t(help_), errors=self.form.errors.get(name, []),
                         options=[Option(n, text, selected=n in chosen)
                                  for n, text in sorted(options, key=lambda pair: env.sort_key(pair[1]))])


def record_choice(env: Env, request: Request, url: str, cancel: str) -> FormPage:
    """First the record type."""
    types = sorted(((t.name, env.t(t.plural)) for t in env.registry.records.values()
                    if env.can("read", t.name) and not t.name.startswith("api.")), key=lambda pair: env.sort_key(pair[1]))
    field = FieldView("record_type", env.t(_("Record type")), "select", required=True, options=[Option(n, text) for n, text in types])
    return FormPage("", url, [Section("main", columns=1, fields=[field])], cancel_url=cancel, method="get",
                    actions=[Action(env.t(_("Continue")), kind="submit", style="primary")])
