"""The positions that words name: "Gondor accused Arnor", "Gondor's call on Arnor"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from contactline.coding import towards
from contactline.coding.towards import Position, aimed, book, counterparts, lists, others
from contactline.reading import attribution, sayings
from contactline.reading.actors import Actor
from contactline.reading.article import Reading
from contactline.reading.conflict import article_in_conflict
from contactline.reading.language import Sentence, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
OBLIGED = frozenset({"should", "must", "ought"})
COMMITS = frozenset({"pledge", "promise", "vow", "announce", "offer"})
OBJECTS = frozenset({"nsubj", "pobj"})
RECIPROCAL = frozenset({"other", "another"})
DENIALS = frozenset({"deny", "reject", "dismiss", "refute", "rebut", "dispute"})
COMPLEMENTS = frozenset({"dobj", "xcomp", "ccomp", "acl", "prep", "dative"})


def worded(reading: Reading) -> Iterator[Position]:
    """Yield the positions that words of position take, at most one for each word."""
    last: list[Position] = []
    for sentence in reading.sentences:
        last = [_echoed(p, token, sentence, reading) for token in _echoes(sentence) for p in last]
        for token in sayings.among(sentence, _lemmas()):
            for rule in words().get((token.pos_, token.lemma_), ()):
                position = _worded(token, rule, sentence, reading)
                if position is not None:
                    last.append(position)
                    break
        yield from last


def _echoes(sentence: Sentence) -> Iterator[Token]:
    """Yield the verb of a sentence that repeats the one before for others: "So did Gondor and Rohan"."""
    first = sentence.tokens[0]
    if first.lower_ == "so" and len(sentence.tokens) > 2 and first.nbor().lemma_ == "do":
        yield first.nbor()


def _echoed(position: Position, verb: Token, sentence: Sentence, reading: Reading) -> Position:
    subject = next((t for t in verb.children if t.dep_ in SUBJECTS), None)
    speakers = attribution.named(subject, sentence, reading) if subject is not None else ()
    return replace(position, word=verb, speakers=speakers, sentence=sentence)


@cache
def words() -> Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]:
    """Return (part of speech, lemma) -> the rules for it, in file order."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for rule in book()["words"]:
        for key, pos in (("verbs", "VERB"), ("nouns", "NOUN")):
            for lemma in rule.get(key, ()):
                found.setdefault((pos, lemma), []).append(rule)
    return found


@cache
def _lemmas() -> frozenset[str]:
    return frozenset(lemma for _, lemma in words())


def _worded(token: Token, rule: Mapping[str, Any], sentence: Sentence, reading: Reading) -> Position | None:
    if unsaid(token) or not _fits(token, rule):
        return None
    speakers = _owners(token, sentence, reading) if token.pos_ == "NOUN" else _holders(token, sentence, reading)
    told = rule["kind"] in {"support", "announce", "threaten"} and _is_told_by_other(token, speakers, sentence, reading)
    if not speakers or told:
        return None
    kind: str | None = rule["kind"]
    if kind in {"accuse", "condemn"} and _is_reciprocal(token):
        return Position(kind, token, *_each_other(speakers, reading), rule["id"] + "-each-other", sentence)
    targets = _targets(token, rule, speakers, sentence, reading)
    open_ended = any(_about(token, rule[key]) for key in ("about", "or_about") if key in rule)
    if rule["kind"] == "deny" and (article_in_conflict(reading) or any(t.dep_ == "ccomp" for t in token.children)):
        open_ended = True
    if "committing" in rule:
        kind = _commitment(token) if token.dep_ not in {"pcomp", "relcl"} else None
    elif "labelling" in rule:
        kind = _label(token)
    if kind is None:
        return None
    if "complement" in rule and not (_is_voiced(token) or any(t.dep_ == "acl" for t in token.children)):
        return None
    if kind == "support" and open_ended and not targets and article_in_conflict(reading):
        targets = towards.pair(speakers, reading)
    if not others(targets, speakers[0]) and _has_counterpart(token, kind, rule, targets, reading):
        targets = counterparts(speakers[0], sentence, reading)
    return Position(kind, token, speakers, targets, rule["id"], sentence, open_ended)


def _is_told_by_other(token: Token, speakers: Sequence[Actor], sentence: Sentence, reading: Reading) -> bool:
    """Say whether one side tells what position another takes: that is the teller's position, if any."""
    saying = sayings.saying_of(token, sentence, reading)
    if saying is None:
        return False
    tellers = [a for a in attribution.named(saying.speaker, saying.sentence, reading) if towards.takes_part(a)]
    return bool(tellers) and all(others([speaker], teller) for speaker in speakers for teller in tellers)


def _takes(token: Token, objects: Sequence[str]) -> bool:
    if token.lemma_ == "welcome" and any(t.dep_ == "prep" and t.lower_ == "to" for t in token.children):
        return True
    taken = [t for t in token.children if t.dep_ in {"dobj", "nsubjpass"}]
    if token.lemma_ == "agree":
        taken = [t for c in token.children if c.dep_ == "prep" and c.lower_ == "to" for t in c.children]
    return bool(objects) and any(t.lemma_ in objects for t in taken)


def _fits(token: Token, rule: Mapping[str, Any]) -> bool:
    """Say whether a word is used in the way its rule asks for."""
    if "particles" in rule and not _particle(token, rule["particles"]):
        return False
    if _takes(token, rule.get("not_objects", ())) or ("objects" in rule and not _takes(token, rule["objects"])):
        return False
    if "negated_complement" in rule and not _warns_off(token):
        return False
    if "warned_of" in rule:
        parts = {t.dep_ for t in token.children}
        return "dobj" in parts and bool(parts & {"ccomp", "xcomp", "advcl"}) and not _warns_off(token)
    if "wanted" in rule:
        wanted = [t for t in token.children if t.dep_ == "ccomp" and t.pos_ in {"VERB", "AUX"}]
        if any(t.tag_ == "VBN" for t in wanted):
            return True
        return any(t.dep_ == "aux" and t.lower_ == "to" for c in wanted for t in c.children)
    if "infinitive_object" in rule:
        told = [t for t in token.children if t.dep_ in {"xcomp", "ccomp"}]
        return any(t.dep_ == "aux" and t.lower_ == "to" for c in told for t in c.children) and not _warns_off(token)
    if "nouns_of" in rule:
        after = [t for t in token.subtree if t.dep_ == "pobj" and t.i > token.i]
        return any(t.lemma_ in lists()[rule["nouns_of"]] for t in after)
    if "objects_complement" in rule and not any(t.lower_ in rule["objects_complement"] for t in token.subtree):
        return False
    # Who refuses to condemn takes no position by it.
    refused = any(t.dep_ == "xcomp" and ("VERB", t.lemma_) in words() for t in token.children)
    return not (refused and token.lemma_ == "refuse")


def _warns_off(token: Token) -> bool:
    complements = [t for t in token.children if t.dep_ in {"xcomp", "ccomp", "advcl"}]
    against = any(t.lower_ == "against" for t in token.children)
    return against or any(t.dep_ == "neg" for c in complements for t in c.children)


def _has_counterpart(
    token: Token, kind: str, rule: Mapping[str, Any], targets: Sequence[Actor], reading: Reading
) -> bool:
    """Say whether a position that names no other side is still one towards it, by the text around."""
    if kind == "threaten" or "labelling" in rule:
        return True
    if not article_in_conflict(reading) or targets:
        return False
    return kind == "accuse" or (kind == "urge" and _about(token, "conflict") and not _is_for_own(token))


def _is_for_own(token: Token) -> bool:
    """Say whether an appeal is to the speaker's own people, or to somebody named who is no side."""
    objects = [t for t in token.children if t.dep_ in {"dobj", "dative"}]
    objects += [t for c in token.children if c.dep_ in {"ccomp", "prep"} for t in c.children if t.dep_ in OBJECTS]
    return any(t.pos_ == "PROPN" or t.lemma_.lower() in lists()["own_people"] for t in objects)


def _particle(token: Token, particles: Sequence[str]) -> bool:
    if token.lemma_ == "call" and any(t.dep_ in {"dobj", "oprd", "ccomp"} for t in token.children):
        return False
    if any(t.dep_ == "prt" and t.lower_ not in particles for t in token.children):
        return False
    beside = (*token.children, *(t for c in token.children if c.dep_ == "npadvmod" for t in c.subtree))
    return any(t.dep_ in {"prt", "prep", "dobj", "agent"} and t.lower_ in particles for t in beside)


def _about(token: Token, topic: str) -> bool:
    topical = lists()[topic]
    verbs = lists()["hostile"] if topic == "violence" else frozenset()
    after = [t for t in token.subtree if t.i > token.i or t.dep_ == "nsubjpass"]
    after += [token.head] if token.dep_ == "relcl" else []
    governor = _governor(token)
    if token.pos_ == "NOUN" and governor.lemma_ in book()["drawing"]:
        after += [t for c in governor.children if c.dep_ in SUBJECTS for t in c.subtree]
    return any(t.lemma_.lower() in topical or (t.pos_ == "VERB" and t.lemma_ in verbs) for t in after)


def _commitment(token: Token) -> str | None:
    """Return what a commitment amounts to: a threat, support, or a plan."""
    known = lists()
    heads = [t for t in token.children if t.dep_ in COMPLEMENTS and t.i > token.i]
    heads += [t for h in heads if h.dep_ in {"prep", "dative"} for t in h.children if t.dep_ == "pobj"]
    if token.lemma_ in {"vow", "swear", "promise"}:
        heads += [t for h in heads if h.dep_ == "xcomp" for t in h.subtree if t.dep_ in {"dobj", "pobj"}]
    lemmas = {t.lemma_.lower() for t in heads}
    if token.lemma_ in {"vow", "swear"} and "action" in lemmas:
        return "threaten"
    if token.lemma_ != "announce" and lemmas & (known["retaliation"] | known["retaliation_nouns"]):
        return "threaten"
    if lemmas & known["backing"]:
        return "support"
    return "announce" if token.lemma_ != "announce" or lemmas & known["announced"] or _is_ahead(heads) else None


def _is_ahead(heads: Sequence[Token]) -> bool:
    return any(t.dep_ == "aux" and t.lower_ in {"will", "would", "to", "'ll"} for h in heads for t in h.children)


def _label(token: Token) -> str | None:
    if any(t.lower_ in {"what", "for", "on", "off"} for t in token.children):
        return None
    after = {t.lemma_.lower() for t in token.subtree if t.i > token.i}
    known = lists()
    if after & known["untrue"] and any(
        t.dep_ in {"dobj", "nsubj"} and t.lemma_ in known["claims"] for t in token.subtree
    ):
        return "deny"
    deeds = {t.lemma_.lower() for t in token.subtree if t.i > token.i and t.dep_ not in {"amod", "compound"}}
    if after & known["welcome"]:
        return "support"
    if after & known["outrages"]:
        return "condemn"
    if after & known["strong_nouns"] or deeds & known["hostile"]:
        return "accuse"
    if after & known["untrue"]:
        return "deny"
    return "condemn" if after & (known["shameful"] | known["names"] | known["taunts"]) else None


def _holders(verb: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    head = sayings.speaker_head(verb)
    if head is None:
        saying = sayings.saying_of(verb, sentence, reading)
        return attribution.named(saying.speaker, saying.sentence, reading) if saying else ()
    return attribution.named(head, sentence, reading)


def _owners(noun: Token, sentence: Sentence, reading: Reading) -> Sequence[Actor]:
    """Return whose a noun of position is: "Gondor's call", "a U.S. call", "a charge made by Gondor", "made a call"."""
    for child in noun.children:
        if child.dep_ == "poss":
            return attribution.named(child, sentence, reading)
        if child.dep_ in {"prep", "acl"}:
            agents = [child] if child.lower_ in {"by", "from"} else [c for c in child.children if c.dep_ == "agent"]
            by = [t for a in agents for t in a.children if t.dep_ == "pobj"]
            if by:
                return attribution.named(by[0], sentence, reading)
        named = attribution.named(child, sentence, reading) if child.dep_ in {"amod", "compound", "nmod"} else ()
        if named and (named[0].kind in towards.SIDES or named[0].kind == "person"):
            return named
    governor = _governor(noun)
    if governor.lemma_ in book()["drawing"]:
        drawn = [t for c in governor.children if c.dep_ == "prep" and c.lower_ == "from" for t in c.children]
        if drawn:
            return attribution.named(drawn[0], sentence, reading)
    if governor.pos_ == "VERB" and _is_voiced(noun) and not unsaid(governor):
        return _holders(governor, sentence, reading)
    return ()


def _governor(noun: Token) -> Token:
    while noun.dep_ == "conj":
        noun = noun.head
    return noun.head if noun.dep_ in {"dobj", "attr"} else noun.head.head if noun.dep_ == "pobj" else noun


def _is_voiced(noun: Token) -> bool:
    return _governor(noun).lemma_ in book()["voicing"]


def _is_reciprocal(token: Token) -> bool:
    """Say whether sides do the same to each other: "blamed each other", "each blames the other"."""
    objects = [t for t in token.children if t.dep_ in {"dobj", "dative"}]
    if token.pos_ == "NOUN":
        objects += [
            t for t in _governor(token).subtree if t.dep_ == "pobj" and t.head.lower_ in {"on", "of", "against"}
        ]
    return any(t.lemma_ in RECIPROCAL or (t.lemma_ in {"side", "party"} and _is_other(t)) for t in objects)


def _is_other(side: Token) -> bool:
    return any(t.lower_ in RECIPROCAL for t in side.children)


def _each_other(speakers: Sequence[Actor], reading: Reading) -> tuple[Sequence[Actor], Sequence[Actor]]:
    """Return the sides that speak of each other, as speakers and as targets."""
    sides = [s for s in speakers if towards.takes_part(s)]
    if len(sides) < 2:
        sides = list(towards.pair((), reading))
    return sides, sides


def _targets(
    token: Token, rule: Mapping[str, Any], speakers: Sequence[Actor], sentence: Sentence, reading: Reading
) -> Sequence[Actor]:
    denied = _governor(token)
    if token.pos_ == "NOUN" and denied.lemma_ in DENIALS:
        return _holders(denied, sentence, reading)
    if token.pos_ == "NOUN" and denied.lemma_ in book()["drawing"]:
        drawing = [t for t in denied.children if t.dep_ in SUBJECTS]
        return [a for t in drawing for a in aimed(t, sentence, reading, speaker=speakers[0])]
    own: Sequence[Actor] = ()
    for place in rule["targets"]:
        for complement in _complements(token, place):
            if place != "inside" and towards.is_unnamed(complement):
                return towards.pair(speakers, reading)
            reach = _reach(token, rule)
            found = aimed(complement, sentence, reading, reach, speakers[0])
            if others(found, speakers[0]):
                return found
            if place != "inside" and _is_power(complement):
                return counterparts(speakers[0], sentence, reading)
            if complement.pos_ != "PRON":
                own = own or found
    return own


def _is_power(head: Token) -> bool:
    """Say whether a phrase is a bare "the government": not the speaker's, or it would say "its"."""
    bare = all(t.lower_ in {"the", "that", "this"} or t.i > head.i for t in head.children)
    return bare and head.lemma_.lower() in book()["powers"] and any(t.dep_ == "det" for t in head.children)


def _reach(token: Token, rule: Mapping[str, Any]) -> int:
    """Return how loosely a target may be tied to what a position is about."""
    if "infinitive_object" in rule:
        return towards.CLOSE
    wide = token.lemma_ in COMMITS or (rule["kind"] == "support" and token.lemma_ != "defend")
    return towards.PLACES if wide else 5


def _complements(token: Token, place: str) -> Iterator[Token]:
    governor = token.head if token.pos_ == "NOUN" and token.dep_ == "dobj" else None
    if governor is not None:
        yield from (t for c in governor.children if c.lower_ == place and c.dep_ == "prep" for t in c.children)
    if place == "inside":
        yield from (t for t in token.children if t.i > token.i and t.dep_ in COMPLEMENTS)
    for child in token.children:
        if place == "object" and child.dep_ in {"dobj", "dative", "nsubjpass"}:
            yield child
        elif place == "clause" and child.dep_ in {"ccomp", "xcomp", "acl"}:
            yield from (t for t in child.children if t.dep_ in {"nsubj", "nsubjpass"})
        elif place == "object" and child.dep_ == "ccomp":
            yield from (t for t in child.children if t.dep_ == "nsubj")
        elif child.lower_ == place and child.dep_ in {"prep", "prt", "agent", "dative"}:
            yield from (t for t in child.children if t.dep_ == "pobj")
            yield from (t for t in token.children if t.dep_ == "pobj")
        elif child.dep_ in {"prt", "dobj", "prep"} and place not in {"object", "clause", "inside"}:
            for inner in child.children:
                if inner.lower_ == place and inner.dep_ == "prep":
                    yield from (t for t in inner.children if t.dep_ == "pobj")


# ---- not taken
def _undoes(child: Token) -> bool:
    """Say whether a word turns what its verb says into something not said."""
    lower = child.lower_
    if child.dep_ == "neg" or lower in {"neither", "nor"}:
        return True
    if child.dep_ == "aux":
        return lower in {"could", "might", "may"} | OBLIGED
    if child.dep_ == "dobj":
        return any(t.lower_ in {"neither", "no", "nobody"} for t in (child, *child.children))
    return child.dep_ in {"mark", "advmod"} and lower in {"if", "whether", "unless", "why", "how"}


def unsaid(token: Token) -> bool:
    """Say whether a position is not taken: "did not condemn", "likely to condemn", "urged to condemn"."""
    for part in (token, token.head if token.dep_ == "xcomp" else token):
        if any(_undoes(child) for child in part.children):
            return True
    if token.dep_ == "acl" and any(t.lower_ == "to" for t in token.children):
        return True
    if token.dep_ == "conj" and any(t.lower_ in {"neither", "nor"} for t in token.head.children):
        return True
    if token.dep_ == "pcomp" and token.head.lower_ in {"from", "for", "against", "without", "of"}:
        return any(t.dep_ in SUBJECTS for t in token.children) or token.head.lower_ in {"from", "without", "of"}
    if any(t.dep_ == "pcomp" and t.head.lower_ == "of" for t in token.ancestors):
        return True  # "accused Gondor of sending arms to back the rebels"
    if any(t.dep_ == "auxpass" and t.lower_ == "be" for t in token.children):
        return True  # "that those responsible be held to account" asks for it
    if token.dep_ == "xcomp" and token.head.lemma_ == "be":
        return True
    infinitive = token.dep_ == "xcomp" or (token.dep_ == "ccomp" and any(t.lower_ == "to" for t in token.children))
    return infinitive and token.head.lemma_ in lists()["urging"]
