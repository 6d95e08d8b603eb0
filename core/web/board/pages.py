"""Addresses of boards: the board itself, further cards, what may be dropped where, moving, folding."""

from __future__ import annotations

from typing import Any

from core.env import Env
from core.errors import AccessDenied, Conflict, NotFound, SarnakhError, ValidationFailed
from core.i18n.messages import _
from core.web import lists
from core.web.board import cards as board
from core.web.board.cards import Boarding
from core.web.board.moves import move, open_moves
from core.web.pages import Pages
from core.web.refusals import refusal
from core.web.request import Request, Response
from core.web.viewmodels import Action

pages = Pages("boards")


@pages.route("/r/<record>/board")
def show(env: Env, request: Request, record: str) -> Response:
    """A board, or further cards of one column."""
    rtype = lists.record_type(env, record)
    if request.arg("column") and request.fragment:
        column = board.more(board.prepare(env, rtype, request.args()), request.arg("column"), request.arg("after"))
        return request.render_fragment("fragments/board_cards.html", column)
    model = board.page(env, request, rtype)
    primary = Action(env.t(rtype.label), model.create_url, "plus-lg", style="primary", shortcut="c",
                     title=env.t(_("Create {record}", record=rtype.label))) if model.can_create else None
    return request.render("board.html", model, title=model.title, active=record, primary=primary)


def _row(made: Boarding, key: int) -> dict[str, Any]:
    """A card as it is now, wherever it stands; NotFound when it may not be seen."""
    rows = made.env.query(made.rtype.name).with_ids([key]).archived(None).select(*board.paths(made)).rows()
    if not rows:
        raise NotFound
    return rows[0]


@pages.route("/r/<record>/board/moves")
def moves(env: Env, request: Request, record: str) -> Response:
    """Where a card may be dropped, and why not elsewhere: asked when it is picked up."""
    made = board.prepare(env, lists.record_type(env, record), request.args())
    found = open_moves(env, made.rtype, made.axis, _row(made, request.arg_int("id")))
    return request.json({key: {"reason": drop.reason, "url": drop.url} for key, drop in found.items()})


@pages.route("/r/<record>/board/move", methods=("POST",))
def moved(env: Env, request: Request, record: str) -> Response:
    """Move a card to another column."""
    made = board.prepare(env, lists.record_type(env, record), request.args())
    key, came = request.value_int("id"), request.value("from")
    to = made.axis.division(request.value("to"))
    row = _row(made, key)
    if to is None:
        raise NotFound
    try:
        drop = open_moves(env, made.rtype, made.axis, row).get(to.key)
        if drop is not None and drop.url and made.axis.key_of(row[made.axis.by.name]) == came:
            return request.json({"url": drop.url})
        if to.fixed:
            raise SarnakhError(to.fixed)
        with request.attempt():
            move(env, made.rtype, made.axis, row, came, to)
    except (ValidationFailed, AccessDenied, Conflict, SarnakhError) as error:
        return _refused(request, made, error, key)
    return request.json({"heads": _heads(made, came, to.key), **_drawn(request, made, key), "column": to.key, "batch": env.batch,
                         "message": env.t(_("Moved to “{column}”.", column=to.label))})


def _heads(made: Boarding, *keys: str) -> dict[str, Any]:
    counted = board.heads(made)
    return {key: board.head_json(made, key, counted.get(key)) for key in keys}


def _drawn(request: Request, made: Boarding, key: int) -> dict[str, Any]:
    """The card as it looks now; none when it left the board by the move (out of sight, or out of the filter)."""
    rows = made.query.with_ids([key]).select(*board.paths(made)).rows()
    if not rows:
        return {"card": ""}
    card = board.card_maker(made)(rows[0])
    return {"card": request.render_fragment("fragments/board_card.html", card).get_data(as_text=True), "version": card.version}


def _refused(request: Request, made: Boarding, error: SarnakhError, key: int) -> Response:
    """Why a card goes back, and where it really is."""
    text, status = refusal(made.env, made.rtype, error, made.axis.by.name)
    found: dict[str, Any] = {"message": text}
    if status == 409:
        row = _row(made, key)
        found |= {"column": made.axis.key_of(row[made.axis.by.name]), "version": row["version"]}
        keys = {d.key for d in made.axis.divisions}
        found["heads"] = _heads(made, *keys)
    return request.json(found, status)


@pages.route("/r/<record>/board/fold", methods=("POST",))
def folded(env: Env, request: Request, record: str) -> Response:
    """Fold a column, or open it again."""
    made = board.prepare(env, lists.record_type(env, record), request.args())
    board.fold(made, request.value("column"), request.value("folded") == "1")
    return request.empty() if request.fragment else request.redirect(made.made.state.url())
