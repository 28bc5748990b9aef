"""Copies of articles, exact and near: the earliest is canonical. A corrected or updated re-issue is no copy.

MinHash proposes pairs, the texts themselves decide. Only what is the article's own counts, so that the same story with
another site's share bar is a copy.
"""

import re
from collections.abc import Callable, Iterable, Sequence

SHINGLE = 3  # words
SEED = 1
PERMUTATIONS, BANDS = 64, 16  # finds nine in ten pairs at a Jaccard index of .68, all above .8
CORRECTED = re.compile(r"\b(?:correct(?:s|ed|ion|ing)|clarif(?:ies|ied|ication)|updat(?:es|ed|ing)|refile[sd]?)\b")
TENS = "twen|thir|for|fif|six|seven|eigh|nine"
NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?"
    rf"|(?:{TENS}|four)(?:teen|ty))\b"
)


def words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


def sketch(text: str) -> bytes:
    """Return the MinHash of an article's own text, as bytes that `copies` takes."""
    from rensa import RMinHash

    made = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    found = words(text)
    made.update(list(_shingles(found)) or found)
    state: bytes = made.__getstate__()
    return state


def copies(sketches: Iterable[bytes], text_of: Callable[[int], str], alike: float) -> list[int | None]:
    """Return for each article the number of the canonical one that it copies, or None.

    Args:
        sketches: one an article, the earliest first.
        text_of: gives the own text of an article by its number.
        alike: the Jaccard index of three-word shingles from which two articles are copies.
    """
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=alike, num_perm=PERMUTATIONS, num_bands=BANDS)
    canonical: list[int | None] = []
    for number, state in enumerate(sketches):
        made = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        made.__setstate__(state)
        original = None
        proposed = sorted(index.query(made))
        if proposed:
            text = text_of(number)
            original = next((n for n in proposed if is_copy(text, text_of(n), alike)), None)
        if original is None:
            index.insert(number, made)
        canonical.append(original)
    return canonical


def is_copy(text: str, original: str, alike: float) -> bool:
    """Say whether a text copies an earlier one: nearly the same words, no figure of its own, and no correction."""
    ours, theirs = words(text), words(original)
    if ours == theirs:
        return True
    if jaccard(set(_shingles(ours)), set(_shingles(theirs))) < alike:
        return False
    if set(NUMBER.findall(text.lower())) - set(NUMBER.findall(original.lower())):
        return False
    return bool(CORRECTED.search(text.lower())) <= bool(CORRECTED.search(original.lower()))


def jaccard(ours: set[str], theirs: set[str]) -> float:
    """Return the share of shingles that two texts have in common; 1 for two texts without any."""
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


def _shingles(found: Sequence[str]) -> set[str]:
    return {" ".join(found[i : i + SHINGLE]) for i in range(len(found) - SHINGLE + 1)}
