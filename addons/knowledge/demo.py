"""A help centre that was written over a year, with some drafts, reviews that are due, and answers of readers."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import random

from core.api import Env, F

from . import publishing, writing
from .choices import ARTICLE, FEEDBACK
from .demo_words import CATEGORIES, PIECES, Piece, Text

WORDS = ("خیلی کمک کرد، سپاس.", "مرحلهٔ سوم در دستگاه من نبود.", "تصویر هم بگذارید.", "The table is what I needed.", "Teşekkürler, çalıştı.",
         "شمارهٔ تماس کجاست؟")


def create(env: Env) -> None:
    """Write it once."""
    if env.query(ARTICLE).deleted(None).archived(None).exists():
        return
    chance = random.Random(1405)
    people = {r["login"]: r["id"] for r in env.query("base.user").select("login").rows()}
    shipped = env.query("knowledge.audience").where(F.condition.is_null()).order("-id").select("kind").rows()
    audiences = {r["kind"]: r["id"] for r in shipped}
    folders = _folders(env)
    usual = next(iter(people.values()))
    with env.elevated("demo articles") as sudo:
        for number, piece in enumerate(PIECES):
            made = _write(sudo, piece, number, people.get(piece.owner, usual), people.get("nasrin", usual), audiences, folders)
            _read(sudo, made, chance)
        _unfinished(sudo, people.get("reza", usual), audiences, folders)


def _folders(env: Env) -> dict[str, int]:
    made: dict[str, int] = {}
    for place, (name, (icon, parent, fa, en, tr, about)) in enumerate(CATEGORIES.items()):
        made[name] = env.create("knowledge.category", {
            "name": fa, "other_names": {"en": en, "tr": tr}, "icon": icon, "parent": made.get(parent), "position": (place + 1) * 10,
            "description": about or None})
    return made


def _write(env: Env, piece: Piece, number: int, owner: int, editor: int, audiences: dict[str, int], folders: dict[str, int]) -> list[int]:
    """An article in its languages, written by its owner and published by the editor on a day of the past year."""
    day = env.now - dt.timedelta(days=340 - 16 * number, hours=number % 5)
    made: list[int] = []
    for lang, text in piece.texts.items():
        then = env.back_then(day, owner)
        key = writing.create(then, {"title": text.title, "summary": text.summary, "language": lang, "category": folders[piece.category],
                                    "audience": audiences[piece.kind], "owner": owner, "featured": piece.featured,
                                    "keywords": piece.keywords or None}, as_html(text))
        if made:
            first = then.get(ARTICLE, made[0], "group").group
            then.update(ARTICLE, key, {"group": first, "source": made[0], "source_number": 1})
        made.append(key)
        then = env.back_then(day + dt.timedelta(days=1), editor)
        publishing.publish(then, [key])
        then.update(ARTICLE, key, {"review_on": (day + dt.timedelta(days=365)).date()})
        day += dt.timedelta(days=3)
    return made


def _read(env: Env, keys: list[int], chance: random.Random) -> None:
    """People looked at it, and some said whether it helped."""
    for key in keys:
        seen = chance.randrange(40, 900)
        env.update(ARTICLE, key, {"views": seen})
        env.create(FEEDBACK, [{"article": key, "helpful": chance.random() < 0.8, "visitor": f"demo {i}", "network": f"demo {i}",
                               "number": 1, "comment": chance.choice(WORDS) if chance.random() < 0.3 else None}
                              for i in range(seen // 90)])


def _unfinished(env: Env, owner: int, audiences: dict[str, int], folders: dict[str, int]) -> None:
    """One that waits for an editor, and one published with changes beside."""
    then = env.back_then(env.now - dt.timedelta(days=2), owner)
    waits = writing.create(then, {"title": "اتصال دوربین مداربسته به تلفن همراه", "language": "fa", "summary": "دیدن تصویر از راه دور.",
                                  "category": folders["network"], "audience": audiences["public"], "owner": owner},
                           "<p>برنامهٔ سازنده را نصب کنید و کد QR پشت دستگاه ضبط را بخوانید.</p>")
    publishing.submit(then, [waits])
    known = then.query(ARTICLE).where((F.owner == owner) & (F.state == "published") & (F.language == "fa")).order("id").ids(1)
    for key in known:
        draft = writing.open_draft(then, key)
        writing.save(then, key, {"body": (draft.body or "") + "<p>از مهر ۱۴۰۵ تحویل همان‌روز در تهران هم ممکن است.</p>",
                                 "note": "تحویل همان‌روز افزوده شد"})


def as_html(text: Text) -> str:
    """The plain writing of `demo_words` as the editor would have made it."""
    made: list[str] = []
    for kind, lines in itertools.groupby(text.body.split("\n"), key=_kind):
        rows = [html.escape(line[len(kind):].strip() if kind != "|" else line, quote=False) for line in lines]
        if kind in ("- ", "1. "):
            tag = "ul" if kind == "- " else "ol"
            made.append(f"<{tag}>{''.join(f'<li>{r}</li>' for r in rows)}</{tag}>")
        elif kind == "|":
            made.append(_table([[c.strip() for c in r.strip("| ").split("|")] for r in rows]))
        else:
            tag = {"## ": "h2", "> ": "blockquote"}.get(kind, "p")
            made += [f"<{tag}>{r}</{tag}>" for r in rows]
    return "".join(made)


def _kind(line: str) -> str:
    return next((kind for kind in ("## ", "- ", "1. ", "> ", "|") if line.startswith(kind)), "")


def _table(rows: list[list[str]]) -> str:
    head, *body = rows
    lines = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in body)
    return f"<table><thead><tr>{''.join(f'<th>{c}</th>' for c in head)}</tr></thead><tbody>{lines}</tbody></table>"

