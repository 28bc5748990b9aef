"""Which language an article is in: English is told by its commonest words, the others by their letters."""

import re
from functools import cache
from importlib.resources import files

import yaml

SAMPLE = 2000  # characters
ENGLISH = 0.05  # share of the rulebook's words above which a text is English
SHORT = 12  # words; below it a text follows what its page states, and is English where that states nothing


@cache
def _common() -> frozenset[str]:
    book = yaml.safe_load((files("contactline") / "rulebook" / "languages.yml").read_text("utf-8"))
    return frozenset(book["english"].split())


def language_of(text: str, stated: str | None = None) -> str:
    """Return the ISO 639 code of the language a text is in.

    Args:
        text: a stored text.
        stated: the code its page or record gives; taken where the text is too short or too odd to tell.
    """
    from resiliparse.parse.lang import detect_fast

    sample = text[:SAMPLE].lower()
    words = re.findall(r"[^\W\d_]+", sample)
    known = _code(stated)
    latin = sum(word.isascii() for word in words)
    if words and latin >= 0.5 * len(words):
        if sum(word in _common() for word in words) >= ENGLISH * len(words):
            return "en"
        if len(words) < SHORT:
            return known or "en"
    if "ə" in sample:
        return "az"
    found, rank = detect_fast(sample)
    if found == "unknown" or rank > 1200:
        return known or "und"
    if found == "en" and known and known != "en":
        return known
    return str(found)


def _code(stated: str | None) -> str | None:
    """Return the language of a tag such as "en-GB" or a name such as "English"; None for what is neither."""
    if not stated:
        return None
    tag = stated.strip().lower()
    if re.fullmatch(r"[a-z]{2,3}(?:[-_].*)?", tag):
        return re.split(r"[-_]", tag)[0]
    from contactline.intake.exports import languages

    return languages().get(tag)
