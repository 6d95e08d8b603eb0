"""Articles for the agent: suggested for what the customer wrote, put into a reply."""

from __future__ import annotations

from typing import Any

from addons.knowledge import addresses, suggesting
from core.api import Env, Extension

SHOWN = 6


class TicketWithArticles(Extension):
    """Articles that fit a ticket, as its reader may read them."""

    extends = "tickets.ticket"

    @classmethod
    def suggestions(cls, env: Env, text: str, lang: str | None) -> list[dict[str, Any]]:
        """Articles for a text: title, summary, address, and what is put into a reply as a link and as text."""
        found = []
        for row in suggesting.suggest(env, text, SHOWN, lang):
            url = addresses.absolute(env, addresses.article(row))
            found.append({"title": row["title"], "summary": row["summary"] or "", "url": row["url"], "link": f"{row['title']}\n{url}",
                          "id": row["id"]})
        return found

    @classmethod
    def article_text(cls, env: Env, article: int) -> str:
        """An article as plain text."""
        return suggesting.as_text(env, article)
