"""The telling words of a text: folded, without those that every text has, cut to what they begin with."""

from __future__ import annotations

import re
from collections import Counter

from core.api import fold

_WORD = re.compile(r"[^\W_]+")
_STOP = """
و در به از که این ان را با برای است هست یک تا هم می ها های ای اند بود شد شده کرد کرده کند کنم کنید کنیم شود شوم باشد باید نمی
من ما شما او انها ایشان خود هر همه هیچ اگر اما ولی یا نیز پس چون زیرا پیش بعد روی زیر بین بی چه چی چرا چگونه چطور کجا کی ایا
سلام لطفا ممنون متشکرم تشکر درود خسته نباشید ببخشید وقت بخیر احترام عرض خواهش مشکل سوال راهنمایی دارم داریم دارد دارید نیست
the a an and or of to in on at for from with by is are was were be been am do does did have has had not no can could will would
should i you he she it we they my your our their its this that these those what which who how why when where there here if then
hi hello dear please thanks thank regards best help need want get just also any some all about as but so me us
ve veya ile bir bu su o da de ki mi mu icin gibi cok daha en ama fakat ancak ya ne nasil neden niye nerede ben sen biz siz onlar
benim senin bizim sizin var yok olan olarak oldu olur ise her hic merhaba selam lutfen tesekkurler tesekkur ederim saygilar
yardim istiyorum ediyorum gerekiyor iyi gunler
"""
STOP = frozenset(fold(_STOP).split())
_ENDINGS = ("هایی", "های", "ها", "ترین", "تر")
MOST = 40


def telling(text: str, lang: str = "") -> list[str]:
    """The words by which a text can be compared, those that occur most first.

    Latin words are cut to their first letters (five in Turkish, whose endings are many, else six), Persian ones lose the
    endings of the plural: what is left is looked for as the beginning of words.
    """
    found: Counter[str] = Counter()
    for word in _WORD.findall(fold(text[:20_000])):
        if word not in STOP and (len(word) > 2 or word.isdigit()):
            found[_stem(word, lang)] += 1
    return [word for word, _count in found.most_common(MOST)]


def _stem(word: str, lang: str) -> str:
    if word.isascii():
        return word if word.isdigit() else word[:5 if lang == "tr" else 6]
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) > 2), "")
    return word[:len(word) - len(ending)]
