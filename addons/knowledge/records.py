"""Articles and all that belongs to them: versions, categories, audiences, files, feedback."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from core.api import AccessDenied, Change, Env, F, Invalid, Message, Record, _, action, fields, validates

from . import audience, categories, publishing
from .choices import ARCHIVED, AUDIENCES, DRAFT, LANGUAGES, PUBLISHED, STATES, VERSION_STATES


class Category(Record):
    """A place in the tree of articles, with a name for each language."""

    record_name = "knowledge.category"
    record_label = _("Category")
    record_plural = _("Categories")
    record_icon = "folder"
    record_order = ("position", "name")

    name = fields.Text(_("Name"), size=120, required=True, search=True, spoken="other_names")
    other_names = fields.Names(_("In other languages"), search=True)
    parent = fields.Link("knowledge.category", _("Under"), on_delete="restrict", index=True)
    position = fields.Integer(_("Position"), default=0)
    icon = fields.Text(_("Icon"), size=40, help=_("A name of Bootstrap Icons, such as “truck”."))
    description = fields.Text(_("Description"), size=255, spoken="other_descriptions")
    other_descriptions = fields.Names(_("Description in other languages"))
    articles = fields.Children("knowledge.article", _("Articles"), by="category")

    @validates("parent")
    def no_circle(records: list[Any], env: Env) -> Iterator[Invalid]:
        """A category is not under itself."""
        yield from categories.circles(env, records)

    @validates("icon")
    def an_icon(records: list[Any], env: Env) -> Iterator[Invalid]:
        """Names of icons are letters, digits and hyphens."""
        for record in records:
            if record.icon and not record.icon.replace("-", "").isalnum():
                yield Invalid(record, "icon", _("Names of icons are letters, digits and hyphens."))


class Audience(Record):
    """Who may read articles: a circle of people, and a condition on the person where one is given."""

    record_name = "knowledge.audience"
    record_label = _("Audience")
    record_plural = _("Audiences")
    record_icon = "people"
    record_order = ("name",)

    name = fields.Text(_("Name"), size=120, required=True, unique=True, search=True)
    kind = fields.Choice(_("For"), options=AUDIENCES, required=True, default="internal",
                         help=_("Colleagues read what is for customers, partners and everybody, too."))
    condition = fields.LongText(_("Only those for whom this holds"), size=2000, help=_(
        "An expression over the person, such as person.role.name == \"Support\". Who has not signed in meets none."))

    @validates("condition")
    def sound(records: list[Any], env: Env) -> Iterator[Invalid]:
        """The condition can be asked of a person."""
        yield from audience.problems(env, records)


class Article(Record):
    """An article in one language. Title, summary and text are those published last; changes stand in its draft."""

    record_name = "knowledge.article"
    record_label = _("Article")
    record_plural = _("Articles")
    record_icon = "file-earmark-text"
    record_title = "title"
    record_order = ("-published_at", "-id")
    record_by_hand = False
    record_unique = (("group", "language"),)
    record_indexes = (("category", "language", "state", "audience", "archived", "deleted_at"), ("language", "featured", "published_at"),
                      ("language", "state", "published_at"), ("review_on", "state"), ("owner", "state"))

    title = fields.Text(_("Title"), size=200, required=True, search=True, readonly=True)
    summary = fields.Text(_("Summary"), size=500, search=True, readonly=True)
    body = fields.RichText(_("Text"), size=200_000, search=True, readonly=True, tracked=False)
    keywords = fields.Text(_("Other words"), size=500, search=True, help=_("What people may search for, though it is not in the text."))
    slug = fields.Text(_("Name in the address"), size=120, readonly=True, copyable=False)
    language = fields.Choice(_("Language"), options=LANGUAGES, required=True, default="en", readonly=True)
    category = fields.Link("knowledge.category", _("Category"), on_delete="restrict", index=False)
    audience = fields.Link("knowledge.audience", _("Audience"), required=True, on_delete="restrict", default=audience.usual, index=False)
    state = fields.Choice(_("State"), options=STATES, required=True, default=DRAFT, readonly=True, copyable=False, semantic="status",
                          exits=(ARCHIVED,))
    waiting = fields.Flag(_("Waiting for publication"), readonly=True, copyable=False)
    has_draft = fields.Flag(_("Has unpublished changes"), readonly=True, copyable=False)
    featured = fields.Flag(_("On the first page"))
    owner = fields.Link("base.user", _("Owner"), required=True, on_delete="restrict", default=lambda env: env.actor.id)
    group = fields.Text(_("Languages of one article"), size=32, readonly=True, copyable=False, tracked=False, index=True)
    source = fields.Link("knowledge.article", _("Translated from"), readonly=True, copyable=False)
    source_number = fields.Integer(_("Translated from version"), readonly=True, copyable=False)
    published_number = fields.Integer(_("Published version"), readonly=True, default=0, copyable=False)
    published_at = fields.DateTime(_("Published"), readonly=True, copyable=False)
    published_by = fields.Link("base.user", _("Published by"), readonly=True, copyable=False)
    review_every = fields.Integer(_("Review every … months"), minimum=1, maximum=120, default=12)
    review_on = fields.Date(_("Review on"))
    views = fields.Integer(_("Views", context="article"), readonly=True, default=0, copyable=False, tracked=False)
    versions = fields.Children("knowledge.version", _("Versions"), by="article")
    feedback = fields.Children("knowledge.feedback", _("Feedback"), by="article")
    attachments = fields.Children("knowledge.attachment", _("Published files"), by="article", owned=True)
    helpful = fields.Rollup("feedback", "count", None, _("Helped"), where=F.helpful)
    unhelpful = fields.Rollup("feedback", "count", None, _("Did not help"), where=~F.helpful)

    @classmethod
    def before_save(cls, env: Env, change: Change) -> None:
        """Each article begins a group of translations unless it joins one; only editors open what is published to others."""
        super().before_save(env, change)
        if change.action == "create":
            for record in change.records:
                if not record.__dict__.get("group"):
                    change.set(record, "group", uuid.uuid4().hex)
        elif change.touches("audience") and not env.can("action:publish", cls.record_name) and any(
                change.was(r, "state") == PUBLISHED for r in change.changed("audience")):
            raise AccessDenied(_("Only editors change who may read a published article."))

    @action(_("Publish"), needs="action:publish", icon="broadcast", primary=True, where=F.has_draft | (F.state != PUBLISHED))
    def publish(records: list[Any], env: Env) -> Message | str:
        """What stands in the draft becomes what people read."""
        return publishing.publish(env, [r.id for r in records])

    @action(_("Ask for publication"), needs="update", icon="hand-index", where=F.has_draft & ~F.waiting)
    def submit(records: list[Any], env: Env) -> Message | str:
        """Editors find it among those that wait."""
        return publishing.submit(env, [r.id for r in records])

    @action(_("Reviewed"), needs="update", icon="check2-all", where=F.state == PUBLISHED)
    def reviewed(records: list[Any], env: Env) -> Message | str:
        """Still right: ask again after its number of months."""
        return publishing.reviewed(env, [r.id for r in records])

    @action(_("Unpublish"), needs="action:publish", icon="eye-slash", where=F.state == PUBLISHED,
            confirm=_("Readers do not find it any more. Go on?"))
    def unpublish(records: list[Any], env: Env) -> Message | str:
        """Taken from readers; its text stays."""
        return publishing.set_state(env, [r.id for r in records], DRAFT, _("Not published any more."))

    @action(_("Archive"), needs="action:publish", icon="archive", where=F.state != ARCHIVED,
            confirm=_("Readers do not find it any more, and it leaves the lists of work. Go on?"))
    def shelve(records: list[Any], env: Env) -> Message | str:
        """Out of use, and kept."""
        return publishing.set_state(env, [r.id for r in records], ARCHIVED, _("Archived."))

    @action(_("Take from the archive"), needs="action:publish", icon="arrow-counterclockwise", where=F.state == ARCHIVED)
    def unshelve(records: list[Any], env: Env) -> Message | str:
        """A draft again."""
        return publishing.set_state(env, [r.id for r in records], DRAFT, _("It is a draft again."))


class Version(Record):
    """A text of an article: the draft that is being written (number 0), or one that was published."""

    record_name = "knowledge.version"
    record_label = _("Version of an article")
    record_plural = _("Versions of articles")
    record_icon = "clock-history"
    record_title = "title"
    record_order = ("-number", "-id")
    record_by_hand = False
    record_unique = (("article", "number"),)

    article = fields.Link("knowledge.article", _("Article"), required=True, on_delete="cascade", readonly=True)
    number = fields.Integer(_("Number"), required=True, readonly=True, default=0, copyable=False)
    state = fields.Choice(_("State"), options=VERSION_STATES, required=True, default=DRAFT, readonly=True)
    title = fields.Text(_("Title"), size=200, required=True, readonly=True)
    summary = fields.Text(_("Summary"), size=500, readonly=True)
    body = fields.RichText(_("Text"), size=200_000, readonly=True, tracked=False)
    note = fields.Text(_("What changed"), size=255, readonly=True)
    files = fields.Many("base.file", _("Files"))
    published_at = fields.DateTime(_("Published"), readonly=True)
    published_by = fields.Link("base.user", _("Published by"), readonly=True)


class Attachment(Record):
    """A file that goes with the published text: whoever may read the article gets it, and nobody else."""

    record_name = "knowledge.attachment"
    record_label = _("Published file")
    record_plural = _("Published files")
    record_icon = "paperclip"
    record_order = ("id",)
    record_parent = "article"
    record_by_hand = False

    article = fields.Link("knowledge.article", _("Article"), required=True, on_delete="cascade", readonly=True)
    name = fields.Text(_("Name"), size=255, required=True, readonly=True)
    file = fields.File(_("File"), required=True, on_delete="cascade", readonly=True)
    in_text = fields.Flag(_("Picture in the text"), readonly=True)


class Feedback(Record):
    """Whether an article helped a reader, and what was missing."""

    record_name = "knowledge.feedback"
    record_label = _("Feedback")
    record_plural = _("Feedback")
    record_icon = "hand-thumbs-up"
    record_title = "comment"
    record_order = ("-created_at", "-id")
    record_by_hand = False
    record_unique = (("article", "visitor"),)

    article = fields.Link("knowledge.article", _("Article"), required=True, on_delete="cascade", readonly=True, index=True)
    helpful = fields.Flag(_("Helped"), readonly=True)
    comment = fields.Text(_("Comment"), size=2000, search=True, readonly=True)
    number = fields.Integer(_("Version that was read"), readonly=True)
    visitor = fields.Text("", size=64, readonly=True, sensitive=True, copyable=False)
    network = fields.Text("", size=64, readonly=True, sensitive=True, copyable=False, index=True)
    handled = fields.Flag(_("Seen to"))
