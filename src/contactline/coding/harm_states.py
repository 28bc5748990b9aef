"""Harm that states tell: "12 dead", "the wounded", "three are missing"."""

from collections.abc import Iterator

from contactline.coding.harmed import Harm, antecedent, book, each, is_passive, patients, subjects
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import conjuncts, counts, expression_of, is_demographic, is_person, is_plural, noun_of
from contactline.reading.quantities import Quantity

COPULAS = {"be", "remain", "lie", "go", "become", "get", "feel"}
SUBJECTS = {"nsubj", "nsubjpass"}


def told_among(token: Token, form: str) -> Iterator[Harm]:
    """Read "among the dead were two children", "the wounded include a priest", "of the dead, 14 were tourists"."""
    kind = book()["states"][form]
    named = token.head if token.dep_ in {"acl", "amod"} else token  # "among the four people killed"
    link = named.head
    counter = link.head
    if named.dep_ == "pobj" and link.lower_ == "of" and counter.dep_ == "nsubj" and counter.head.lemma_ == "be":
        described = next(_predicates(counter.head), None)
        if counter.pos_ == "NUM" and described is not None:
            yield Harm(kind, token, counter, f"{kind}-among", described=described)  # "eight of the dead were civilians"
    elif named.dep_ == "pobj" and link.lower_ in {"among", "amongst", "of"}:
        verb = link.head
        if verb.lemma_ in {"be", "include", "number"} and verb.pos_ in {"VERB", "AUX"}:
            parties = [c for c in verb.children if c.dep_ in {"nsubj", "attr", "nsubjpass"} and c.i != named.i]
            parties = parties[:1] if link.lower_ == "of" else parties
            yield from each(kind, token, [p for p in parties if not _is_breakdown(p)], f"{kind}-among")
    elif token.dep_ == "nsubj" and link.lemma_ in {"include", "be"} and any(c.lower_ == "the" for c in token.lefts):
        parties = [c for c in link.children if c.dep_ in {"dobj", "attr"} and not _is_breakdown(c)]
        yield from each(kind, token, parties, f"{kind}-among")


def _is_breakdown(first: Token) -> bool:
    """Say whether victims are only told by sex, which makes no claims of their own: "12 men and seven women"."""
    nouns = list(conjuncts(first))
    return all(map(is_demographic, nouns)) and any(noun.lower_ in {"men", "women"} for noun in nouns)


def _predicates(verb: Token) -> Iterator[Token]:
    """Yield what a verb says that somebody is: "were civilians", "were Gondorian", "were from Gondor"."""
    for child in verb.children:
        if child.dep_ in {"attr", "acomp"}:
            yield child
        elif child.dep_ == "prep" and child.lower_ == "from":
            yield from child.children


def told_by_state(token: Token, form: str, sentence: Sentence) -> Iterator[Harm]:
    """Read "12 dead", "the wounded soldier", "left five people injured", "three are missing"."""
    kind, head = book()["states"][form], token.head
    rule_id = f"{kind}-state"
    if any(c.dep_ == "dobj" for c in token.children):
        return
    if token.pos_ == "VERB" and form in _verb_forms() and any(is_person(noun_of(p)) for p in patients(token)):
        return
    expression = counts(sentence).get(token.i) or expression_of(token, sentence)
    if token.dep_ == "amod" and token.i < head.i:
        if expression_of(head, sentence) is None and not is_plural(head) and (kind != "missing" or _is_the(head)):
            return  # "the wounded soldier" was told of before
        yield from each(kind, token, [head], rule_id)
    elif expression is not None and expression[1] < token.i and not _subject_between(token, expression):
        yield Harm(kind, token, token, rule_id, quantity=expression[2])
    elif (
        token.dep_ in {"amod", "acl", "relcl", "appos"}
        and head.lower_ != "as"
        and head.pos_ in {"NOUN", "PROPN", "NUM"}
    ):
        yield from each(kind, token, [head], rule_id)
    elif token.dep_ not in {"pobj", "nsubj", "dobj"}:
        yield from each(kind, token, _bearers(token), rule_id)


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
        return [antecedent(s, token) for s in own]
    head = token.head.head if token.head.lower_ == "as" else token.head  # "listed as missing"
    if token.dep_ == "conj" and head.lower_ in book()["states"]:
        return _bearers(head)
    if head.pos_ not in {"VERB", "AUX"}:
        return []
    objects = [c for c in head.children if c.dep_ == "dobj" and c.i != token.i]
    if objects and head.lemma_ not in COPULAS:
        return objects
    return [s for s in subjects(head) if head.lemma_ in COPULAS or is_passive(head)]
