"""Who makes a claim: the speaker of the sentence, or who spoke before it where it says "it" or goes on without one."""

from collections.abc import Sequence

from contactline.coding.claims import Claim
from contactline.coding.harmed import Harm
from contactline.reading import rulebook
from contactline.reading.actors import Actor
from contactline.reading.article import Reading
from contactline.reading.attribution import named, speaker_of
from contactline.reading.belligerents import last_group
from contactline.reading.language import Sentence, Token
from contactline.reading.sayings import Saying, saying_of

DASHES = {"-", "--", "–", "—"}
ADDING = 14  # words of a sentence that only adds figures to the one before
DATELINE = 6  # words that a place, a date and an agency take before the dash


def speaker_of_harm(harm: Harm, sentence: Sentence, reading: Reading, before: Sequence[Claim]) -> Actor | None:
    """Return who says that a harm was done, None where the article says it in its own voice.

    Args:
        harm: what a sentence tells.
        sentence: that sentence.
        reading: its article.
        before: the claims that the article has made so far.
    """
    rest = _speaker_of_rest(harm, sentence, reading)
    if rest is not None:
        return rest
    saying = saying_of(harm.trigger, sentence, reading)
    if saying is None:
        return _by_opening(harm, sentence, reading, before) or _going_on(harm, sentence, before)
    if _is_dateline(saying.speaker, saying.sentence):
        return _behind_dateline(saying, reading)
    actor = speaker_of(saying, reading)
    if _only_raises(saying, actor):
        outer = saying_of(saying.verb, saying.sentence, reading)
        return speaker_of(outer, reading) if outer is not None and outer is not saying else None
    if saying.speaker.lower_ in {"this", "that"} or (actor is None and saying.speaker.lower_ in {"it", "they"}):
        return _last_body(sentence, before)
    if actor is not None and actor.name.lower() in rulebook.load("claims")["groups"]:
        return last_group(saying.sentence.paragraph, saying.speaker.idx, reading) or actor
    return actor


def _by_opening(harm: Harm, sentence: Sentence, reading: Reading, before: Sequence[Claim]) -> Actor | None:
    """Return who a sentence opens by, where the parse does not say so: "It earlier spoke of 12 dead"."""
    first = next(iter(sentence.tokens.noun_chunks), None)
    if first is None or first.start != sentence.tokens.start or harm.trigger.i < first.end:
        return None
    head = first.root
    words = sentence.tokens[first.end - sentence.tokens.start :]
    verb = next((t for t in words if t.lemma_ in _openings()), None)
    if verb is None or verb.tag_ not in {"VBD", "VBZ", "VBP"} or verb.i > harm.trigger.i:
        return None
    if any(t.pos_ in {"VERB", "AUX", "PUNCT", "PRON"} for t in sentence.tokens if first.end <= t.i < verb.i):
        return None
    if verb.lemma_ not in {"say", "announce"} and not any(t.lower_ == "of" for t in words if t.i > verb.i):
        return None
    if head.lower_ in {"it", "they"}:
        return _last_body(sentence, before)
    return None if head.pos_ == "PRON" else next(iter(named(head, sentence, reading)), None)


def _openings() -> frozenset[str]:
    return frozenset(rulebook.load("claims")["openings"])


def _going_on(harm: Harm, sentence: Sentence, before: Sequence[Claim]) -> Actor | None:
    """Return who told of harm in the sentence before, where this one only adds to it: "Another 34 were wounded"."""
    last = before[-1] if before else None
    if last is None or last.sentence.number != sentence.number - 1 or last.sentence.paragraph != sentence.paragraph:
        return None
    if last.scope == "background" or harm.kind == last.harm.kind or len(sentence.tokens) > ADDING:
        return None
    if any(t.lemma_ in _openings() for t in sentence.tokens):
        return None
    return last.speaker


def _is_dateline(speaker: Token, sentence: Sentence) -> bool:
    """Say whether the parser takes a dateline for who speaks: "ANNUMINAS - The ministry put its losses at 12"."""
    start = sentence.tokens.start
    if not speaker.text.isupper() or speaker.i > start + 1:
        return False
    return any(t.text in DASHES for t in sentence.tokens[speaker.i - start + 1 : speaker.i - start + DATELINE])


def _behind_dateline(saying: Saying, reading: Reading) -> Actor | None:
    chunks = [c for c in saying.sentence.tokens.noun_chunks if saying.speaker.i < c.start and c.end <= saying.verb.i]
    chunks = [c for c in chunks if c.root.ent_type_ not in {"DATE", "TIME"}]
    head = chunks[-1].root if chunks else None
    return next(iter(named(head, saying.sentence, reading)), None) if head is not None else None


def _only_raises(saying: Saying, actor: Actor | None) -> bool:
    """Say whether what raises a toll is no speaker but an occasion: "two soldiers died, raising to 17 the number"."""
    return (
        saying.verb.lemma_ in {"raise", "bring"} and saying.verb.tag_ == "VBG" and (actor is None or not actor.country)
    )


def _last_body(sentence: Sentence, before: Sequence[Claim]) -> Actor | None:
    """Return who made the last claim before, in this paragraph or the one above: "It earlier spoke of 12 dead"."""
    near = (c.speaker for c in reversed(before) if c.sentence.paragraph >= sentence.paragraph - 1)
    return next((s for s in near if s is not None and s.kind != "person"), None)


def _speaker_of_rest(harm: Harm, sentence: Sentence, reading: Reading) -> Actor | None:
    """Return who tells the second of two figures under one verb: "Gondor said it lost 49 and Arnor that it lost 50"."""
    doc = harm.trigger.doc
    owner, verb = harm.described, sentence.tokens.root
    if harm.rule_id == "part" and owner is not None and harm.trigger.dep_ == "dobj" and harm.trigger.head.i == verb.i:
        return _state_at(owner, sentence, reading)  # "Gondor reported the deaths of 49, Arnor of 50"
    bearer = next((c for c in harm.trigger.children if c.dep_ == "nsubj" and c.lower_ in {"it", "they"}), None)
    if harm.rule_id != "killed-lost" or bearer is None or bearer.i - 2 < sentence.tokens.start:
        return None
    if doc[bearer.i - 1].lower_ != "that" or doc[bearer.i - 2].pos_ != "PROPN":
        return None
    return _state_at(doc[bearer.i - 2], sentence, reading)


def _state_at(token: Token, sentence: Sentence, reading: Reading) -> Actor | None:
    named = (m.actor for m in reading.named[sentence.paragraph] if m.start <= token.idx < m.end and m.form == "name")
    return next((actor for actor in named if actor.country), None)
