"""An article from a solved ticket."""

from __future__ import annotations

from typing import Any

from addons.knowledge import writing
from addons.tickets import conversation
from addons.tickets.choices import DONE, IN, TICKET
from core.api import ActionLink, Env, F, Installation, NotFound, _, hookimpl
from core.web_api import Pages, Request, Response

ARTICLE = "knowledge.article"
pages = Pages("ticket_articles")


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """The page that makes the article."""
    return [pages]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """On tickets that are done, for those who write articles."""
    if record_name != TICKET or not env.can("create", ARTICLE):
        return []
    if not env.query(TICKET).with_ids([record.id]).where(F.state.isin(DONE)).exists():
        return []
    return [ActionLink(_("Make an article"), f"/x/ticket_articles/{record.id}", icon="book", post=True)]


@pages.route("/<int:key>", methods=("POST",))
def make(env: Env, request: Request, key: int) -> Response:
    """A draft with what was asked and what was answered; no note of the house gets into it."""
    found = env.query(TICKET).with_ids([key]).where(F.state.isin(DONE)).select("subject", "description", "language").rows(1)
    if not found:
        raise NotFound
    ticket, said = found[0], conversation.for_customer(env, key)
    asked = [m["body"] for m in said if m["direction"] == IN][:1]
    answers = [m["body"] for m in said if m["direction"] != IN]
    body = "".join([*(asked or [conversation.as_html(ticket["description"] or "")]), *answers])
    values = {"title": ticket["subject"][:200]} | ({"language": ticket["language"]} if ticket["language"] else {})
    article = writing.create(env, values, body)
    request.flash(env.t(_("A draft was made of this ticket. Take out what is about this customer alone.")))
    return request.redirect(f"/r/{ARTICLE}/{article}")
