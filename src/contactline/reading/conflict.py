"""Whether a sentence tells of organised violence: its own words first, then the article as a whole."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache

from contactline.reading import rulebook
from contactline.reading.article import Reading
from contactline.reading.language import Sentence

DEADLY = re.compile(r"\b(?:killed|killing|dead|died|wounded|injured)\b", re.IGNORECASE)
AGAINST = ("accident", "disease", "crime", "pastime")
SENSES = (*AGAINST, "war", "violence", "target")


def in_conflict(sentence: Sentence, reading: Reading) -> str | None:
    """Return the id of the rule that reads a sentence as one about conflict, None where it is about other harm.

    In an article about other harm none is. Else words of war in the sentence decide; words of accident, disease, crime
    or pastime without them decide against; a sentence with neither goes by its article.
    """
    if about_other_harm(reading):
        return None
    own = senses(sentence.tokens.text)
    against = sum(own[sense] for sense in AGAINST)
    if own["war"] and own["war"] >= against:
        telling = own["war"] + own["violence"] > 1 or DEADLY.search(sentence.tokens.text) is not None
        return "conflict-sentence" if telling or article_in_conflict(reading) else None
    if against:
        return None
    if own["violence"] and own["target"] and DEADLY.search(sentence.tokens.text):
        return "conflict-target"
    return "conflict-article" if article_in_conflict(reading) else None


def may_be_in_conflict(text: str, reading: Reading) -> bool:
    """Say whether `in_conflict` can hold of any sentence of a paragraph, from the paragraph's text alone."""
    if article_in_conflict(reading):
        return True
    own = senses(text)
    if own["war"]:
        return own["war"] + own["violence"] > 1 or DEADLY.search(text) is not None
    return bool(own["violence"] and own["target"]) and DEADLY.search(text) is not None


@lru_cache(maxsize=8)
def article_in_conflict(reading: Reading) -> bool:
    """Say whether an article as a whole is about conflict, by the words of all its paragraphs."""
    found = sum((senses(paragraph.text) for paragraph in reading.paragraphs), Counter[str]())
    against = sum(found[sense] for sense in AGAINST)
    return found["war"] >= 2 and 2 * found["war"] + found["violence"] >= max(5, 2 * against)


@lru_cache(maxsize=8)
def about_other_harm(reading: Reading) -> bool:
    """Say whether an article is about accident, disease, crime or pastime, so that no word in it is of war."""
    found = sum((senses(paragraph.text) for paragraph in reading.paragraphs), Counter[str]())
    return sum(found[sense] for sense in AGAINST) > found["war"] + found["violence"]


@lru_cache(maxsize=512)
def senses(text: str) -> Counter[str]:
    """Count the words of a text that speak for or against conflict, by list of `rulebook/conflict.yml`."""
    lower = text.lower()
    found = Counter(str(match.lastgroup) for match in _phrases().finditer(lower))
    for word in WORD.findall(lower):
        sense = _sense(word)
        if sense is not None:
            found[sense] += 1
    return found


WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=65536)
def _sense(word: str) -> str | None:
    match = _words().fullmatch(word)
    return match.lastgroup if match else None


def _alternatives(pick: Callable[[str], bool]) -> str:
    lists = rulebook.load("conflict")
    picked = {s: [w for w in re.split(r",\s+", lists[s]["words"].lower()) if pick(w)] for s in SENSES}
    return "|".join(f"(?P<{sense}>{'|'.join(words)})" for sense, words in picked.items() if words)


@cache
def _words() -> re.Pattern[str]:
    """Match one word that a list has; looked up word by word, which is faster than a search by all of them."""
    return re.compile(_alternatives(lambda wording: not SEVERAL.search(wording)))


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + _alternatives(lambda wording: bool(SEVERAL.search(wording))) + r")\b")


SEVERAL = re.compile(r"[ \-$]|\\S")
"""A wording of several words, or one with more in it than letters."""
