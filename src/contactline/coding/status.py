"""Whether a contact took place, is to come, was only proposed, refused or called off."""

from contactline.reading import rulebook
from contactline.reading.language import Sentence, Token
from contactline.reading.scope import modality_of


def status_of(token: Token, verb: Token | None, sentence: Sentence) -> str | None:
    """Return the code of status, None where there is no talk of a contact but only of its possibility."""
    lists = rulebook.load("contacts")["status"]
    if token.pos_ in ("NOUN", "PROPN"):
        for child in token.lefts:
            for told in ("cancelled", "planned", "proposed"):
                if child.dep_ == "amod" and child.lower_ in lists[told]["adjectives"]:
                    return told
        if any(c.dep_ == "det" and c.lower_ in ("no", "any") for c in token.children):
            return None
    node = token if token.pos_ in ("VERB", "AUX") else verb if verb is not None else token.head
    inside = False
    prep = _prep_of(token)
    if prep is not None and token.pos_ not in ("VERB", "AUX"):
        if prep.lower_ in ("ahead", "before") or (prep.lower_ == "of" and prep.head.lower_ == "ahead"):
            return "planned"
        if prep.lower_ == "for" and node.lemma_ in lists["planned"]["going"]:
            begun = token.lemma_ in lists["planned"]["begun"] and node.tag_ in ("VBD", "VBN")
            there = begun and node.lemma_ in lists["planned"]["arriving"]
            return _verb_status(node, token, inside=False) if there else "planned"
        taking_part = node.lemma_ in ("take", "participate", "join")  # "refused to take part in"
        inside = prep.lower_ in lists["inside"] and not taking_part
    status = _verb_status(node, token, inside)
    if status == "held" and not inside:
        modality, _ = modality_of(token, sentence)
        return {"asserted": "held", "planned": "planned"}.get(modality)
    return status


def _prep_of(token: Token) -> Token | None:
    """Return the preposition that a contact's noun stands under, through coordination."""
    spans = rulebook.load("contacts")["status"]["spans"]
    while token.dep_ in ("conj", "compound", "appos") or (
        token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lemma_ in spans
    ):
        token = token.head.head if token.dep_ == "pobj" else token.head  # "after nine days of talks"
    return token.head if token.dep_ == "pobj" else None


def _verb_status(node: Token, token: Token, inside: bool) -> str | None:
    """Return the status that the verbs above a contact's word give it.

    Args:
        node: the verb that governs the contact's word, or that word itself.
        token: the contact's word.
        inside: what the verb tells happens within the contact, so its meaning says nothing of the contact's status.
    """
    within = inside
    for _ in range(6):
        if not inside:
            found = _listed(node) if node is not token or node.pos_ not in ("VERB", "AUX") else None
            if found:
                return found
        told = _by_auxiliary(node)
        if told != "held":
            return None if told == "hypothetical" else told
        above = _above(node)
        if above is None:
            return "held"
        if above.lemma_ == "be" and is_infinitive(node) and not any(c.dep_ == "prep" for c in above.children):
            return "planned"
        if above.pos_ == "NOUN":
            return "planned" if above.lemma_ in ("plan", "agreement", "schedule", "date", "invitation") else "proposed"
        inside = within or node.dep_ == "conj"
        node = above
    return "held"


def _listed(node: Token) -> str | None:
    """Return the status that a governing word gives by its meaning: "agreed to", "due to", "called off"."""
    lists = rulebook.load("contacts")["status"]
    lemma = node.lemma_.lower()
    phrases = {f"{lemma}_{c.lower_}" for c in node.children if c.dep_ in ("prt", "advmod")}
    for status in ("cancelled", "planned"):
        if phrases & set(lists[status]["verbs"]):
            return status
    for status in ("cancelled", "refused", "planned", "proposed"):
        if node.pos_ == "VERB" and lemma in lists[status]["verbs"]:
            return status
    for status in ("planned", "proposed", "refused"):
        if node.lower_ in lists[status]["adjectives"] and (node.pos_ == "ADJ" or status == "planned"):
            return status
    return None


def _by_auxiliary(node: Token) -> str:
    """Return the status that auxiliaries, negation and conditions of a verb give."""
    lists = rulebook.load("contacts")["status"]
    if any(c.dep_ == "neg" for c in node.children):
        return "refused" if any(c.lower_ in lists["planned"]["auxiliaries"] for c in node.children) else "hypothetical"
    for child in node.children:
        if child.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in child.children):
            return "hypothetical"
        if child.dep_ == "mark" and child.lower_ in ("before", "until") and node.tag_ in ("VBZ", "VBP"):
            return "planned"
        if child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether"):
            return "hypothetical"
        if child.dep_ in ("aux", "auxpass"):
            for status in ("planned", "proposed", "hypothetical"):
                if child.lower_ in lists[status]["auxiliaries"]:
                    return status
    return "held"


def is_infinitive(node: Token) -> bool:
    """Say whether a verb stands after "to"."""
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in node.children)


def is_purpose(token: Token) -> bool:
    """Say whether a contact's word tells what somebody went somewhere for: "to meet", "for talks"."""
    prep = _prep_of(token)
    return is_infinitive(token) or (prep is not None and prep.lower_ == "for")


def _above(node: Token) -> Token | None:
    """Return the word whose status a verb shares: what it is the infinitive, conjunct or clause of."""
    present = node.tag_ in ("VBZ", "VBP")
    if node.dep_ == "conj" and node.tag_ in ("VBD", "VBZ", "VBP"):
        return None
    if node.dep_ in ("xcomp", "conj", "pcomp") or (
        is_infinitive(node) and node.dep_ in ("advcl", "acl", "ccomp", "relcl")
    ):
        return node.head
    if node.dep_ == "advcl" and present and any(c.lower_ in ("when", "before", "after", "as") for c in node.lefts):
        return node.head
    if node.dep_ == "prep" and node.head.pos_ in ("VERB", "AUX"):
        return node.head
    return None
