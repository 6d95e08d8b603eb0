"""Documents on paper: PDFs made from data by a theme's or an addon's template, in the reader's script and language.

    edition = Edition(env, "fa")                        # Persian: right to left, Persian digits, Jalali dates
    sheet = letterhead(env, edition, company)           # name, address, numbers and logo of a company of one's own
    pdf = render(env, "trade", sheet | {"title": ..., "rows": [...]})

Templates are Typst files in `themes/<theme>/documents/`, then in the addons' `documents/`. They get the data as JSON: what
people typed is never read as markup. Links under which somebody without an account may see something are in `links`.
"""

from core.documents.edition import Edition
from core.documents.letterhead import letterhead
from core.documents.links import read_link, sign_link
from core.documents.render import render
from core.documents.words import amount_in_words

__all__ = ["Edition", "amount_in_words", "letterhead", "read_link", "render", "sign_link"]
