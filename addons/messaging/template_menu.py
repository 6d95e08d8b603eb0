"""Where templates stand in the navigation, and the fields that a writer may put into a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.api import ActionLink, Env, MenuItem, _

from .template_choices import BLOCK, TEMPLATE
from .templating_fields import COMPANY, collection_of, own_field, title_of

TEMPLATE_MENU = (
    MenuItem("messaging_templates", _("Templates"), icon="file-richtext", record=TEMPLATE, app="messaging", order=60),
    MenuItem("messaging_blocks", _("Text blocks"), icon="puzzle", record=BLOCK, app="messaging", order=70),
)
MOST_FIELDS = 400
_HIDDEN = frozenset({"id", "version", "archived", "deleted_at", "created_by", "updated_by", "updated_at"})


def edit_url(key: int, lang: str = "") -> str:
    """The page on which a template is written."""
    return f"/x/messaging/template/{key}" + (f"?lang={lang}" if lang else "")


def template_buttons(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From a template to its texts."""
    if record_name != TEMPLATE or not env.can("read", TEMPLATE):
        return []
    label = _("Write") if env.can("update", TEMPLATE) else _("Texts and preview")
    return [ActionLink(label, edit_url(record.id), icon="pencil-square", primary=True)]


def template_list_buttons(env: Env, record_name: str) -> list[ActionLink]:
    """New templates begin on a page of their own."""
    if record_name != TEMPLATE or not env.can("create", TEMPLATE):
        return []
    return [ActionLink(_("New template"), "/x/messaging/template/new", icon="plus-lg", primary=True)]


# ---------------------------------------------------------------- fields to put in
@dataclass
class Group:
    """Fields under one heading: (what people call it, what is put in)."""

    label: str
    fields: list[tuple[str, str]] = field(default_factory=list)


def groups(env: Env, record: str) -> list[Group]:
    """What a writer may put into a text about records of a type: its fields, those of its links two deep, lists, the sender."""
    if record not in env.registry.records:
        return []
    made = [Group(env.t(env.registry.record(record).label), list(_fields(env, record, "")))]
    for path, label, target in _links(env, record, "", ""):
        made.append(Group(label, list(_fields(env, target, f"{path}."))))
        if not target.startswith("base."):
            made += [Group(further_label, list(_fields(env, further, f"{further_path}.")))
                     for further_path, further_label, further in _links(env, target, f"{path}.", f"{label} › ")
                     if not further.startswith("base.")]
    made.append(Group(env.t(_("Lists")), list(_lists(env, record))))
    made.append(Group(env.t(_("Sender and company")), _sender(env)))
    return _capped([group for group in made if group.fields])


def _capped(found: list[Group]) -> list[Group]:
    left = MOST_FIELDS
    for group in found:
        group.fields = group.fields[:left]
        left -= len(group.fields)
    return [group for group in found if group.fields]


def _readable(env: Env, record: str) -> Iterator[tuple[str, Any]]:
    for name, known in env.registry.record(record).fields.items():
        if name not in _HIDDEN and own_field(env, record, name) is not None:
            yield name, known


def _fields(env: Env, record: str, before: str) -> Iterator[tuple[str, str]]:
    for name, known in _readable(env, record):
        if known.type_name in ("file", "image", "anylink", "flag"):
            continue
        money = "|money" if known.type_name == "money" else ""
        yield env.t(known.label), f"{{{{ {before}{name}{money} }}}}"


def _links(env: Env, record: str, before: str, label: str) -> Iterator[tuple[str, str, str]]:
    for name, known in _readable(env, record):
        if known.type_name == "link" and env.can("read", known.target):
            yield f"{before}{name}", f"{label}{env.t(known.label)}", known.target


def _lists(env: Env, record: str) -> Iterator[tuple[str, str]]:
    fields: dict[str, Any] = dict(env.registry.record(record).fields)
    for name, known in fields.items():
        if not known.system and collection_of(env, record, name) is not None:
            yield env.t(known.label), f"{{% for one in {name} %}}{{{{ one.{title_of(env, known.target)} }}}} {{% endfor %}}"


def _sender(env: Env) -> list[tuple[str, str]]:
    own = [(_("My name"), "my.name"), (_("My first name"), "my.first_name"), (_("My e-mail address"), "my.email"), (_("Today"), "today"),
           (_("Address for unsubscribing"), "unsubscribe_url")]
    company = env.registry.record("base.company")
    return [*((env.t(label), f"{{{{ {path} }}}}") for label, path in own),
            *((f"{env.t(company.label)} › {env.t(company.fields[n].label)}", f"{{{{ company.{n} }}}}")
              for n in COMPANY if n in company.fields)]
