"""How articles, categories, audiences and feedback are shown."""

from core.api import ME, TODAY, Button, Card, F, Form, List, Place, Related, Search, Section, _, fn

_SOON = (F.state == "published") & (F.review_on <= fn.add_days(TODAY, 14))

LAYOUTS = [
    Form("knowledge.article", Button("publish"), Button("submit"), Button("reviewed"), Button("unpublish"), Button("shelve"),
         Button("unshelve"),
         Section("main", Place("title", span=2), Place("summary", span=2), "state", "language", "category", "audience", "owner", "featured",
                 Place("keywords", span=2), label=_("Article"), columns=2),
         Section("text", Place("body", span=2), label=_("Published text"), columns=1, visible=F.published_number > 0),
         Section("life", "published_number", "published_at", "published_by", "review_every", "review_on", "views", "helpful", "unhelpful",
                 label=_("Publication and review"), columns=2),
         Related("feedback", columns=["helpful", "comment", "created_at", "handled"], label=_("Feedback")),
         Related("versions", columns=["number", "state", "note", "published_at", "published_by"], label=_("Versions"))),
    List("knowledge.article", Place("title", pinned=True, pixels=340), "state", "language", "category", "audience", "owner",
         "published_at", "review_on", "helpful", "unhelpful", "views", "has_draft", order=["-published_at"]),
    Card("knowledge.article", "state", "language", "category", "audience", "owner", title="title"),
    Search("knowledge.article", text=["title", "summary", "body", "keywords"],
           quick=["state", "language", "category", "audience", "owner", "published_at"], filters={
        "mine": (_("Mine"), F.owner == ME),
        "drafts": (_("Drafts"), F.state == "draft"),
        "waiting": (_("Waiting for publication"), F.waiting),
        "changed": (_("With unpublished changes"), (F.state == "published") & F.has_draft),
        "published": (_("Published"), F.state == "published"),
        "review": (_("To be reviewed"), _SOON),
        "poor": (_("Helps too few"), (F.state == "published") & (F.unhelpful > 2) & (F.unhelpful > F.helpful)),
        "archived": (_("Archived"), F.state == "archived")}),
    Form("knowledge.category",
         Section("main", "name", "other_names", "parent", "position", "icon", Place("description", span=2),
                 Place("other_descriptions", span=2), label=_("Category"), columns=2),
         Related("articles", columns=["title", "state", "language", "audience"], label=_("Articles"))),
    List("knowledge.category", Place("name", pinned=True, pixels=260), "parent", "position", "description", order=["position", "name"]),
    Search("knowledge.category", text=["name"], quick=["parent"]),
    Form("knowledge.audience",
         Section("main", "name", "kind", Place("condition", span=2), label=_("Audience"), columns=2)),
    List("knowledge.audience", Place("name", pinned=True, pixels=260), "kind", "condition", order=["name"]),
    List("knowledge.feedback", Place("comment", pinned=True, pixels=360), "helpful", "article", "number", "created_at", "handled",
         order=["-created_at"]),
    Search("knowledge.feedback", text=["comment"], quick=["article", "helpful", "handled", "created_at"], filters={
        "todo": (_("To be looked at"), ~F.helpful & ~F.handled),
        "words": (_("With a comment"), F.comment.not_null())}),
    List("knowledge.version", Place("title", pinned=True, pixels=300), "article", "number", "state", "note", "published_at", "published_by",
         order=["-number"]),
]
