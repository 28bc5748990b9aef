"""What befell whom: from the parse of a sentence to (harm, victims) pairs, one function a kind of wording."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from contactline.reading import rulebook
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import RELATIVE, conjuncts, counts, expression_of, is_person, noun_of, words
from contactline.reading.quantities import Quantity, bounds

SUBJECTS = {"nsubj", "nsubjpass"}
PASSIVE = {"auxpass", "nsubjpass"}
COPULAS = {"be", "remain", "lie", "go", "become", "get", "feel"}


@dataclass(frozen=True)
class Harm:
    """One harm to one party.

    Attributes:
        kind: a code of `harm`.
        trigger: the word that tells it.
        victim: head of the phrase that names or counts the victims; None where only a figure does ("the toll rose to 12").
        rule_id: the rule that saw it.
        quantity: the figure, where it does not stand with the victim.
        described: phrases that describe the victims without counting them ("casualties among servicemen").
    """

    kind: str
    trigger: Token
    victim: Token | None
    rule_id: str
    quantity: Quantity | None = None
    described: Token | None = None


def harms(sentence: Sentence) -> list[Harm]:
    """Return the harms that a sentence tells of, in reading order, each victim once."""
    if not _gate().search(sentence.tokens.text):
        return []
    found: dict[tuple[str, int], Harm] = {}
    for token in sentence.tokens:
        for harm in _of_word(token, sentence):
            at = harm.victim if harm.victim is not None else harm.trigger
            if harm.victim is None or (is_person(harm.victim) and not _own_weapon(harm)):
                found.setdefault((harm.kind, at.i), harm)
    return [found[key] for key in sorted(found, key=lambda key: key[1])]


def _of_word(token: Token, sentence: Sentence) -> Iterator[Harm]:
    lemma, form = token.lemma_.lower(), token.lower_
    if token.pos_ in {"VERB", "AUX", "ADJ"} and token.tag_.startswith("V"):
        yield from _verb(token, lemma, sentence)
    if form in rulebook.load("casualties")["states"]:
        yield from _state(token, form, sentence)
    if token.pos_ in {"NOUN", "PROPN"}:
        yield from _nominal(token, lemma, sentence)
        yield from _captives(token, lemma, sentence)
    if form in {"toll", "number", "total", "count"}:
        yield from _toll(token, sentence)


# ---- verbs
def _verb(verb: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    entry = _verbs().get(lemma)
    if entry is not None and lemma in {"gun", "mow"} and not any(c.lower_ == "down" for c in verb.children):
        entry = None
    if entry is not None:
        victims = _patients(verb) if entry["victim"] == "object" else subjects(verb)
        yield from _each(entry["harm"], verb, victims, entry["id"])
    if lemma in rulebook.load("casualties")["deadly_verbs"]:
        yield from _to_death(verb)
    if lemma in rulebook.load("casualties")["claiming"]:
        yield from _lives(verb, lemma, sentence)
    if lemma in rulebook.load("casualties")["releases"]["words"]:
        yield from _released(verb, lemma)
    if lemma == "blow" and any(c.lower_ in {"himself", "herself", "themselves"} for c in verb.children):
        yield from _each("killed", verb, subjects(verb), "killed-self")
    if lemma in {"disappear", "vanish"}:
        yield from _each("missing", verb, subjects(verb), "missing-verb")


def _each(kind: str, trigger: Token, victims: Iterator[Token] | Sequence[Token], rule_id: str) -> Iterator[Harm]:
    for first in victims:
        for victim in conjuncts(first):
            yield Harm(kind, trigger, victim, rule_id)


def subjects(verb: Token) -> list[Token]:
    """Return the subjects of a verb: its own, the noun it modifies, or those of the verb it is joined to."""
    own = [c for c in verb.children if c.dep_ in SUBJECTS]
    if own:
        return [_antecedent(s, verb) for s in own]
    if verb.dep_ in {"acl", "relcl"} and verb.head.pos_ in {"NOUN", "PROPN", "NUM", "PRON"}:
        return [verb.head]
    if verb.dep_ in {"conj", "xcomp", "advcl", "oprd", "acomp", "dep"} and verb.head.pos_ in {"VERB", "AUX"}:
        return subjects(verb.head)
    return []


def _antecedent(subject: Token, verb: Token) -> Token:
    """Return what a relative pronoun stands for, else the word itself."""
    if subject.lower_ in RELATIVE and subject.tag_ in {"WP", "WDT", "WP$"}:
        clause = verb
        while clause.dep_ not in {"relcl", "acl"} and clause.head.i != clause.i:
            clause = clause.head
        if clause.dep_ in {"relcl", "acl"}:
            return clause.head
    return subject


def _patients(verb: Token) -> list[Token]:
    """Return whom a transitive verb befalls: object, subject of the passive, or the noun that its participle modifies."""
    objects = [c for c in verb.children if c.dep_ in {"dobj", "dative"} or (c.dep_ == "oprd" and c.pos_ in {"NOUN", "NUM", "PROPN"})]
    if objects:
        reflexive = [o for o in objects if o.lower_ in {"himself", "herself", "themselves", "itself"}]
        return subjects(verb) if reflexive else [_antecedent(o, verb) for o in objects]
    if is_passive(verb):
        return subjects(verb)
    shared = [c for j in verb.rights if j.dep_ == "conj" and j.tag_ == verb.tag_ for c in j.children if c.dep_ == "dobj"]
    if shared:
        return shared
    if verb.tag_ in {"VBN", "VBD"}:
        if verb.dep_ == "amod":
            return [verb.head]
        return [s for s in subjects(verb) if s.lower_ not in RELATIVE]
    return []


def is_passive(verb: Token) -> bool:
    """Say whether a verb is passive: by its auxiliary or subject, as a participle after a noun, or joined to a passive."""
    if any(c.dep_ in PASSIVE for c in verb.children):
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ in {"acl", "oprd", "acomp"}:
        return True
    joined = verb.dep_ == "conj" and not any(c.dep_ in {"aux", "nsubj"} for c in verb.children)
    return joined and verb.head.pos_ in {"VERB", "AUX"} and is_passive(verb.head)


def _to_death(verb: Token) -> Iterator[Harm]:
    """Read "shot dead", "beaten to death", and "shot two people dead"."""
    for child in verb.rights:
        dead = child.lower_ == "dead" or (child.lower_ == "to" and any(c.lower_ == "death" for c in child.children))
        if dead:
            yield from _each("killed", verb, [v for v in _patients(verb) or subjects(verb)], "killed-to-death")


def _lives(verb: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    """Read "claimed the lives of 12", "lost their lives", "lost 49 soldiers"."""
    for item in _patients(verb):
        if item.lemma_.lower() == "life":
            noun = next((o for o in _of(item)), None)
            if noun is not None:
                yield from _each("killed", verb, [noun], "killed-lives")
            elif any(c.dep_ == "poss" for c in item.children) and expression_of(item, sentence) is None:
                if lemma == "lose":
                    yield from _each("killed", verb, [s for s in subjects(verb) if s.i != item.i], "killed-lives")
            else:
                yield Harm("killed", verb, item, "killed-lives")
        elif lemma == "lose" and not is_passive(verb) and (noun_of(item).pos_ == "NUM" or is_person(noun_of(item))):
            yield from _each("killed", verb, [item], "killed-lost")


def _released(verb: Token, lemma: str) -> Iterator[Harm]:
    """Read captives taken, held or set free: "released five soldiers", "took two prisoners", "was held hostage"."""
    captives = rulebook.load("casualties")["captives"]
    named = [c for c in verb.children if c.lower_ in captives and c.dep_ in {"oprd", "acomp", "dobj", "npadvmod", "advmod", "xcomp", "attr", "dep"}]
    if lemma in {"take", "hold", "keep"} and named:
        others = [v for v in _patients(verb) if v.i != named[0].i]
        yield from _each("captured", verb, others, "captured-held")


# ---- states
def _state(token: Token, form: str, sentence: Sentence) -> Iterator[Harm]:
    kind = rulebook.load("casualties")["states"][form]
    rule_id = f"{kind}-state"
    head = token.head
    if form in {"wounded", "injured", "killed", "captured", "hurt", "kidnapped", "abducted"} and token.pos_ == "VERB" and token.dep_ != "amod":
        if _patients(token):
            return
    expression = counts(sentence).get(token.i) or expression_of(token, sentence)
    if token.dep_ == "amod" and token.i < head.i:
        yield from _each(kind, token, [head], rule_id)
    elif expression is not None and expression[1] < token.i and not _subject_between(token, expression):
        yield Harm(kind, token, token, rule_id, quantity=expression[2])
    elif token.dep_ in {"amod", "acl", "relcl", "appos"} and head.pos_ in {"NOUN", "PROPN", "NUM"}:
        yield from _each(kind, token, [head], rule_id)
    elif token.dep_ in {"acomp", "attr", "oprd", "xcomp", "ccomp", "conj", "dobj", "advcl", "ROOT", "nsubj"}:
        yield from _each(kind, token, _bearers(token), rule_id)


def _subject_between(token: Token, expression: tuple[int, int, Quantity]) -> bool:
    """Say whether other words than describing ones stand between a figure and a state ("12 people dead")."""
    return any(t.pos_ in {"VERB", "AUX", "NOUN", "PROPN", "PUNCT"} for t in token.doc[expression[1] + 1 : token.i])


def _bearers(token: Token) -> list[Token]:
    """Return of whom a predicate says that they are dead or wounded."""
    own = [c for c in token.children if c.dep_ in SUBJECTS]
    if own:
        return [_antecedent(s, token) for s in own]
    head = token.head
    if token.dep_ == "conj" and head.lower_ in rulebook.load("casualties")["states"]:
        return _bearers(head)
    if head.pos_ not in {"VERB", "AUX"}:
        return []
    objects = [c for c in head.children if c.dep_ == "dobj" and c.i != token.i]
    if objects and head.lemma_ not in COPULAS:
        return objects
    return [s for s in subjects(head) if head.lemma_ in COPULAS or is_passive(head)]


# ---- nouns
def _of(noun: Token, prepositions: frozenset[str] = frozenset({"of"})) -> Iterator[Token]:
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in prepositions:
            yield from (c for c in child.children if c.dep_ in {"pobj", "pcomp"})


def _nominal(noun: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    entry = _nouns().get(lemma)
    if lemma == "body" or lemma in {"remains", "corpse"}:
        yield from _bodies(noun, sentence)
    if entry is None or any(c.lower_ in {"no", "without"} for c in noun.lefts):
        return
    if any(c.lower_ == "toll" for c in noun.doc[noun.i + 1 : noun.i + 2]):
        return
    own = expression_of(noun, sentence)
    named = list(_of(noun, _victim_prepositions(lemma)))
    if lemma == "loss" and not (_human_loss(noun) or any(is_person(n) for n in named)):
        return
    if own is not None:
        yield Harm(entry["harm"], noun, noun, entry["id"], quantity=own[2], described=named[0] if named else None)
    elif lemma in {"casualty", "fatality", "loss", "injury", "wound"}:
        if lemma in {"injury", "wound"} and named and expression_of(named[0], sentence):
            yield from _each(entry["harm"], noun, named, entry["id"])
        elif lemma in {"casualty", "fatality", "loss"}:
            if named and expression_of(named[0], sentence):
                yield from _each(entry["harm"], noun, named, entry["id"])
            else:
                yield Harm(entry["harm"], noun, noun, entry["id"], described=named[0] if named else None)
    else:
        genitive = [c for c in noun.children if c.dep_ == "poss" and is_person(c) and c.pos_ != "PRON"]
        yield from _each(entry["harm"], noun, named or genitive, entry["id"])


def _victim_prepositions(lemma: str) -> frozenset[str]:
    among = {"casualty", "fatality", "loss", "injury", "wound"}
    return frozenset({"among", "amongst", "to", "of", "in"}) if lemma in among else frozenset({"of"})


def _human_loss(noun: Token) -> bool:
    beside = {c.lower_ for c in noun.subtree}
    return bool(beside & {"human", "casualties", "heavy", "troop", "battlefield", "military", "manpower", "personnel", "life", "lives"}) or (
        noun.head.lemma_ in {"suffer", "sustain", "take", "inflict", "incur", "acknowledge", "confirm", "report"} and noun.tag_ == "NNS" and noun.head.i != noun.i
    )


def _bodies(noun: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read bodies found or handed over as killed."""
    named = [n for n in _of(noun) if is_person(noun_of(n))]
    verb = noun.head
    told = verb.lemma_ in rulebook.load("casualties")["bodies"]
    if not told:
        return
    if named and (expression_of(named[0], sentence) or expression_of(noun, sentence) is None):
        yield from _each("killed", noun, named, "killed-bodies")
    else:
        yield Harm("killed", noun, noun, "killed-bodies")


def _captives(noun: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    """Read hostages, captives and prisoners of war as captured."""
    if lemma in {"hostage", "captive", "pow"} or (lemma == "prisoner" and any(o.lower_ == "war" for o in _of(noun))):
        if noun.dep_ not in {"compound", "oprd", "acomp", "npadvmod"}:
            yield Harm("captured", noun, noun, "captured-captives")


def _toll(noun: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read "the death toll rose from 12 to 15", "put the toll at 9", "the number of wounded reached 30"."""
    kind = "killed"
    if noun.lower_ != "toll":
        counted = [c for c in _of(noun)]
        kinds = rulebook.load("casualties")["states"] | {"deaths": "killed", "casualties": "killed", "fatalities": "killed", "injuries": "wounded"}
        told = [kinds[c.lower_] for c in counted if c.lower_ in kinds]
        if not told:
            return
        kind = told[0]
    found = counts(sentence)
    for i in range(noun.i + 1, min(sentence.tokens.end, noun.i + 16)):
        if i not in found or found[i][0] != i or found[i][2].kind == "vague" and False:
            continue
        lead = sentence.tokens.doc[i - 1]
        if lead.lower_ == "from":
            continue
        if lead.lemma_.lower() in TOLL_MORE:
            figure = found[i][2].low
            if figure is not None:
                yield Harm(kind, noun, None, "toll", quantity=bounds(figure, "more_than"))
                return
        if lead.lower_ in TOLL_LEADS or lead.lemma_.lower() in TOLL_LEADS:
            yield Harm(kind, noun, None, "toll", quantity=found[i][2])
            return


TOLL_LEADS = {"to", "at", "of", "as", "be", "reach", "hit", "was", "stand", "now", ":"}
TOLL_MORE = {"top", "pass", "exceed", "surpass", "past", "above", "over"}


def _own_weapon(harm: Harm) -> bool:
    return False


@cache
def _verbs() -> Mapping[str, dict[str, Any]]:
    return {word: entry for entry in rulebook.load("casualties")["verbs"] for word in entry["words"]}


@cache
def _nouns() -> Mapping[str, dict[str, Any]]:
    return {word: entry for entry in rulebook.load("casualties")["nominals"] for word in entry["words"]}


@cache
def _gate() -> re.Pattern[str]:
    """Match what any wording of harm contains; most sentences end here."""
    return re.compile(
        r"kill|slay|slain|slaughter|murder|assassinat|massacr|execut|behead|decapit|lynch|neutrali|liquidat|martyr|gun|mow|annihil|\bdie|dying|dead|death|perish|succumb"
        r"|wound|injur|\bhurt|maim|hospitali|captur|kidnap|abduct|hostage|captive|prisoner|\bpow|releas|free|exchang|missing|disappear|vanish|unaccounted|toll|casualt|fatalit|loss|\blos[et]"
        r"|\bliv(?:es|e)\b|\blife\b|bod(?:y|ies)|corpse|remains|blew|blow|concuss|deceased|electrocut",
        re.IGNORECASE,
    )
