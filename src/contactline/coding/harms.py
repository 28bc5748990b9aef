"""What befell whom: from the parse of a sentence to (harm, victims) pairs, one function a kind of wording."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from contactline.coding.harm_nouns import (
    nominals,
    told_by_noun,
    told_by_toll,
    told_in_hands,
    told_of_captives,
    told_of_whereabouts,
)
from contactline.coding.harm_states import told_among, told_by_state
from contactline.coding.harm_verbs import told_by_verb
from contactline.coding.harmed import Harm, book, each, is_passive
from contactline.reading.language import Sentence, Token
from contactline.reading.persons import (
    counts,
    expression_of,
    is_person,
    is_thing,
    noun_of,
    status_of,
)

PLURALS = {"NNS", "NNPS", "CD"}
STRONG = {"killed-verb", "killed-subject", "wounded-verb", "killed-state", "wounded-state", "killed-to-death", "part"}


def harms(sentence: Sentence, captivity: bool = False) -> list[Harm]:
    """Return the harms that a sentence tells of, in reading order, each victim once.

    Args:
        sentence: the sentence.
        captivity: the article tells of captives, so that whoever is freed was one.
    """
    if not gate().search(sentence.tokens.text.lower()):
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
    victims = [h.victim for h in found.values() if h.victim is not None and h.rule_id != "captured-captives"]
    told = {t.i for v in victims for t in (v, noun_of(v))}
    for key in [k for k, h in found.items() if h.rule_id == "captured-captives" and k[1] in told]:
        del found[key]  # "executed 12 captives" tells of the killed
    killed = {key[1] for key in found if key[0] == "killed"}
    for key in [k for k, h in found.items() if k[0] == "captured" and k[1] in killed and h.trigger.dep_ == "amod"]:
        del found[key]  # "executed six captured soldiers"
    for toll in [h for h in found.values() if h.figure is not None]:
        for key in [k for k, h in found.items() if h is not toll and h.kind == toll.kind and _is_counted_by(h, toll)]:
            del found[key]
    return [found[key] for key in sorted(found, key=lambda key: key[1])]


def _keep(harm: Harm, found: dict[tuple[str, int], Harm], sentence: Sentence) -> None:
    """Add a harm to those found, unless its victims are things or are told already."""
    if harm.victim is None:
        figures = {h.figure.i for h in found.values() if h.figure is not None}
        if harm.figure is None or harm.figure.i not in figures:
            found.setdefault((harm.kind, harm.trigger.i), harm)
        return
    if (harm.kind, harm.victim.i) in found or _is_of_other_kind(harm):
        return
    noun = noun_of(harm.victim)
    counted = expression_of(harm.victim, sentence)
    if counted is None and noun.lemma_.lower() in nominals() and harm.victim.i != harm.trigger.i:
        return
    if (
        harm.victim.i == harm.trigger.i
        or is_person(noun)
        or (harm.rule_id in STRONG and counted and noun.tag_ in PLURALS and not is_thing(noun))
    ):
        told = {h.victim.i for (kind, _), h in found.items() if kind == harm.kind and h.victim is not None}
        if harm.victim.i not in told and not (counted and told & set(range(counted[0], counted[1] + 1))):
            found[harm.kind, harm.victim.i] = harm


def _is_of_other_kind(harm: Harm) -> bool:
    """Say whether victims are called by another harm: the dead in "14 dead and 52 injured" are not injured."""
    if harm.victim is None or harm.victim.i == harm.trigger.i:
        return False
    kinds: dict[str, str] = book()["states"]
    return kinds.get(harm.victim.lower_, harm.kind) != harm.kind


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
        yield from told_by_verb(token, lemma, sentence, captivity)
    if form in book()["states"]:
        yield from told_among(token, form)
        yield from told_by_state(token, form, sentence)
    if token.pos_ in {"NOUN", "PROPN"}:
        yield from told_by_noun(token, lemma, sentence)
        yield from told_of_captives(token, lemma, sentence)
        if form in {"whereabouts", "fate"}:
            yield from told_of_whereabouts(token, sentence)
        if form in {"hands", "captivity"}:
            yield from told_in_hands(token)
    if form in book()["tolls"]:
        yield from told_by_toll(token, sentence)


def _parted(found: Mapping[tuple[str, int], Harm], sentence: Sentence) -> Iterator[Harm]:
    """Read the parts of a total: "nine people - seven villagers and two soldiers - were killed"."""
    for harm in list(found.values()):
        if harm.victim is None or expression_of(harm.victim, sentence) is None:
            continue
        for child in harm.victim.rights:
            subset = child.pos_ == "NUM" and any(c.lower_ == "of" for c in child.children)
            told = child.doc[child.i + 1 : child.i + 2].text.lower() in book()["states"]
            apart = child.dep_ == "appos" and child.i > harm.victim.i + 1 and not told and not _is_within(harm, child)
            own = [c for c in child.lefts if c.dep_ == "nsubj" and c.i in counts(sentence)]
            if own and status_of(child) != "unknown" and status_of(harm.victim) == "unknown":
                yield Harm(harm.kind, harm.trigger, own[0], "part", described=child)  # "12 of them soldiers"
            elif apart and not subset and expression_of(child, sentence):
                yield from each(harm.kind, harm.trigger, [child], "part")


def _is_within(harm: Harm, child: Token) -> bool:
    """Say whether a phrase only describes some of the victims: "among them 16 women", "including two children"."""
    if harm.victim is None:
        return False
    before = {t.lower_ for t in child.doc[harm.victim.i + 1 : child.i]}
    return bool(before & {"among", "including", "includes", "included"})


def _counted_beside(found: Mapping[tuple[str, int], Harm], sentence: Sentence) -> Iterator[Harm]:
    """Read a figure right before or after a word of harm that the parse gave no victims: "and over 40 injured"."""
    used = {h.trigger.i for h in found.values()} | {h.victim.i for h in found.values() if h.victim is not None}
    expressions, doc = counts(sentence), sentence.tokens.doc
    for token in sentence.tokens:
        kind = book()["beside"].get(token.lower_)
        if kind is None or token.i in used:
            continue
        joined = token.i > 0 and doc[token.i - 1].lower_ in {"and", "or", "but"}
        before = expressions.get(token.i - 1) or (None if joined else expressions.get(token.i - 2))
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
def gate() -> re.Pattern[str]:
    """Match what any wording of harm contains; most sentences end here."""
    return re.compile(book()["gate"])
