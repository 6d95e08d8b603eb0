"""From a form to the database: what was typed is checked, shown as a plan in words, then applied in one transaction.

The form is sent, and comes back as a page that tells what will happen; its two buttons apply it or open the form again
as it was typed. Nothing is kept on the server in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from core.api import (
    CUSTOM_KINDS,
    AccessDenied,
    Conflict,
    Env,
    Invalid,
    NotFound,
    Piece,
    PiecesPlan,
    SarnakhError,
    ValidationFailed,
    _,
    apply_pieces,
    plan_pieces,
)
from core.web_api import Action, AdminPage, Flash, FormPage, Request, Response, Section, admin_page

from .fields_typed import KEPT, Typed, text_in
from .history_diff import lines, subject
from .keeping import stamp
from .types_info import BASE, stored

MOST_STEPS = 60
Line = tuple[str, str, Sequence[tuple[str, str, str]]]
"""An icon, a text, and what differs: where, before, after."""


class Refused(SarnakhError):
    """A form that cannot be applied as it was typed; `errors` by input, "" for the whole."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(_("The form cannot be applied as it is."))
        self.errors = errors


@dataclass
class Change:
    """What a form asks for."""

    title: str
    url: str
    pieces: list[Piece]
    note: str
    done: str
    after: str
    danger: bool = False
    words: list[str] = field(default_factory=list)
    """Further lines of the plan."""
    cancel: str = ""
    """Where to go without applying it; by default to where it goes afterwards."""


def seen(env: Env, typed: Typed, kind: str, target: str) -> str:
    """The state that a form was opened with; Conflict when it is another one by now."""
    now = stamp(stored(env, kind).get(target))
    if typed.posted and typed.value("seen") != now:
        raise Conflict(_("Somebody else changed this meanwhile. Open it again and make your change to what is there now."))
    return now


def settle(env: Env, request: Request, typed: Typed, change: Change) -> Response:
    """Ask first, then apply; Refused when what was typed does not hold."""
    if request.value("do") != "apply":
        plan = plan_pieces(env, change.pieces)
        if plan.errors:
            raise Refused({"": told(env, plan.errors)})
        return _ask(env, request, typed, change, plan)
    known = {piece.key: env.registry.customising.rows.get(piece.key) for piece in change.pieces}
    env.commit()  # the schema is changed in a transaction of its own, which must not wait for this one
    apply_pieces(env.installation, env.actor, change.pieces, note=change.note, expected=known)
    request.flash(change.done)
    return request.redirect(change.after)


def attempted(env: Env, typed: Typed, request: Request, make: Callable[[], Change],
              show: Callable[[dict[str, list[str]], int], Response]) -> Response:
    """Run a form: draw it, draw it again with what is wrong, or go on to the plan and to applying it."""
    if not request.posted or request.value("do") == "edit":
        return show({}, 200)
    try:
        return settle(env, request, typed, make())
    except Refused as error:
        return show(error.errors, 422)
    except (Conflict, NotFound, AccessDenied):
        raise
    except ValidationFailed as error:
        return show({"": told(env, error.errors)}, 422)
    except SarnakhError as error:
        return show({"": [env.t(error.message)]}, 422)


def with_errors(env: Env, request: Request, title: str, page: AdminPage, errors: Mapping[str, list[str]], status: int) -> Response:
    """A form with what is wrong at its inputs."""
    assert page.form is not None
    views = {view.name: view for section in page.form.sections for view in section.fields}
    for name, reasons in errors.items():
        if name in views:
            views[name].errors = list(reasons)
        else:
            page.form.errors += reasons
    return admin_page(env, request, title, page, active=BASE, status=status)


def apply_now(env: Env, request: Request, pieces: list[Piece], note: str, done: str) -> bool:
    """Apply at once what needs no plan; what is in the way is told on the next page."""
    known = {piece.key: env.registry.customising.rows.get(piece.key) for piece in pieces}
    env.commit()
    try:
        apply_pieces(env.installation, env.actor, pieces, note=note, expected=known)
    except SarnakhError as error:
        errors = getattr(error, "errors", None)
        request.flash(" ".join(told(env, errors)) if errors else env.t(error.message), "error")
        return False
    request.flash(env.t(done))
    return True


def told(env: Env, errors: Iterable[Invalid]) -> list[str]:
    """Refusals as lines, each once."""
    return list(dict.fromkeys(env.t(one.message) for one in errors))


def _ask(env: Env, request: Request, typed: Typed, change: Change, plan: PiecesPlan) -> Response:
    actions = [Action(env.t(_("Apply")), kind="submit", style="danger" if change.danger else "primary", name="do", value="apply",
                      icon="check2")] if not plan.blocked else []
    actions.append(Action(env.t(_("Change it again")), kind="submit", style="quiet", name="do", value="edit"))
    steps: list[Line] = []
    steps += [("database", env.t(step), ()) for step in (*plan.steps, *plan.destructive)][:MOST_STEPS]
    sections = [_section(request, "plan", env.t(_("What will happen")), in_words(env, change)), _section(
        request, "database", env.t(_("In the database")), steps or [("database", env.t(_("Nothing changes there.")), [])])]
    page = AdminPage("", form=FormPage("", change.url, sections, hidden={KEPT: typed.packed()}, actions=actions,
                                       cancel_url=change.cancel or change.after))
    page.notices = [Flash(env.t(_("Please look before it happens. Nothing has been changed yet.")))]
    page.notices += [Flash(env.t(line), "error") for line in plan.blocked]
    if plan.destructive:
        page.notices.append(Flash(env.t(_("Values will be deleted. They are written to a file on the server first.")), "warning"))
    return admin_page(env, request, change.title, page, active=BASE)


def _section(request: Request, name: str, label: str, lines: list[Line]) -> Section:
    return Section(name, label, html=Markup(request.render_text("studio/fields_plan.html", lines=lines)))


def in_words(env: Env, change: Change) -> list[Line]:
    """What pieces come to for people: what is new, what is changed from what to what."""
    new = {p.target: text_in(env, p.data.get("plurals"), p.target) for p in change.pieces if p.kind == "record" and p.data}
    made: list[Line] = []
    for piece in change.pieces:
        before = stored(env, piece.kind).get(piece.target)
        kind = env.t(CUSTOM_KINDS[piece.kind].label) if piece.kind in CUSTOM_KINDS else piece.kind
        about = subject(env, piece.kind, piece.target, piece.data or before, new)
        if before is None and piece.kind != "layout":
            made.append(("plus-circle", env.t(_("New: {kind} “{what}”", kind=kind, what=about)), []))
        else:
            made.append(("pencil", env.t(_("Changed: {kind} “{what}”", kind=kind, what=about)), lines(env, before, piece.data)))
    return made + [("info-circle", word, []) for word in change.words]
