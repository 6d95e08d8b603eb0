"""The Knowledge app in the navigation."""

from core.api import MenuItem, _

MENU = (
    MenuItem("knowledge", _("Knowledge"), icon="book", url="/x/help", order=60),
    MenuItem("knowledge_help", _("Help centre"), icon="life-preserver", url="/x/help", app="knowledge", order=10),
    MenuItem("knowledge_articles", _("Articles"), icon="file-earmark-text", record="knowledge.article", app="knowledge", order=20),
    MenuItem("knowledge_translations", _("Translations"), icon="translate", url="/x/knowledge/translations", app="knowledge", order=30),
    MenuItem("knowledge_feedback", _("Feedback"), icon="hand-thumbs-up", record="knowledge.feedback", app="knowledge", order=40),
    MenuItem("knowledge_categories", _("Categories"), icon="folder", record="knowledge.category", app="knowledge", order=50),
    MenuItem("knowledge_audiences", _("Audiences"), icon="people", record="knowledge.audience", app="knowledge", order=60),
)
FOR_AUTHORS = frozenset({"knowledge_translations"})
FOR_EDITORS = {"knowledge_categories": "knowledge.category", "knowledge_audiences": "knowledge.audience"}
