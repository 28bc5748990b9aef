"""What a word of the rulebook needs about it before it tells of an event: the `needs` of `rulebook/events.yml`."""

import re
from collections.abc import Callable

from contactline.coding.eventbook import words
from contactline.coding.trigger import SIDES, Trigger, after, is_a, is_ground, is_hit, is_side, spread, weapon_of
from contactline.reading import actors, places, scope


def _near_place(trigger: Trigger) -> bool:
    return places.place_of(trigger.token, trigger.sentence, trigger.reading) is not None


def _object_ground(trigger: Trigger) -> bool:
    token = trigger.token
    heads = list(spread(after(token, ("of",)))) if token.pos_ in ("NOUN", "PROPN") else trigger.objects
    kept = [h for h in heads if not is_a(h, "people")]
    if token.lemma_ == "take":
        kept = [h for h in kept if h.i > token.i or h.dep_ == "nsubjpass"]
    if token.lemma_ in words("retaking") and any(h.lower_ == "it" for h in kept):
        return True
    return any(is_ground(h, trigger) for h in kept) and not any(is_a(h, "aircraft", "weapon") for h in heads)


def _object_territory(trigger: Trigger) -> bool:
    named = [h for h in trigger.objects if is_ground(h, trigger) and not is_a(h, "people", "aircraft", "weapon")]
    return any(h.lemma_.lower() in words("territory") or h.ent_type_ in ("GPE", "LOC") for h in named) and (
        bool(trigger.subjects) or trigger.token.lemma_ == "lose"
    )


def _object_persons(trigger: Trigger) -> bool:
    heads = trigger.objects
    return any(is_a(h, "people", "armed") or h.ent_type_ in ("PERSON", "CARDINAL") for h in heads) and not any(
        h.lemma_.lower() in words("territory") for h in heads
    )


def _object_armed(trigger: Trigger) -> bool:
    return any(is_a(h, "armed") for h in trigger.objects)


def _object_suspects(trigger: Trigger) -> bool:
    """Say whether it is a side's people who are arrested, or those whom a state fears: militants, activists."""
    token = trigger.token
    heads = trigger.objects if token.pos_ == "VERB" else list(spread(after(token, ("of",))))
    return any(is_a(h, "armed", "suspects") for h in heads)


def _object_fighters(trigger: Trigger) -> bool:
    return any(is_side(h, trigger) for h in trigger.objects)


def _armed_about(trigger: Trigger) -> bool:
    heads = (*trigger.subjects, *trigger.objects)
    return any(is_side(h, trigger) for h in heads)


def _between_armed(trigger: Trigger) -> bool:
    """Say whether those shot at can shoot back: soldiers, their positions and vehicles, not a crowd or a bus."""
    fire = [t for t in trigger.token.children if t.dep_ == "dobj"]  # "opened fire on": the fire is on somebody
    hit = [h for t in (trigger.token, *fire) for h in spread(after(t, ("at", "on", "upon", "toward", "towards")))]
    return any(is_a(h, "armed") for h in hit) and not any(is_a(h, "people") and not is_a(h, "armed") for h in hit)


def _ground_about(trigger: Trigger) -> bool:
    around = [t for t in trigger.sentence.tokens if -12 < t.i - trigger.token.i < 14]
    if any(is_ground(t, trigger) for t in around if t.pos_ in ("NOUN", "PROPN")):
        return True
    names = [t for t in around if t.pos_ == "PROPN" and t.ent_type_ not in ("PERSON", "ORG", "NORP")]
    return any(t.dep_ == "pobj" or (t.dep_ == "nsubj" and trigger.token.lemma_ == "fall") for t in names)


def _object_forces(trigger: Trigger) -> bool:
    token = trigger.token
    if token.pos_ in ("NOUN", "PROPN"):
        about = [*after(token, ("of",)), *[c for c in token.lefts if c.dep_ in ("compound", "amod")]]
        return any(h.lemma_.lower() in words("forces") for h in spread(about)) or token.lemma_ == "mobilization"
    kept = token.dep_ == "acl" or any(c.dep_ == "auxpass" and c.tag_ in ("VBZ", "VBP") for c in token.children)
    if (token.lemma_ in words("keeps") and kept) or any(h.ent_type_ == "PERSON" for h in trigger.subjects[:1]):
        return False  # where troops are stationed is no news of them, and who travels is no force
    heads = [c for c in token.children if c.dep_ in ("dobj", "nsubjpass")]
    if token.lemma_ in words("entries") or (not heads and token.lemma_ in words("moves")):
        heads = [h for h in trigger.subjects if not is_a(h, "constables")]
    if not heads and token.dep_ == "acl":
        heads = [token.head]
    if token.lemma_ in ("call", "mobilize", "mobilise") and any(
        h.ent_type_ in ("GPE", "NORP") for h in trigger.subjects
    ):
        return not heads or any(h.lemma_.lower() in words("forces") for h in spread(heads))
    return any(h.lemma_.lower() in words("forces") for h in spread(heads))


def _forces_about(trigger: Trigger) -> bool:
    token = trigger.token
    if token.pos_ in ("NOUN", "PROPN"):
        about = [*after(token, ("of", "by")), *[c for c in token.lefts if c.dep_ in ("compound", "amod", "poss")]]
        return any(h.lemma_.lower() in words("forces") or is_side(h, trigger) for h in spread(about))
    heads = list(spread([c for c in token.children if c.dep_ in ("dobj", "nsubjpass")]))
    if token.lemma_ in words("leaves"):
        gone = any(is_a(h, "forces") or is_a(h, "armed") for h in trigger.subjects)
        return gone and any(is_ground(h, trigger) for h in heads)
    if heads:
        return any(h.lemma_.lower() in words("forces") for h in heads)
    return any(h.lemma_.lower() in words("forces") or is_side(h, trigger) for h in trigger.subjects)


def _object_fleeting(trigger: Trigger) -> bool:
    near = trigger.sentence.tokens.text[max(0, trigger.token.idx - trigger.sentence.tokens.start_char - 60) :][:140]
    return any(is_a(t, "aircraft", "weapon") for t in trigger.objects) or (
        trigger.token.pos_ == "NOUN" and re.search(r"\b(?:missiles?|rockets?|drones?)\b", near) is not None
    )


def _made(trigger: Trigger) -> bool:
    """Say whether an agreement is told as made: by its verb, or by having a date or a broker."""
    token = trigger.token
    own = [c for c in token.children if c.dep_ in ("acl", "relcl", "amod")]
    if any(c.lemma_ in words("made") or re.search(r"-(?:brokered|mediated|sponsored)$", c.lower_) for c in own):
        return True
    if (
        token.dep_ == "nsubj"
        and token.head.lemma_ == "be"
        and any(
            g.lower_ in ("force", "effect", "place")
            for c in token.head.children
            if c.lower_ == "in"
            for g in c.children
        )
    ):
        return True
    if token.dep_ in ("nsubj", "nsubjpass", "dobj") and token.head.lemma_ in words("broken"):
        return False
    if any(t.like_num or t.ent_type_ == "DATE" for t in token.subtree if t.i != token.i and abs(t.i - token.i) < 6):
        return True
    node = token
    while node.head.i != node.i and (node.dep_ in ("pobj", "prep", "conj", "appos", "compound") or node.i == token.i):
        node = node.head
        if node.pos_ in ("VERB", "AUX"):
            break
    return node.lemma_ in words("made") and not (
        node.lemma_ == "call" and any(c.lower_ == "for" for c in node.children)
    )


def _between_parties(trigger: Trigger) -> bool:
    sides = {
        actor.country or actor.name
        for _, actor in actors.actors(trigger.sentence, trigger.reading)
        if actor.kind in (*SIDES, "organisation", "person")
    }
    return len(sides) >= 2


def _freed_by_deal(trigger: Trigger) -> bool:
    """Say whether captives go free: whoever frees them is a side, or a deal is spoken of; courts free suspects."""
    if trigger.token.pos_ in ("NOUN", "PROPN"):
        return _made(trigger) or trigger.token.dep_ in ("dobj", "nsubj", "nsubjpass", "pobj")
    freed = [h for h in trigger.objects if h.lemma_.lower() in words("captives")]
    doer = any(is_side(h, trigger) for h in (*trigger.subjects, *trigger.objects))
    return bool(freed) and (doer or not trigger.subjects)


def _about_aircraft(trigger: Trigger) -> bool:
    return any(is_a(h, "aircraft", "weapon") for h in trigger.objects)


def _crowd_about(trigger: Trigger) -> bool:
    """Say whether a protest is one of a crowd, not one that an envoy lodges."""
    token = trigger.token
    if token.pos_ == "VERB":
        return any(is_a(h, "crowd") or h.tag_ == "NNPS" or h.ent_type_ == "NORP" for h in trigger.subjects)
    crowd = any(is_a(t, "crowd") for t in scope.clause(token) if t.pos_ in ("NOUN", "NUM"))
    if token.lemma_ in ("protester", "demonstrator") and token.head.lemma_ not in words("gathered"):
        return False
    return token.head.lemma_ not in words("lodged") and (crowd or token.tag_ in ("NNS", "NNPS"))


def _struck_by_bomb(trigger: Trigger) -> bool:
    """Say whether somebody bombs something: plays bomb too."""
    token = trigger.token
    if token.lemma_ != "bomb" or token.pos_ != "VERB":
        return True
    return any(c.dep_ in ("dobj", "nsubjpass") for c in token.children) or token.dep_ in ("acl", "amod")


def _shot_at_somebody(trigger: Trigger) -> bool:
    """Say whether somebody is shot, or shots are told of: a director shoots too."""
    token = trigger.token
    if token.lemma_ != "shoot" or token.pos_ != "VERB" or token.tag_ != "VBG":
        return True
    return bool(trigger.objects) or any(c.dep_ in ("prep", "prt") for c in token.children)


def _fight_about(trigger: Trigger) -> bool:
    """Say whether a fight is one of arms: somebody armed or a state is in it, or its sentence is about little else."""
    token = trigger.token
    if token.pos_ in ("NOUN", "PROPN", "ADJ"):
        between = list(spread(after(token, ("between", "with"))))
        people = between and all(h.ent_type_ == "PERSON" or h.pos_ == "PRON" for h in between)
        return token.dep_ not in ("amod", "compound") and not people
    heads = (
        *trigger.subjects,
        *trigger.objects,
        *spread(after(token, ("with", "against", "over", "for", "in", "between"))),
    )
    return any(is_side(h, trigger) or h.lemma_.lower() in words("rioters") for h in heads)


def _fired_upon(trigger: Trigger) -> bool:
    """Say whether it is soldiers, places or vehicles that come under fire: ministers do too."""
    if trigger.token.lemma_ != "come":
        return True
    return any(is_side(h, trigger) or is_ground(h, trigger) or is_a(h, "building") for h in trigger.subjects)


def _told_war(trigger: Trigger) -> bool:
    """Say whether a war is told of, not just named: it has its year, its sides, its place or somebody who fights it."""
    token = trigger.token
    generic = token.tag_ == "NNS" and not any(c.like_num or c.dep_ == "nummod" for c in token.subtree)
    if token.dep_ == "compound" or (generic and not any(c.dep_ == "prep" for c in token.children)):
        return False
    begun = [c for c in token.children if c.dep_ in ("relcl", "acl") and c.lemma_ in words("lasting")]
    if any(t.like_num or t.ent_type_ == "DATE" for c in begun for t in c.subtree):
        return True
    near = [c for c in token.subtree if abs(c.i - token.i) < 8]
    dated = any(YEAR.search(c.text) or (c.ent_type_ == "DATE" and c.i < token.i) for c in near)
    between = any(c.lower_ in ("between", "against", "with") for c in token.children)
    placed = any(c.lower_ in ("in", "over") and any(is_ground(g, trigger) for g in c.children) for c in token.children)
    fought = token.dep_ == "dobj" and token.head.lemma_ in ("fight", "wage", "launch", "start", "begin", "lose", "win")
    civil = token.i > 0 and token.doc[token.i - 1].lower_ in ("civil", "guerrilla")
    named = any(
        c.dep_ in ("compound", "amod", "nmod", "poss") and actors.country_of(c.text) is not None for c in token.lefts
    )
    return dated or between or fought or (token.tag_ != "NNS" and (civil or placed or named))


def _hits_target(trigger: Trigger) -> bool:
    """Say whether an attack is one of arms: by its weapon, its doer, or by what it hits when nobody is named."""
    token = trigger.token
    doers, hit = trigger.subjects, trigger.objects
    armed = any(is_side(h, trigger) or is_a(h, "weapon", "aircraft") for h in doers)
    real = any(is_side(h, trigger) or is_ground(h, trigger) or is_a(h, "people", "building") for h in hit)
    if token.lemma_ in ("hit", "strike", "target") and not (armed and real) and weapon_of(trigger) is None:
        return is_hit(trigger) and real
    if any(h.ent_type_ == "PERSON" or h.pos_ == "PRON" for h in doers) and weapon_of(trigger) is None:
        return False
    return (armed and (real or not hit)) or (not doers and real)


def _strike_told(trigger: Trigger) -> bool:
    """Say whether an attack noun tells of one by itself: it has its target, its doer or its place."""
    token = trigger.token
    if token.dep_ == "compound":
        return False
    placed = any(
        c.lower_ in ("on", "against", "at", "in", "near", "outside", "across")
        and any(is_ground(g, trigger) or is_side(g, trigger) or is_a(g, "people", "building") for g in c.children)
        for c in token.children
    )
    return placed or any(is_side(h, trigger) for h in trigger.subjects)


def _armed_killer(trigger: Trigger) -> bool:
    return any(is_side(h, trigger) and not is_a(h, "deeds") for h in trigger.subjects) and any(
        is_a(h, "people", "armed") or h.ent_type_ in ("PERSON", "CARDINAL", "NORP") or is_side(h, trigger)
        for h in trigger.objects
    )


def _launched(trigger: Trigger) -> bool:
    """Say whether an operation is told as begun, not just spoken of."""
    token = trigger.token
    if token.lemma_ not in words("undertakings"):
        return True
    if trigger.victims or (token.tag_ == "NN" and any(is_side(h, trigger) for h in trigger.subjects)):
        return True
    return token.dep_ in ("dobj", "nsubjpass", "nsubj") and token.head.lemma_ in (
        scope.verbs("creators") | scope.verbs("occurrences")
    )


def _sided(trigger: Trigger) -> bool:
    """Say whether a state, an armed group or their forces take or lose the ground, or nobody is named who does."""
    doers = trigger.subjects
    told = trigger.token.pos_ in ("NOUN", "PROPN") and any(h.ent_type_ == "PERSON" for h in doers)  # "he announced the"
    return not doers or told or any(is_side(h, trigger) or h.lower_ in ("it", "they") for h in doers)


YEAR = re.compile(r"(?:1[5-9]|20)\d\d")

CHECKS: dict[str, Callable[[Trigger], bool]] = {
    "near_place": _near_place,
    "made": _made,
    "freed_by_deal": _freed_by_deal,
    "between_parties": _between_parties,
    "about_aircraft": _about_aircraft,
    "object_persons": _object_persons,
    "object_armed": _object_armed,
    "object_ground": _object_ground,
    "object_territory": _object_territory,
    "object_suspects": _object_suspects,
    "object_fighters": _object_fighters,
    "object_forces": _object_forces,
    "armed_about": _armed_about,
    "between_armed": _between_armed,
    "ground_about": _ground_about,
    "forces_about": _forces_about,
    "crowd_about": _crowd_about,
    "struck_by_bomb": _struck_by_bomb,
    "shot_at_somebody": _shot_at_somebody,
    "fight_about": _fight_about,
    "told_war": _told_war,
    "hits_target": _hits_target,
    "strike_told": _strike_told,
    "armed_killer": _armed_killer,
    "launched": _launched,
    "sided": _sided,
    "fired_upon": _fired_upon,
}
