"""The positions that what somebody says takes by its own words: "Gondor must withdraw", "we will respond"."""

from collections.abc import Iterator, Sequence

from contactline.coding.towards import (
    CLOSE,
    PLACES,
    Position,
    aimed,
    book,
    counterparts,
    is_unnamed,
    lists,
    main_group,
    others,
    pair,
    takes_part,
)
from contactline.reading import attribution, sayings
from contactline.reading.actors import Actor
from contactline.reading.article import Reading
from contactline.reading.conflict import article_in_conflict
from contactline.reading.language import Sentence, Token
from contactline.reading.sayings import FIRST_PERSON, HE, IT, Saying

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
FULL = {
    "wo": "will",
    "'ll": "will",
    "’ll": "will",
    "shall": "will",
    "sha": "will",
    "'d": "would",
    "’d": "would",
    "ca": "can",
}


def reported(reading: Reading) -> Iterator[Position]:
    """Yield the positions that reported clauses and quotes take by their own words."""
    said = sayings.sayings(reading)
    nouns = frozenset().union(*(lists()[name] for name in ("strong_nouns", "attacks", "names")))
    for sentence in reading.sentences:
        contents = [saying.content for saying in said.get(sentence.paragraph, ())]
        told = frozenset().union(*contents) if contents else frozenset()
        start, end = sentence.tokens.start, sentence.tokens.end
        for i in range(start, end) if told else ():
            token = sentence.tokens.doc[i]
            if i in told and (token.pos_ in {"VERB", "AUX"} or (token.pos_ == "NOUN" and token.lemma_ in nouns)):
                yield from _taken(token, sentence, reading)


def _taken(token: Token, sentence: Sentence, reading: Reading) -> Iterator[Position]:
    saying = sayings.saying_of(token, sentence, reading)
    speakers = _speakers(saying, reading) if saying is not None else ()
    if speakers:
        find = _noun if token.pos_ == "NOUN" else _clause
        yield from find(token, Clause(token, speakers, sentence, reading))


def _speakers(saying: Saying, reading: Reading) -> Sequence[Actor]:
    return [a for a in attribution.named(saying.speaker, saying.sentence, reading) if takes_part(a)]


class Clause:
    """A verb of a reported clause, with whom it is about seen from the speaker's side."""

    def __init__(self, verb: Token, speakers: Sequence[Actor], sentence: Sentence, reading: Reading) -> None:
        self.verb = verb
        self.speakers = speakers
        self.sentence = sentence
        self.reading = reading
        self.subject = _subject(verb) if verb.pos_ != "NOUN" else None
        self.auxiliaries = frozenset(FULL.get(t.lower_, t.lower_) for t in verb.children if t.dep_ == "aux")
        self.negated = any(t.dep_ == "neg" for t in verb.children)
        self.passive = self.subject is not None and self.subject.dep_ == "nsubjpass"
        lower = self.subject.lower_ if self.subject is not None else ""
        owners = [t for t in self.subject.children if t.dep_ == "poss"] if self.subject is not None else []
        told = lower in FIRST_PERSON or (lower in HE | IT and self._is_speaker())
        told = told or any(t.lower_ in FIRST_PERSON or (t.lower_ in HE | IT and self._is_speaker()) for t in owners)
        about = aimed(self.subject, sentence, reading, reach=CLOSE) if self.subject is not None and not told else ()
        if not about and not told and self.subject is not None and self.subject.lemma_.lower() in lists()["forces"]:
            about = aimed(self.subject, sentence, reading)
        enemy = lower == "they" and not told and sayings.is_quoted(verb)
        if enemy or (not about and self.subject is not None and self.subject.lemma_.lower() in lists()["strangers"]):
            about = main_group(speakers[0], reading) or counterparts(speakers[0], sentence, reading)
        nameless = self.subject is not None and self.subject.lemma_.lower() in book()["nameless_groups"]
        if not about and nameless and self.subject is not None and verb.dep_ != "relcl":
            about = [Actor(attribution.phrase(self.subject), "armed_group")]
        self.unnamed = self.subject is not None and is_unnamed(self.subject) and lower not in IT
        self.others = others(about, speakers[0])
        self.own = told or (bool(about) and not self.others)

    def _is_speaker(self) -> bool:
        """Say whether a pronoun is who speaks: nobody else is named before it in what is said, and it is no quote."""
        saying = sayings.saying_of(self.verb, self.sentence, self.reading)
        if self.subject is None or saying is None or sayings.is_quoted(self.verb):
            return False
        doc = self.sentence.tokens.doc
        start = doc[min(saying.content)].idx
        between = [m for m in self.reading.named[self.sentence.paragraph] if start <= m.start < self.subject.idx]
        return not others([m.actor for m in between], self.speakers[0])

    def position(self, kind: str, targets: Sequence[Actor], rule: str) -> Position:
        """Return a position that this clause takes."""
        return Position(kind, self.verb, self.speakers, targets, rule, self.sentence)

    def within(self, reach: int = 5) -> Sequence[Actor]:
        """Return the other side that the clause names behind its verb, tied to it as loosely as `reach` says."""
        for child in self.verb.children:
            if child.i > self.verb.i and (
                found := others(aimed(child, self.sentence, self.reading, reach, self.speakers[0]), self.speakers[0])
            ):
                return found
        return ()

    def both(self) -> Sequence[Actor]:
        """Return the sides that the verb's object means without naming them."""
        unnamed = any(is_unnamed(t) for t in self.verb.children if t.dep_ in {"dobj", "dative"})
        return pair(self.speakers, self.reading) if unnamed else ()

    def wished(self) -> Sequence[Actor]:
        """Return the other side that is wished to do something: "we want Gondor to withdraw"."""
        wishes = [w for w in self.verb.children if w.dep_ == "ccomp"]
        subjects = [t for wish in wishes for t in wish.children if t.dep_ in SUBJECTS]
        if any(is_unnamed(t) for t in subjects):
            return pair(self.speakers, self.reading)
        return others([a for t in subjects for a in aimed(t, self.sentence, self.reading)], self.speakers[0])

    def anyone(self) -> Sequence[Actor]:
        """Return the other side that the clause or, failing that, the text around it is about."""
        return self.others or self.within() or counterparts(self.speakers[0], self.sentence, self.reading)


def _subject(verb: Token) -> Token | None:
    for _ in range(4):
        subject = next((t for t in verb.children if t.dep_ in SUBJECTS), None)
        if subject is not None:
            relative = subject.lower_ in {"who", "which", "that"} and verb.dep_ == "relcl"
            return verb.head if relative else subject
        if verb.dep_ == "acl" and verb.head.dep_ not in {"attr", "oprd"}:
            return verb.head
        if verb.dep_ not in {"conj", "xcomp", "acomp", "attr", "oprd", "acl", "pcomp"}:
            return None
        verb = verb.head.head if verb.dep_ == "pcomp" else verb.head
    return None


def _clause(verb: Token, clause: Clause) -> Iterator[Position]:
    words = lists()
    if _is_conditional(verb):
        return
    lemma = verb.lemma_
    complement = {t.lemma_.lower() for t in verb.subtree if t.i > verb.i}
    if clause.auxiliaries & words["obligations"] or _obliging(verb) or _is_demanded(verb, clause):
        if clause.others or clause.unnamed:
            if "have" not in clause.auxiliaries:
                targets = clause.others if not clause.unnamed else pair(clause.speakers, clause.reading)
                yield clause.position("urge", targets, "content-urge")
        elif clause.subject is not None and clause.subject.lemma_.lower() in words["world"] and not clause.own:
            yield clause.position("urge", clause.anyone(), "content-urge-world")
        elif not clause.own and (clause.passive or lemma in words["endings"] or complement & words["endings"]):
            yield clause.position("urge", clause.anyone(), "content-urge-end")
    elif clause.own and clause.passive and clause.negated and lemma in words["unbowed"]:
        yield clause.position("deny", clause.anyone(), "content-unbowed")
    elif clause.own and lemma in words["dismaying"]:
        yield clause.position("condemn", clause.anyone(), "content-dismay")
    elif clause.passive and clause.others and clause.auxiliaries & {"will", "would"}:
        if lemma in words["retaliation"]:
            yield clause.position("threaten", clause.others, "content-warn")
    elif clause.passive and clause.others and clause.negated and lemma in words["distrusted"]:
        yield clause.position("condemn", clause.others, "content-distrust")
    elif clause.passive:
        agents = _agents(clause)
        if agents and lemma in words["hostile"] | words["hostile_with_object"] and not clause.negated:
            yield clause.position("accuse", agents, "content-agent")
    elif clause.others:
        yield from _told_of_others(clause, lemma, complement)
    elif clause.own:
        yield from _told_of_self(clause, lemma, complement)
    elif clause.subject is not None and (
        (lemma in words["damaging"] and not clause.negated and (lemma == "amount" or not clause.auxiliaries))
        or (lemma in words["serving"] and clause.negated)
    ):
        yield clause.position("accuse", clause.anyone(), "content-damage")
    elif verb.tag_ == "VB" and clause.subject is None and verb.dep_ == "ROOT" and lemma in words["endings"]:
        yield clause.position("urge", clause.anyone(), "content-imperative")
    subject = clause.subject.lemma_ if clause.subject is not None else ""
    if lemma == "come" and _under(verb) & words["attacks"]:
        yield clause.position("accuse", clause.others or clause.within(), "content-under-fire")
    if lemma in {"rest", "lie", "fall"} and subject in {"responsibility", "blame"}:
        yield clause.position("accuse", clause.within(), "content-blame")
    unfounded = clause.negated and lemma in words["corresponding"] and complement & words["unfounded_nouns"]
    if unfounded or (lemma in {"have", "be"} and any(_is_nothing(t) for t in verb.children)):
        yield clause.position("deny", clause.anyone(), "content-nothing")
    if subject in words["replies"] and lemma in {"come", "follow", "be"} and clause.auxiliaries & {"will", "would"}:
        yield clause.position("threaten", clause.anyone(), "content-response")
    if lemma == "pay" and clause.auxiliaries & {"will", "would"} and not clause.own and not clause.others:
        yield clause.position("threaten", clause.anyone(), "content-warn")
    if subject == "option" and "table" in complement:
        yield clause.position("threaten", clause.anyone(), "content-options")
    if lemma in {"be", "remain", "stay"}:
        yield from _judgement(clause)
        yield from _warning(clause, complement)


def _under(verb: Token) -> set[str]:
    """Return under what something comes: "came under fire"."""
    return {t.lemma_ for c in verb.children if c.dep_ == "prep" and c.lower_ == "under" for t in c.children}


def _agents(clause: Clause) -> Sequence[Actor]:
    """Return the other side by whom something is said to be done: "was shot down by Gondor's army"."""
    agents = [t for a in clause.verb.children if a.dep_ == "agent" for t in a.children if t.dep_ == "pobj"]
    if any(t.lemma_ in lists()["attacks"] for t in agents):  # "killed by fire from the Gondorian side"
        agents += [t for p in clause.verb.children if p.lower_ == "from" for t in p.children if t.dep_ == "pobj"]
    return [
        actor
        for agent in agents
        for actor in others(aimed(agent, clause.sentence, clause.reading, reach=CLOSE), clause.speakers[0])
    ]


def _is_conditional(verb: Token) -> bool:
    """Say whether a clause is a condition: "if Gondor attacked", "should Gondor attack"."""
    subject = next((t.i for t in verb.children if t.dep_ in SUBJECTS), verb.i)
    if any(t.lower_ == "should" and t.dep_ == "aux" and t.i < subject for t in verb.children):
        return True
    for token in (verb, verb.head):
        if any(
            t.dep_ in {"mark", "advmod"} and t.lower_ in {"if", "unless", "whether", "should"} for t in token.children
        ):
            return True
    return False


def _is_demanded(verb: Token, clause: Clause) -> bool:
    """Say whether a clause tells what somebody is to do: "insisted that Gondor withdraw"."""
    that = any(t.dep_ == "mark" and t.lower_ == "that" for t in verb.children)
    return that and verb.dep_ == "ccomp" and verb.tag_ == "VB" and not clause.auxiliaries and not clause.negated


def _obliging(verb: Token) -> bool:
    return verb.lemma_ in lists()["obliging"] and any(t.dep_ == "xcomp" for t in verb.children)


def _told_of_others(clause: Clause, lemma: str, complement: set[str]) -> Iterator[Position]:
    words = lists()
    if clause.auxiliaries & {"will", "would"}:
        if lemma in words["suffering"] and (complement & words["retaliation_nouns"] or lemma in {"pay", "regret"}):
            yield clause.position("threaten", clause.others, "content-warn")
        return
    if clause.auxiliaries & {"could", "may", "might", "can"}:
        return
    if _is_asked(clause.verb) or _is_aside(clause.verb):
        return
    if lemma in words["shown"] and _lacks(clause.verb):
        yield clause.position("accuse", clause.others, "content-lacking")
        return
    if clause.negated:
        if lemma in words["owed"]:
            yield clause.position("accuse", clause.others, "content-owed")
        return
    things = {t.lemma_.lower() for t in clause.verb.subtree if t.i > clause.verb.i and t.pos_ in {"NOUN", "PROPN"}}
    grave = (lemma in words["hostile_with_object"] and things & words["objects"]) or (
        lemma in words["light"] and _things(clause.verb) & (words["light_objects"] | words["strong_nouns"])
    )
    warlike = lemma in {"want", "seek", "need"} and _things(clause.verb) & words["warlike"]
    named = clause.subject is not None and clause.subject.pos_ != "PRON"
    if named and lemma == "have" and {"right", "defend"} <= complement:
        yield clause.position("support", clause.others, "content-right")
    aimed_fire = lemma in {"fire", "shoot"} and any(t.lower_ in {"at", "on", "first"} for t in clause.verb.children)
    struck = lemma in words["violent"] and not _things(clause.verb) & words["figures"]
    if lemma in words["hostile"] or grave or aimed_fire or struck or warlike:
        yield clause.position("accuse", clause.others, "content-accuse")
    elif (lemma in {"bear", "hold", "share"} and "responsibility" in complement) or (
        lemma == "be" and complement & words["guilty"]
    ):
        yield clause.position("accuse", clause.others, "content-guilty")


def _is_aside(verb: Token) -> bool:
    """Say whether a deed only says when something was: "after Gondor attacked"."""
    times = lists()["times"]
    return verb.dep_ == "advcl" and any(t.dep_ in {"mark", "advmod"} and t.lower_ in times for t in verb.children)


def _is_asked(verb: Token) -> bool:
    """Say whether a deed is one that the other side is asked to leave: "should stop interfering"."""
    if verb.dep_ not in {"xcomp", "pcomp"}:
        return False
    above = verb.head if verb.dep_ == "xcomp" else verb.head.head
    return any(t.dep_ == "aux" and t.lower_ in lists()["obligations"] for t in above.children)


def _lacks(verb: Token) -> bool:
    """Say whether a verb's object is the lack of something owed: "has shown no interest"."""
    objects = [t for t in verb.children if t.dep_ == "dobj"]
    return any(
        t.lemma_ in lists()["good_will"] and any(c.lower_ in {"no", "little"} for c in t.children) for t in objects
    )


def _things(verb: Token) -> set[str]:
    return {
        t.lemma_.lower()
        for child in verb.children
        if child.dep_ in {"dobj", "prep", "prt"}
        for t in (child, *child.children)
        if t.dep_ in {"dobj", "pobj"}
    }


def _told_of_self(clause: Clause, lemma: str, complement: set[str]) -> Iterator[Position]:
    words = lists()
    ahead = clause.auxiliaries & {"will", "would"} or _is_ready(clause.verb)
    threatening = lemma == "reserve" and "right" in complement
    if threatening or ((ahead or "can" in clause.auxiliaries) and _on_condition(clause)):
        yield clause.position("threaten", clause.anyone(), "content-if")
    elif not clause.negated and clause.auxiliaries & {"may", "might", "could"} and _things(clause.verb) & words["arms"]:
        yield clause.position("threaten", clause.anyone(), "content-may")
    elif ahead and clause.negated and lemma in {"back", "give", "step"} and _drops(clause.verb):
        yield clause.position("threaten", clause.anyone(), "content-no-way-back")
    elif ahead and lemma == "know" and complement & words["retaliation"]:
        yield clause.position("threaten", clause.anyone(), "content-know-how")
    elif ahead and clause.negated and (lemma in words["refusal"] or (lemma == "take" and "part" in complement)):
        yield clause.position("deny", clause.anyone(), "content-refuse")
    elif ahead and not clause.negated and _things(clause.verb) & words["penalties"]:
        yield clause.position("announce", clause.within(PLACES) or clause.anyone(), "content-penalty")
    elif (ahead and lemma in (words["tolerance"] if clause.negated else words["retaliation"])) or (
        ahead and not clause.negated and _things(clause.verb) & words["retaliation_nouns"]
    ):
        yield clause.position("threaten", clause.anyone(), "content-threaten")
    elif ahead and not clause.negated and lemma in words["backing"]:
        yield clause.position("support", clause.within() or clause.both(), "content-support")
    elif ahead and not clause.negated and lemma not in words["states"] and not _goes_on_backing(clause.verb):
        targets = clause.within(PLACES)
        if not targets and lemma in words["steps"] and article_in_conflict(clause.reading):
            targets = clause.anyone()
        yield clause.position("announce", targets, "content-announce")
    elif not clause.negated and _is_measure(clause, lemma) and _is_towards(clause):
        yield clause.position("announce", clause.within(PLACES) or clause.anyone(), "content-measure")
    elif clause.negated and _is_disowned(clause, lemma, complement):
        yield clause.position("deny", clause.anyone(), "content-deny")
    elif clause.negated and lemma in words["distrusted"]:
        yield clause.position("condemn", clause.within(), "content-distrust")
    elif lemma == "look" and "forward" in complement and clause.within(PLACES):
        yield clause.position("announce", clause.within(PLACES), "content-look-forward")
    elif lemma in words["wishing"]:
        yield clause.position("urge", clause.wished(), "content-wish")


def _goes_on_backing(verb: Token) -> bool:
    return any(t.dep_ == "xcomp" and t.lemma_ in lists()["backing"] for t in verb.children)


def _is_towards(clause: Clause) -> bool:
    """Say whether a step is one towards another side, which it names or which a word such as sanctions implies."""
    return bool(clause.within(PLACES) or _things(clause.verb) & lists()["announced"])


def _drops(verb: Token) -> bool:
    """Say whether a verb means to yield: "back down", "give in"."""
    return any(t.dep_ == "prt" and t.lower_ in {"down", "in", "up", "back"} for t in verb.children)


def _is_measure(clause: Clause, lemma: str) -> bool:
    """Say whether a step is under way or just taken: "it was suspending its truce", "has imposed sanctions"."""
    under_way = clause.verb.tag_ == "VBG" and any(t.dep_ == "aux" for t in clause.verb.children)
    saying = sayings.saying_of(clause.verb, clause.sentence, clause.reading)
    announced = saying is not None and saying.verb.lemma_ == "announce"
    return under_way and (announced or lemma in lists()["measures"])


def _is_disowned(clause: Clause, lemma: str, complement: set[str]) -> bool:
    """Say whether the speaker's side is said not to do harm, or not to seek it."""
    if lemma in {"seek", "want", "intend", "plan", "pose"} and complement & lists()["peaceful"]:
        return True
    return lemma in lists()["hostile"] and not clause.auxiliaries & {"will", "would"}


def _on_condition(clause: Clause) -> bool:
    """Say whether what the speaker will do hangs on what the other side does: "if Gondor attacks, we will ..."."""
    for condition in clause.verb.children:
        if condition.dep_ == "advcl" and any(
            t.dep_ == "mark" and t.lower_ in {"if", "unless"} for t in condition.children
        ):
            subject = next((t for t in condition.children if t.dep_ in SUBJECTS), None)
            about = aimed(subject, clause.sentence, clause.reading, reach=CLOSE) if subject is not None else ()
            return bool(others(about, clause.speakers[0]))
    return False


def _is_ready(verb: Token) -> bool:
    return verb.dep_ == "xcomp" and (
        verb.head.lemma_ in lists()["ready"] or verb.head.lemma_ in {"go", "plan", "intend", "decide"}
    )


def _judgement(clause: Clause) -> Iterator[Position]:
    words = lists()
    for child in clause.verb.children:
        if child.dep_ not in {"acomp", "attr"}:
            continue
        if clause.negated:
            if child.lemma_.lower() in words["friendly"] and clause.others:
                yield clause.position("condemn", clause.others, "content-no-friend")
            continue
        lemma = child.lemma_.lower()
        modifiers = {t.lemma_.lower() for t in child.children}
        if lemma in words["untrue"]:
            yield clause.position("deny", clause.anyone(), "content-untrue")
        elif lemma in words["shameful"] or modifiers & words["shameful"]:
            yield clause.position("condemn", clause.anyone(), "content-condemn")
        elif lemma in words["opponents"] and clause.others:
            yield clause.position("condemn", clause.others, "content-opponent")
        elif clause.others and modifiers & (words["strong_nouns"] | words["names"]):
            yield clause.position("accuse", clause.others, "content-crime")
        elif lemma in {"act", "form", "case"} and {t.lemma_ for t in child.subtree} & words["strong_nouns"]:
            yield clause.position("accuse", clause.anyone(), "content-crime")
        elif clause.own and lemma == "committed" and clause.within():
            yield clause.position("support", clause.within(), "content-committed")
        elif clause.own and lemma in words["ready"] | {"open"} and _nouns(child) & words["accord"]:
            yield clause.position("announce", clause.anyone(), "content-ready")
        elif lemma in words["strong_nouns"] and not clause.own:
            yield clause.position("accuse", clause.anyone(), "content-crime")
        elif lemma in words["friendly"] and (clause.others or clause.within()):
            yield clause.position("support", clause.others or clause.within(), "content-friend")


def _is_nothing(noun: Token) -> bool:
    absent = any(t.lower_ == "no" for t in noun.children)
    return noun.lower_ == "nothing" or (noun.lemma_ in lists()["nothing"] and absent)


def _nouns(head: Token) -> set[str]:
    return {t.lemma_.lower() for t in head.subtree if t.pos_ == "NOUN"}


def _warning(clause: Clause, complement: set[str]) -> Iterator[Position]:
    """Yield "Gondor warned that war would be ..."."""
    saying = sayings.saying_of(clause.verb, clause.sentence, clause.reading)
    subject = {clause.subject.lemma_.lower()} if clause.subject is not None else set()
    if saying is None or saying.verb.lemma_ not in {"warn", "threaten"} or not clause.auxiliaries & {"will", "would"}:
        return
    if (subject | complement) & lists()["retaliation_nouns"]:
        yield clause.position("threaten", clause.anyone(), "content-warning")


def _noun(noun: Token, clause: Clause) -> Iterator[Position]:
    words = lists()
    lemma = noun.lemma_.lower()
    kind = (
        "accuse"
        if lemma in words["strong_nouns"] | words["attacks"]
        else "condemn"
        if lemma in words["names"]
        else None
    )
    if kind is None:
        return
    found = others(aimed(noun, clause.sentence, clause.reading, reach=CLOSE), clause.speakers[0])
    if found:
        yield clause.position(kind, found, "content-attack" if lemma in words["attacks"] else "content-noun")
