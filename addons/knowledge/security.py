"""Who reads, writes and publishes articles."""

from core.api import ME, NOBODY, F, FieldGrant, Grant, PermissionSet, _

from . import audience

PERMISSION_SETS = [
    PermissionSet("knowledge.visitor", _("Knowledge: visitor"),
                  help=_("Reads what is for everybody; visitors have it without signing in.")),
    PermissionSet("knowledge.customer", _("Knowledge: customer"), help=_("Reads what is for customers.")),
    PermissionSet("knowledge.partner", _("Knowledge: partner"), help=_("Reads what is for partners.")),
    PermissionSet("knowledge.reader", _("Knowledge: reader"), implies=["base.user"], help=_("A colleague, who reads what is published.")),
    PermissionSet("knowledge.author", _("Knowledge: author"), implies=["knowledge.reader"],
                  help=_("Writes articles and their drafts, and asks for publication.")),
    PermissionSet("knowledge.editor", _("Knowledge: editor"), implies=["knowledge.author"],
                  help=_("Publishes, sees and changes all articles; keeps categories and audiences.")),
]
_ARTICLE = "knowledge.article"
_OWN = F.owner == ME
_INSIDE = ["waiting", "has_draft", "owner", "source", "source_number", "published_by", "review_every", "review_on",
           "helpful", "unhelpful"]
"""What is not for readers outside the house."""

GRANTS = [
    Grant(_ARTICLE, "knowledge.visitor", "r", where=audience.EVERYBODY),
    Grant(_ARTICLE, "knowledge.customer", "r", where=audience.FOR_CUSTOMERS),
    Grant(_ARTICLE, "knowledge.partner", "r", where=audience.FOR_PARTNERS),
    Grant(_ARTICLE, "knowledge.reader", "r", where=audience.FOR_COLLEAGUES),
    Grant(_ARTICLE, "knowledge.author", "c"),
    Grant(_ARTICLE, "knowledge.author", "ru", where=_OWN),
    Grant(_ARTICLE, "knowledge.editor", "crud", also=("export", "mass_edit", "action:publish")),
    *(FieldGrant(_ARTICLE, _INSIDE, name, modes) for name, modes in (("knowledge.reader", "r"), ("knowledge.author", "ru"))),
    *(Grant("knowledge.attachment", name, "r") for name in
      ("knowledge.visitor", "knowledge.customer", "knowledge.partner", "knowledge.reader")),
    Grant("knowledge.version", "knowledge.author", "r", where=F.article.owner == ME),
    Grant("knowledge.version", "knowledge.editor", "r"),
    Grant("knowledge.feedback", "knowledge.author", "ru", where=F.article.owner == ME),
    Grant("knowledge.feedback", "knowledge.editor", "rud", also=("export", "mass_edit")),
    FieldGrant("knowledge.feedback", ["visitor", "network"], NOBODY),
    Grant("knowledge.category", "knowledge.reader", "r"),
    Grant("knowledge.audience", "knowledge.author", "r"),
    *(Grant(f"knowledge.{name}", "knowledge.editor", "cud", also=("export", "import")) for name in
      ("category", "audience")),
]
