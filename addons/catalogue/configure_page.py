"""The configurator: a page to try products out, the same questions for a line of any document, and their check as JSON.

Other addons put the questions into their own pages with the macro of `catalogue/configurator.html` and `view(...)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.api import Env, NotFound, SarnakhError, _
from core.web_api import Action, FieldView, Pages, Request, Response, record_url

from . import asking, check_page, configuring, names
from .lines import DocumentLine
from .pricing import Ask, Chosen, PricedDocument, Terms, price_document

pages = Pages("catalogue")
URL = "/x/catalogue/configure"


@dataclass
class OptionView:
    """One answer as drawn."""

    id: int
    name: str
    price: str
    checked: bool
    quantity: str
    countable: bool
    note: str


@dataclass
class QuestionView:
    """One question as drawn."""

    id: int
    name: str
    help: str
    single: bool
    required: bool
    options: list[OptionView]


@dataclass
class Configurator:
    """The questions of a product, what does not fit, and the price as it is configured."""

    questions: list[QuestionView]
    check_url: str
    problems: list[str] = field(default_factory=list)
    price: str = ""
    facts: list[check_page.Fact] = field(default_factory=list)


@dataclass
class ConfigurePage:
    """The page around a configurator."""

    title: str
    action_url: str
    fields: list[FieldView] = field(default_factory=list)
    name: str = ""
    url: str = ""
    configurator: Configurator | None = None
    back: str = ""
    saves: bool = False
    links: list[Action] = field(default_factory=list)


def view(env: Env, ask: Ask, terms: Terms, check_url: str) -> Configurator:
    """A configurator with these options chosen."""
    asked = configuring.questions(env, ask.product)
    picked = {c.option: c.quantity for c in ask.options}
    problems = [check_page.told(env, m) for m in configuring.problems(asked, ask.options)]
    made = Configurator([_question(env, q, picked, asked) for q in asked], check_url, [p[:1].upper() + p[1:] for p in problems])
    if not problems:
        _price(env, made, price_document(env, [ask], terms))
    return made


def _price(env: Env, made: Configurator, whole: PricedDocument) -> None:
    found = whole.lines[0]
    if found.refusal is not None:
        made.problems = [check_page.told(env, found.refusal)]
        return
    made.price, made.facts = check_page.money(env, found, found.fair_price), check_page.facts(env, whole)


def _question(env: Env, question: configuring.Question, picked: dict[int, Decimal], asked: Sequence[configuring.Question]) -> QuestionView:
    single = question.maximum == 1
    if question.minimum:
        words = _("Required") if single else _("At least {count}", count=question.minimum)
    else:
        words = _("At most {count}", count=question.maximum) if question.maximum and not single else _("Optional")
    return QuestionView(question.id, question.name, env.t(words), single, question.minimum > 0, [
        OptionView(o.id, o.name, _worth(env, o), o.id in picked, env.format.number(picked.get(o.id, max(o.least, Decimal(1)))),
                   o.most > o.least,
                   _note(env, o)) for o in question.options])


def _worth(env: Env, option: configuring.Answer) -> str:
    if option.method == "amount" and option.amount:
        return f"+ {env.format.money(option.amount, env.labels('base.currency', [option.currency or 0]).get(option.currency or 0, ''))}"
    if option.method == "percent" and option.percent:
        return f"+ {env.format.percent(option.percent)}"
    return env.t(_("by the price list")) if option.method == "list" else env.t(_("included"))


def _note(env: Env, option: configuring.Answer) -> str:
    parts = []
    if option.requires:
        parts.append(check_page.told(env, _("needs {others}", others=env.format.list(option.requires.values()))))
    if option.excludes:
        parts.append(check_page.told(env, _("not with {others}", others=env.format.list(option.excludes.values()))))
    return " · ".join(parts)


def posted(env: Env, pairs: Sequence[tuple[str, str]]) -> tuple[Chosen, ...]:
    """What was chosen in a configurator: `g<question>` names options, `q<option>` their quantities."""
    texts = dict(pairs)
    found = []
    for name, value in pairs[:1000]:
        if name[:1] == "g" and name[1:].isascii() and name[1:].isdecimal() and value.isascii() and value.isdecimal() and len(value) < 19:
            try:
                quantity = env.format.parse_number(texts.get(f"q{value}") or "1")
            except ValueError:
                quantity = Decimal(0)
            found.append(Chosen(int(value), quantity))
    return tuple(found)


@pages.route("/configure")
def configure(env: Env, request: Request) -> Response:
    """Choose a product and try its options; the address holds everything."""
    env.require("read", asking.PRODUCT)
    asked = asking.read(env, request)
    page = ConfigurePage(env.t(_("Configurator")), URL, asking.inputs(env, asked, "product", "account", "quantity", "currency"))
    if asked.product is not None:
        page.name, page.url = names.texts(env, [asked.product.id], env.lang)[asked.product.id]["name"], record_url(asking.PRODUCT,
            asked.product.id)
        chosen = posted(env, request.args())
        if not chosen and not request.arg("tried"):
            chosen = tuple(configuring.defaults(env, [asked.product.id]).get(asked.product.id, ()))
        page.configurator = _view(env, asked, chosen)
    if request.wants_json:
        return _json(request, page.configurator)
    return request.render("catalogue/configure.html", page, title=page.title, active=URL)


def _view(env: Env, asked: asking.Asked, chosen: tuple[Chosen, ...]) -> Configurator:
    assert asked.currency is not None
    terms = Terms(asked.currency.id, asked.account.id if asked.account is not None else None, asked.on)
    return view(env, Ask(asked.product.id, asked.quantity, asked.unit, None, chosen), terms, URL)


def _json(request: Request, made: Configurator | None) -> Response:
    if made is None:
        raise NotFound()
    return request.json({"problems": made.problems, "price": made.price, "facts": [[f.label, f.value, f.strong] for f in made.facts]})


# ---------------------------------------------------------------- a line of a document
def is_line(env: Env, record: str) -> bool:
    """Whether a record type is a line of documents."""
    rtype = env.registry.records.get(record)
    return rtype is not None and issubclass(rtype.cls, DocumentLine)


@pages.route("/lines/<record>/<int:key>", methods=("GET", "POST"))
def configure_line(env: Env, request: Request, record: str, key: int) -> Response:
    """The questions for one line of a document, priced as that document is."""
    if not is_line(env, record):
        raise NotFound()
    line = env.get(record, key)
    if line.product is None:
        raise NotFound()
    rtype = env.registry.record(record)
    link = getattr(line, str(rtype.parent))
    terms = rtype.cls.line_terms(env, link.record, [link.id])[link.id].terms  # type: ignore[attr-defined]
    url, back = f"/x/catalogue/lines/{record}/{key}", record_url(link.record, link.id)
    errors: list[str] = []
    tried = request.posted or request.wants_json
    chosen = posted(env, request.posted_pairs() if request.posted else request.args()) if tried else configuring.stored(line.configuration)
    if request.posted:
        try:
            with request.attempt():
                env.update(record, key, {"configuration": configuring.as_stored(chosen)})
            request.flash(env.t(_("The configuration is kept, and the line is priced by it.")), undo=env.batch)
            return request.redirect(back)
        except SarnakhError as error:
            errors = [env.t(error.message)]
    made = view(env, Ask(line.product.id, line.quantity, line.unit.id if line.unit else None, None, chosen), terms, url)
    made.problems = made.problems or errors
    if request.wants_json:
        return _json(request, made)
    page = ConfigurePage(env.t(_("Configure")), url, name=line.description or line.product.label or "", url=record_url(record, key),
                         configurator=made, back=back, saves=env.can("update", record))
    return request.render("catalogue/configure.html", page, title=page.title, active=link.record, status=422 if errors else 200)


def line_links(env: Env, record: str, line: Any) -> list[tuple[str, str]]:
    """Where a line is configured, if its product has options."""
    if not is_line(env, record) or line.get("product") is None or not configuring.questions(env, line.product.id):
        return []
    return [(_("Configure"), f"/x/catalogue/lines/{record}/{line.id}")]
