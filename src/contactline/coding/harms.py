"""What befell whom: from the parse of a sentence to (harm, victims) pairs, one function a kind of wording."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from contactline.reading import rulebook
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import (
    RELATIVE,
    conjuncts,
    counts,
    expression_of,
    is_person,
    is_plural,
    is_thing,
    noun_of,
    status_of,
)
from contactline.reading.quantities import VAGUE, Quantity, bounds

SUBJECTS = {"nsubj", "nsubjpass"}
PASSIVE = {"auxpass", "nsubjpass"}
COPULAS = {"be", "remain", "lie", "go", "become", "get", "feel"}
PLURALS = {"NNS", "NNPS", "CD"}
NAMED = {"captured-verb", "killed-noun", "captured-noun"}
STRONG = {"killed-verb", "killed-subject", "wounded-verb", "killed-state", "wounded-state", "killed-to-death", "part"}
FINDING = {"leave", "find", "report", "declare", "pronounce", "presume", "confirm", "believe", "fear", "see"}
TELLS = {"suffer", "sustain", "receive", "incur", "get", "have"}


@dataclass(frozen=True)
class Harm:
    """One harm to one party.

    Attributes:
        kind: a code of `harm`.
        trigger: the word that tells it.
        victim: head of the phrase that names or counts the victims; None for a mere figure ("the toll rose to 12").
        rule_id: the rule that saw it.
        quantity: the figure, where it does not stand with the victim.
        described: phrases that describe the victims without counting them ("casualties among servicemen").
        figure: the word that gives the figure, where it is not the victim's.
    """

    kind: str
    trigger: Token
    victim: Token | None
    rule_id: str
    quantity: Quantity | None = None
    described: Token | None = None
    figure: Token | None = None


def harms(sentence: Sentence, captivity: bool = False) -> list[Harm]:
    """Return the harms that a sentence tells of, in reading order, each victim once.

    Args:
        sentence: the sentence.
        captivity: the article tells of captives, so that whoever is freed was one.
    """
    if not _gate().search(sentence.tokens.text.lower()):
        return []
    found: dict[tuple[str, int], Harm] = {}
    for token in sentence.tokens:
        for harm in _of_word(token, sentence, captivity):
            _keep(harm, found, sentence)
    for implied in (_parted, _counted_beside, _elliptical):
        for harm in list(implied(found, sentence)):
            _keep(harm, found, sentence)
    for key in [k for k, h in found.items() if h.figure is not None and _is_told_twice(h, found, sentence)]:
        del found[key]
    told = {h.victim.i for h in found.values() if h.victim is not None and h.rule_id != "captured-captives"}
    for key in [k for k, h in found.items() if h.rule_id == "captured-captives" and k[1] in told]:
        del found[key]  # "executed 12 captives" tells of the killed
    for toll in [h for h in found.values() if h.figure is not None]:
        for key in [k for k, h in found.items() if h is not toll and h.kind == toll.kind and _is_counted_by(h, toll)]:
            del found[key]
    return [found[key] for key in sorted(found, key=lambda key: key[1])]


def _keep(harm: Harm, found: dict[tuple[str, int], Harm], sentence: Sentence) -> None:
    """Add a harm to those found, unless its victims are things or are told already."""
    if harm.victim is None:
        found.setdefault((harm.kind, harm.trigger.i), harm)
        return
    if (harm.kind, harm.victim.i) in found:
        return
    noun = noun_of(harm.victim)
    counted = expression_of(harm.victim, sentence)
    if counted is None and noun.lemma_.lower() in _nouns() and harm.victim.i != harm.trigger.i:
        return
    if (
        harm.victim.i == harm.trigger.i
        or is_person(noun)
        or (harm.rule_id in STRONG and counted and noun.tag_ in PLURALS and not is_thing(noun))
    ):
        told = {h.victim.i for (kind, _), h in found.items() if kind == harm.kind and h.victim is not None}
        if harm.victim.i not in told and not (counted and told & set(range(counted[0], counted[1] + 1))):
            found[harm.kind, harm.victim.i] = harm


def _is_told_twice(toll: Harm, found: Mapping[tuple[str, int], Harm], sentence: Sentence) -> bool:
    """Say whether a toll's figure counts victims of its own: "the toll stood at four dead and six wounded"."""
    expression = counts(sentence)[toll.figure.i] if toll.figure is not None else None
    return expression is not None and any(
        h.victim is not None
        and (
            (e := counts(sentence).get(h.victim.i) or expression_of(h.victim, sentence)) is not None
            and e[0] == expression[0]
        )
        for h in found.values()
    )


def _is_counted_by(harm: Harm, toll: Harm) -> bool:
    """Say whether victims without a figure are those that a toll counts: "the number of people killed reached 12"."""
    if harm.victim is None or harm.quantity is not None:
        return False
    return harm.victim.i == toll.trigger.i or any(a.i == toll.trigger.i for a in harm.victim.ancestors)


def _of_word(token: Token, sentence: Sentence, captivity: bool) -> Iterator[Harm]:
    lemma, form = token.lemma_.lower(), token.lower_
    if token.tag_.startswith("V"):
        yield from _verb(token, lemma, sentence, captivity)
    if form in _book()["states"]:
        yield from _among(token, form)
        yield from _state(token, form, sentence)
    if token.pos_ in {"NOUN", "PROPN"}:
        yield from _nominal(token, lemma, sentence)
        yield from _captives(token, lemma, sentence)
        if form in {"whereabouts", "fate"} and any(
            t.lower_ in {"unknown", "known", "unclear"} for t in sentence.tokens
        ):
            yield from _each("missing", token, list(_of(token)), "missing-whereabouts")
        if form in {"hands", "captivity"}:
            yield from _in_hands(token)
    if form in _book()["tolls"]:
        yield from _toll(token, sentence)


def _book() -> Any:
    return rulebook.load("casualties")


# ---- verbs
def _verb(verb: Token, lemma: str, sentence: Sentence, captivity: bool) -> Iterator[Harm]:
    entry = _verbs().get(lemma)
    if entry is not None and lemma in {"gun", "mow"} and not any(c.lower_ == "down" for c in verb.children):
        entry = None
    if entry is not None:
        victims = _patients(verb) if entry["victim"] == "object" else subjects(verb)
        if entry.get("armed_only"):
            victims = [v for v in victims if status_of(v) == "military" and expression_of(v, sentence)]
        if entry.get("counted_only"):
            victims = [v for v in victims if expression_of(v, sentence)]
        fatal = any(c.lower_ in _book()["fatally"] for c in verb.children)
        yield from _each("killed" if fatal else entry["harm"], verb, victims, entry["id"])
    if lemma in _book()["deadly_verbs"]:
        yield from _to_death(verb)
    if lemma in _book()["claiming"]:
        yield from _lives(verb, lemma, sentence)
    yield from _released(verb, lemma, sentence, captivity)
    if lemma in TELLS:
        yield from _suffered(verb)
    if lemma in {"treat", "take", "rush", "send", "admit", "bring"} and is_passive(verb):
        yield from _in_hospital(verb, sentence)
    if lemma == "burn" and any(c.lower_ == "alive" for c in verb.children):
        yield from _each("killed", verb, _patients(verb), "killed-to-death")
    if lemma == "blow" and any(c.lower_ in {"himself", "herself", "themselves"} for c in verb.children):
        yield from _each("killed", verb, subjects(verb), "killed-self")
    if lemma in {"disappear", "vanish"}:
        yield from _each("missing", verb, subjects(verb), "missing-verb")


def _in_hospital(verb: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read "nineteen people were taken to hospital", "50 were treated for gunshot wounds" as wounded."""
    ends = {o.lemma_.lower() for c in verb.rights if c.dep_ == "prep" and c.lower_ in {"to", "for"} for o in c.children}
    if ends & {"hospital", "clinic", "wound", "injury", "burn"}:
        people = [p for p in subjects(verb) if expression_of(p, sentence)]
        yield from _each("wounded", verb, people, "wounded-hospital")


def _suffered(verb: Token) -> Iterator[Harm]:
    """Read "two policemen suffered gunshot wounds" as wounded."""
    for item in verb.children:
        if item.dep_ == "dobj" and item.lemma_.lower() in {"injury", "wound", "burn"}:
            fatal = any(c.lower_ in {"fatal", "mortal", "lethal"} for c in item.lefts)
            yield from _each("killed" if fatal else "wounded", verb, subjects(verb), "wounded-suffered")


def _each(kind: str, trigger: Token, victims: Iterator[Token] | Sequence[Token], rule_id: str) -> Iterator[Harm]:
    for first in victims:
        if _is_subset(first):
            continue
        for victim in conjuncts(first):
            yield Harm(kind, trigger, victim, rule_id)


def _is_subset(victim: Token) -> bool:
    """Say whether words only describe victims counted before them: "most of them women", "twelve of those"."""
    of = next((c for c in victim.rights if c.lower_ == "of"), None)
    if of is None or not any(c.lower_ in {"them", "those", "whom"} for c in of.children):
        return False
    return victim.lower_ in {"most", "many", "some", "several", "all"} or victim.head.lemma_.startswith("hospitali")


def subjects(verb: Token) -> list[Token]:
    """Return the subjects of a verb: its own, the noun it modifies, or those of the verb it is joined to."""
    own = [c for c in verb.children if c.dep_ in SUBJECTS]
    if own:
        if len(own) == 2 and own[1].ent_type_ == "PERSON" and own[0].pos_ == "NOUN" and not is_plural(own[0]):
            own = own[:1]  # "a conscript, John Doe, was killed": the parser took the apposition for a subject
        if verb.dep_ == "conj" and verb.head.pos_ in {"NOUN", "NUM"} and verb.head.i < own[0].i:
            own = [
                verb.head,
                *own,
            ]  # "he said 30 soldiers and two farmers were hurt": the parser cut the subject in two
        return [_beside_source(_antecedent(s, verb), verb) for s in own]
    if verb.dep_ in {"acl", "relcl"} and verb.head.pos_ in {"NOUN", "PROPN", "NUM", "PRON"}:
        return [verb.head]
    if verb.dep_ in {"conj", "xcomp", "advcl", "oprd", "acomp", "dep"} and verb.head.pos_ in {"VERB", "AUX"}:
        return subjects(verb.head)
    return []


def _beside_source(subject: Token, verb: Token) -> Token:
    """Return the true subject where the parser took the source for it: "According to X, two men were killed"."""
    if subject.pos_ == "PROPN" and any(c.lower_ == "according" for c in verb.lefts):
        return next((c for c in subject.rights if c.dep_ == "appos"), subject)
    return subject


def _antecedent(subject: Token, verb: Token) -> Token:
    """Return what a relative pronoun stands for, else the word itself."""
    if subject.lower_ in RELATIVE and subject.tag_ in {"WP", "WDT", "WP$"}:
        clause = verb
        while clause.dep_ not in {"relcl", "acl"} and clause.head.i != clause.i:
            clause = clause.head
        if clause.dep_ in {"relcl", "acl"}:
            return _one_of(clause.head, verb)
    return subject


def _one_of(noun: Token, verb: Token) -> Token:
    """Return "one" for the noun in "one of its soldiers, who was hurt", as the verb's number asks."""
    counter = noun.head.head
    singular = any(c.lower_ in {"was", "is", "has"} for c in verb.children)
    if singular and noun.tag_ == "NNS" and noun.dep_ == "pobj" and noun.head.lower_ == "of" and counter.lower_ == "one":
        return counter
    return noun


def _patients(verb: Token) -> list[Token]:
    """Return whom a transitive verb befalls: object, subject of the passive, or the noun its participle modifies."""
    if any(c.dep_ == "nsubjpass" for c in verb.children):
        return subjects(verb)
    objects = [
        c
        for c in verb.children
        if c.dep_ in {"dobj", "dative"} or (c.dep_ == "oprd" and c.pos_ in {"NOUN", "NUM", "PROPN"})
    ]
    if objects:
        reflexive = [o for o in objects if o.lower_ in {"himself", "herself", "themselves", "itself"}]
        if reflexive:
            return [*subjects(verb), *(c for c in reflexive[0].rights if c.dep_ == "conj")]
        return [_antecedent(o, verb) for o in objects]
    if is_passive(verb):
        return subjects(verb)
    own = any(c.dep_ in SUBJECTS for c in verb.children)
    if verb.tag_ == "VBN" and verb.head.lemma_ in FINDING and verb.dep_ in {"advcl", "ccomp", "xcomp", "conj", "oprd"}:
        left = subjects(verb) if own else [c for c in verb.head.children if c.dep_ == "dobj"]
        if left:
            return left
    shared = [
        c for j in verb.rights if j.dep_ == "conj" and j.tag_ == verb.tag_ for c in j.children if c.dep_ == "dobj"
    ]
    if shared:
        return shared
    if verb.tag_ in {"VBN", "VBD"}:
        if verb.dep_ == "amod":
            return [verb.head]
        return [s for s in subjects(verb) if s.lower_ not in RELATIVE]
    return []


def is_passive(verb: Token) -> bool:
    """Say whether a verb is passive: by its auxiliary or subject, as a noun's participle, or joined to a passive."""
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
        dead = (child.lower_ == "dead" and verb.lemma_ != "put") or (
            child.lower_ == "to" and any(c.lower_ == "death" for c in child.children)
        )
        if dead:
            yield from _each("killed", verb, _patients(verb) or subjects(verb), "killed-to-death")


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


def _released(verb: Token, lemma: str, sentence: Sentence, captivity: bool) -> Iterator[Harm]:
    """Read captives taken, held or set free: "took two men prisoner", "nine soldiers are held", "freed five"."""
    patients = _patients(verb)
    if lemma in {"take", "hold", "keep"}:
        named = [c for c in verb.children if c.lower_ in _book()["captives"] and c.i > verb.i and not _describes(c)]
        if named:
            others = [v for v in patients if v.i != named[0].i] or (subjects(verb) if verb.tag_ == "VBN" else [])
            yield from _each("captured", verb, others, "captured-held")
        elif lemma == "hold" and is_passive(verb):
            people = [p for p in patients if expression_of(p, sentence) and status_of(p) != "unknown"]
            yield from _each("captured", verb, people, "captured-held")
    elif lemma in _book()["freeing"]:
        freed = captivity and lemma in {"release", "free", "rescue"}
        people = [p for p in patients if freed or _is_captive(noun_of(p)) or _is_captive_soldier(p)]
        yield from _each("captured", verb, people, "captured-freed")


def _is_captive(noun: Token) -> bool:
    """Say whether a noun means captives of a conflict; mere prisoners may be inmates of a jail."""
    if noun.lemma_.lower() in {"prisoner", "detainee"}:
        return any(c.dep_ in {"amod", "nummod", "compound", "poss", "prep"} for c in noun.children)
    return noun.lower_ in _book()["captives"]


def _describes(captive: Token) -> bool:
    """Say whether "prisoner" or "hostage" is itself counted: "took 12 hostages"."""
    return captive.tag_ == "NNS" and captive.dep_ == "dobj"


def _is_captive_soldier(victim: Token) -> bool:
    if victim.lemma_.lower() in {"body", "remains", "corpse"}:
        return False
    return status_of(victim) == "military" and noun_of(victim).tag_ in {"NN", "NNS"}


# ---- states
def _among(token: Token, form: str) -> Iterator[Harm]:
    """Read "among the dead were two children", "the wounded include a priest", "of the dead, 14 were tourists"."""
    kind = _book()["states"][form]
    named = token.head if token.dep_ in {"acl", "amod"} else token  # "among the four people killed"
    link = named.head
    counter = link.head
    if named.dep_ == "pobj" and link.lower_ == "of" and counter.dep_ == "nsubj" and counter.head.lemma_ == "be":
        if counter.pos_ == "NUM":  # "eight of the dead were civilians"
            yield Harm(kind, token, counter, f"{kind}-among", described=next(iter(_attributes(counter.head)), None))
    elif named.dep_ == "pobj" and link.lower_ in {"among", "amongst", "of"}:
        verb = link.head
        if verb.lemma_ in {"be", "include", "number"} and verb.pos_ in {"VERB", "AUX"}:
            parties = [c for c in verb.children if c.dep_ in {"nsubj", "attr", "nsubjpass"} and c.i != named.i]
            yield from _each(kind, token, parties[:1] if link.lower_ == "of" else parties, f"{kind}-among")
    elif token.dep_ == "nsubj" and link.lemma_ in {"include", "be"} and any(c.lower_ == "the" for c in token.lefts):
        yield from _each(kind, token, [c for c in link.children if c.dep_ in {"dobj", "attr"}], f"{kind}-among")


def _attributes(verb: Token) -> list[Token]:
    return [c for c in verb.children if c.dep_ == "attr"]


def _state(token: Token, form: str, sentence: Sentence) -> Iterator[Harm]:
    """Read "12 dead", "the wounded soldier", "left five people injured", "three are missing"."""
    kind, head = _book()["states"][form], token.head
    rule_id = f"{kind}-state"
    if any(c.dep_ == "dobj" for c in token.children):
        return
    if token.pos_ == "VERB" and form in _verb_forms() and any(is_person(noun_of(p)) for p in _patients(token)):
        return
    expression = counts(sentence).get(token.i) or expression_of(token, sentence)
    if token.dep_ == "amod" and token.i < head.i:
        if expression_of(head, sentence) is None and not is_plural(head) and (kind != "missing" or _is_the(head)):
            return  # "the wounded soldier" was told of before
        yield from _each(kind, token, [head], rule_id)
    elif expression is not None and expression[1] < token.i and not _subject_between(token, expression):
        yield Harm(kind, token, token, rule_id, quantity=expression[2])
    elif (
        token.dep_ in {"amod", "acl", "relcl", "appos"}
        and head.lower_ != "as"
        and head.pos_ in {"NOUN", "PROPN", "NUM"}
    ):
        yield from _each(kind, token, [head], rule_id)
    elif token.dep_ not in {"pobj", "nsubj", "dobj"}:
        yield from _each(kind, token, _bearers(token), rule_id)


def _is_the(noun: Token) -> bool:
    return any(c.lower_ in {"the", "this", "that"} for c in noun.lefts)


def _verb_forms() -> frozenset[str]:
    return frozenset({"wounded", "injured", "killed", "captured", "hurt", "kidnapped", "abducted", "slain"})


def _subject_between(token: Token, expression: tuple[int, int, Quantity]) -> bool:
    """Say whether other words than describing ones stand between a figure and a state ("12 people dead")."""
    return any(t.pos_ in {"VERB", "AUX", "NOUN", "PROPN", "PUNCT"} for t in token.doc[expression[1] + 1 : token.i])


def _bearers(token: Token) -> list[Token]:
    """Return of whom a predicate says that they are dead or wounded."""
    holders = [token, *(c for c in token.lefts if c.dep_ in {"aux", "auxpass"})]  # a parser's slip hangs it on "are"
    own = [c for h in holders for c in h.children if c.dep_ in SUBJECTS]
    if own:
        return [_antecedent(s, token) for s in own]
    head = token.head.head if token.head.lower_ == "as" else token.head  # "listed as missing"
    if token.dep_ == "conj" and head.lower_ in _book()["states"]:
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
    if noun.dep_ == "compound" or any(c.lower_ == "toll" for c in noun.doc[noun.i + 1 : noun.i + 2]):
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
                described = named[0] if named else None
                yield Harm(entry["harm"], noun, noun, entry["id"], quantity=VAGUE, described=described)
    else:
        genitive = [c for c in noun.children if c.dep_ == "poss" and is_person(c) and c.pos_ != "PRON"]
        yield from _each(entry["harm"], noun, named or genitive, entry["id"])


def _victim_prepositions(lemma: str) -> frozenset[str]:
    among = {"casualty", "fatality", "loss", "injury", "wound"}
    return (
        frozenset({"among", "amongst", "to", "of", "in"}) if lemma in among else frozenset({"of", "among", "amongst"})
    )


def _human_loss(noun: Token) -> bool:
    beside = {c.lower_ for c in noun.subtree}
    return bool(
        beside
        & {"human", "casualties", "heavy", "troop", "battlefield", "military", "manpower", "personnel", "life", "lives"}
    ) or (
        noun.head.lemma_ in {"suffer", "sustain", "take", "inflict", "incur", "acknowledge", "confirm", "report"}
        and noun.tag_ == "NNS"
        and noun.head.i != noun.i
    )


def _bodies(noun: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read bodies found or handed over as killed."""
    named = [n for n in _of(noun) if is_person(noun_of(n))]
    verb = noun.head
    told = verb.lemma_ in _book()["bodies"]
    if not told:
        return
    if named and (expression_of(named[0], sentence) or expression_of(noun, sentence) is None):
        yield from _each("killed", noun, named, "killed-bodies")
    else:
        yield Harm("killed", noun, noun, "killed-bodies")


def _captives(noun: Token, lemma: str, sentence: Sentence) -> Iterator[Harm]:
    """Read hostages, captives and prisoners of war as captured."""
    of_war = lemma == "prisoner" and any(o.lower_ == "war" for o in _of(noun))
    held = lemma in {"hostage", "captive", "pow"} or of_war
    if lemma in {"prisoner", "detainee"} and expression_of(noun, sentence) is not None:
        exchanged = bool({t.lower_ for t in sentence.tokens} & set(_book()["exchanging"]))
        held = held or exchanged or noun.head.lemma_ in {"hold", "keep"}
    taken = noun.dep_ == "dobj" and noun.head.lemma_ in {"take", "hold", "keep"}
    counted = noun.tag_ == "NNS" or (taken and any(c.dep_ in {"det", "nummod"} for c in noun.lefts))
    about = noun.head.head.lemma_ if noun.dep_ == "pobj" else ""
    if about in _book()["matters"] or (about in _book()["exchanging"] and expression_of(noun, sentence) is None):
        return
    people = [c for c in noun.lefts if c.dep_ == "compound" and is_person(c) and c.tag_ == "NNS"]
    if taken and people:  # "took 240 people hostage"
        yield from _each("captured", noun.head, people, "captured-held")
    elif held and counted and noun.dep_ not in {"compound", "oprd", "acomp", "npadvmod"}:
        yield Harm("captured", noun, noun, "captured-captives")


def _toll(noun: Token, sentence: Sentence) -> Iterator[Harm]:
    """Read "the death toll rose from 12 to 15", "put the toll at 9", "the number of wounded reached 30"."""
    kind = _tolled(noun)
    if kind is None:
        return
    found, doc = counts(sentence), noun.doc
    start = max(sentence.tokens.start, noun.i - 6) if noun.head.lemma_ == "bring" else noun.i + 1
    for i in range(start, min(sentence.tokens.end, noun.i + 24)):
        if i not in found or found[i][0] != i:
            continue
        lead, counted = doc[i - 1], found[i][2]
        if lead.lemma_.lower() in _book()["toll_more"] and counted.low is not None:
            yield Harm(kind, noun, None, "toll", quantity=bounds(counted.low, "more_than"), figure=doc[i])
            return
        if {lead.lower_, lead.lemma_.lower()} & set(_book()["toll_leads"]):
            yield Harm(kind, noun, None, "toll", quantity=counted, figure=doc[i])
            return


def _tolled(noun: Token) -> str | None:
    """Return the harm that a toll counts, None where it counts something else."""
    if noun.lower_ in {"losses", "casualties", "fatalities", "deaths"}:
        return "killed" if noun.head.lemma_ in _book()["toll_verbs"] else None
    if noun.lower_ in {"toll", "tally"}:
        return "killed"
    if noun.lower_ in _book()["states"]:
        return _book()["states"][noun.lower_] if noun.head.lemma_ in {"put", "estimate", "place"} else None
    kinds = _book()["states"] | _book()["tolled"]
    inside = [t for t in noun.subtree if noun.i < t.i < noun.i + 8]
    return next((kinds[t.lower_] for t in inside if t.lower_ in kinds), None)


def _in_hands(noun: Token) -> Iterator[Harm]:
    """Read "12 men in Gondorian hands", "nine are in captivity"."""
    link = noun.head
    if noun.dep_ != "pobj" or link.lower_ != "in":
        return
    owned = noun.lower_ == "captivity" or any(
        c.dep_ in {"amod", "poss", "compound"} or c.lower_ == "of" for c in noun.children
    )
    if owned and link.head.pos_ in {"NOUN", "PROPN", "NUM"}:
        yield from _each("captured", noun, [link.head], "captured-hands")
    elif owned and link.head.lemma_ in {"be", "remain", "hold", "keep", "languish"}:
        yield from _each("captured", noun, subjects(link.head), "captured-hands")


# ---- what other harms of the sentence imply
def _parted(found: Mapping[tuple[str, int], Harm], sentence: Sentence) -> Iterator[Harm]:
    """Read the parts of a total: "nine people - seven villagers and two soldiers - were killed"."""
    for harm in list(found.values()):
        if harm.victim is None or expression_of(harm.victim, sentence) is None:
            continue
        for child in harm.victim.rights:
            subset = child.pos_ == "NUM" and any(c.lower_ == "of" for c in child.children)
            told = child.doc[child.i + 1 : child.i + 2].text.lower() in _book()["states"]
            apart = child.dep_ == "appos" and child.i > harm.victim.i + 1 and not told
            own = [c for c in child.lefts if c.dep_ == "nsubj" and c.i in counts(sentence)]
            if own and status_of(child) != "unknown" and status_of(harm.victim) == "unknown":
                yield Harm(harm.kind, harm.trigger, own[0], "part", described=child)  # "12 of them soldiers"
            elif apart and not subset and expression_of(child, sentence):
                yield from _each(harm.kind, harm.trigger, [child], "part")


def _counted_beside(found: Mapping[tuple[str, int], Harm], sentence: Sentence) -> Iterator[Harm]:
    """Read a figure right before or after a word of harm that the parse gave no victims: "and over 40 injured"."""
    used = {h.trigger.i for h in found.values()} | {h.victim.i for h in found.values() if h.victim is not None}
    expressions, doc = counts(sentence), sentence.tokens.doc
    for token in sentence.tokens:
        kind = _book()["beside"].get(token.lower_)
        if kind is None or token.i in used:
            continue
        before = expressions.get(token.i - 1) or expressions.get(token.i - 2)
        after = expressions.get(token.i + 1)
        if (
            before
            and token.tag_ != "VBG"
            and not any(t.is_punct or t.pos_ == "VERB" for t in doc[before[1] + 1 : token.i])
        ):
            yield Harm(kind, token, doc[before[1]], f"{kind}-beside", quantity=before[2])
        elif (
            token.lemma_ == "injury"
            and doc[token.i + 1 : token.i + 2].text == "to"
            and (to := expressions.get(token.i + 2))
        ):
            yield Harm(kind, token, doc[to[1]], f"{kind}-beside", quantity=to[2])
        elif after and token.tag_ in {"VBD", "VBG", "VBN"} and not is_passive(token):
            yield Harm(kind, token, doc[after[1]], f"{kind}-beside", quantity=after[2])


def _elliptical(found: Mapping[tuple[str, int], Harm], sentence: Sentence) -> Iterator[Harm]:
    """Read a figure that goes on from the one before.

    "10 soldiers dead on one side and 24 on the other", "Gondor reported 71 dead and Arnor 105".
    """
    doc = sentence.tokens.doc
    told = [h for h in found.values() if h.victim is not None and expression_of(h.victim, sentence)]
    for first, last, _ in {e[0]: e for e in counts(sentence).values()}.values():
        before = [h for h in told if h.victim is not None and h.victim.i < first]
        if not before or first - sentence.tokens.start < 2 or doc[last].pos_ != "NUM":
            continue
        harm, link = before[-1], doc[first - 1]
        placed = link.text in {"and", ","} and doc[last + 1 : last + 2].text in {"on", "in"}
        if placed and any(t.lower_ in {"on", "in"} for t in doc[harm.trigger.i : first]):
            yield Harm(harm.kind, harm.trigger, doc[last], "part")
        owner = doc[first - 2] if link.lower_ in {"of", "at"} else link
        gap = doc[last + 1 : last + 2].text in {".", ",", ";", ""}
        if owner.ent_type_ in {"GPE", "NORP"} and doc[owner.i - 1].text in {"and", ",", "while"} and gap:
            yield Harm(harm.kind, harm.trigger, doc[last], "part", described=owner)


@cache
def _verbs() -> Mapping[str, dict[str, Any]]:
    return {word: entry for entry in _book()["verbs"] for word in entry["words"]}


@cache
def _nouns() -> Mapping[str, dict[str, Any]]:
    return {word: entry for entry in _book()["nominals"] for word in entry["words"]}


@cache
def _gate() -> re.Pattern[str]:
    """Match what any wording of harm contains; most sentences end here."""
    return re.compile(_book()["gate"])
