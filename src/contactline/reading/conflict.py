"""Whether a sentence tells of organised violence: its own words first, then the article as a whole."""

import re
from collections import Counter
from functools import cache, lru_cache

from contactline.reading import rulebook
from contactline.reading.article import Reading
from contactline.reading.language import Sentence

AGAINST = ("accident", "disease", "crime", "pastime")


def in_conflict(sentence: Sentence, reading: Reading) -> str | None:
    """Return the id of the rule that reads a sentence as one about conflict, None where it is about other harm.

    Words of war in the sentence decide; words of accident, disease, crime or pastime without them decide against; a
    sentence with neither goes by its article.
    """
    own = senses(sentence.tokens.text)
    against = sum(own[sense] for sense in AGAINST)
    if own["war"] and own["war"] >= against:
        return "conflict-sentence" if article_in_conflict(reading) or own["war"] + own["violence"] > 1 else None
    if against:
        return None
    return "conflict-article" if article_in_conflict(reading) else None


@lru_cache(maxsize=8)
def article_in_conflict(reading: Reading) -> bool:
    """Say whether an article as a whole is about conflict, by the words of all its paragraphs."""
    found = sum((senses(paragraph.text) for paragraph in reading.paragraphs), Counter[str]())
    against = sum(found[sense] for sense in AGAINST)
    return found["war"] >= 2 and 2 * found["war"] + found["violence"] >= max(5, 2 * against)


@lru_cache(maxsize=4096)
def senses(text: str) -> Counter[str]:
    """Count the words of a text that speak for or against conflict, by list of `rulebook/conflict.yml`."""
    return Counter(str(match.lastgroup) for match in _words().finditer(text))


@cache
def _words() -> re.Pattern[str]:
    lists = rulebook.load("conflict")
    senses = (*AGAINST, "war", "violence")
    words = {sense: "|".join(re.split(r",\s+", lists[sense]["words"])) for sense in senses}
    return re.compile(r"\b(?:" + "|".join(f"(?P<{s}>{words[s]})" for s in senses) + r")\b", re.IGNORECASE)
