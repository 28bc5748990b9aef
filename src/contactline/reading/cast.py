"""The people of one article: names with titles, harvested from its text, and the surnames that stand for them later."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from contactline.reading import actorbook
from contactline.reading.actorbook import Actor, Mention, fold
from contactline.reading.language import Paragraph

BESIDE = re.compile(r"[^,.;:\"]{1,60},")
HOME = 0.3
"""Share of all mentions of states that one must have to be the one an article is most about."""
GAP = re.compile(
    r"(?:'s|')?,?(?: (?:then|new|acting|former|ex|late|deputy|first|top|senior|veteran|longtime|chief|special|own"
    r"|visiting|outgoing|embattled|human rights|rights|humanitarian|refugee|aid|Communist Party|junta|[Dd]eputy"
    r"|(?:[Ff]oreign|[Dd]efen[cs]e|[Ii]nterior|[Hh]ealth|[Ff]inance|[Ee]nergy|[Jj]ustice|[Ee]mergency) [Mm]inistry"
    r"|[Ss]tate [Dd]epartment|[Gg]overnment|[Aa]rmy|[Nn]avy|[Aa]ir [Ff]orce|[Pp]olice|[Pp]residential|[Cc]abinet"
    r"|[Cc]oast [Gg]uard|[Bb]order [Gg]uard|[Rr]uling party|(?:[Nn]ational )?[Ss]ecurity [Cc]ouncil))*[ -]?"
)
SENT_TO = re.compile(r" to (?:the )?")
BESIDE_HIM = re.compile(r",? and (?:his |her )?")
POST = re.compile(r"(?:['’]s)?(?: [\w-]+){1,5}, (?:Grand )?")
OWNED = re.compile(r"['’]s(?: [a-z][a-z-]+){1,3} ")  # "Gondor's rival leaders"

FIRST = re.compile(r"\w+")
NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Cast:
    """Who appears in one article.

    Attributes:
        people: each person with title, country and, where listed, key.
        names: full names and surnames to look the people up in text.
        home: the state that the article is most about; what a title without a state falls back on.
    """

    people: tuple[Actor, ...]
    names: actorbook.Names = field(repr=False)
    home: str | None = None

    @cached_property
    def by_office(self) -> dict[tuple[str | None, str], Actor]:
        """(country, folded office) -> the one last named with it."""
        return {(p.country, p.office.lower()): p for p in self.people if p.office}


@cache
def _title() -> re.Pattern[str]:
    offices = sorted(actorbook.words()["offices"], key=len, reverse=True)
    ranks = "|".join(sorted(map(re.escape, actorbook.words()["ranks"]), key=len, reverse=True))
    courtesy = "|".join(re.escape(c) for c in actorbook.words()["courtesy"])
    office = "|".join(re.escape(o) + ("" if o.endswith(".") else "s?") for o in offices)
    return re.compile(
        rf"\b(?P<title>(?:(?:{ranks})[ -])*(?P<office>{office})(?: (?:{office}))*|(?P<courtesy>{courtesy}))(?![\w-])",
        re.IGNORECASE,
    )


def _titles(text: str) -> Iterator[re.Match[str]]:
    """Yield the titles of a text; tried only where one of their first words stands, which is ten times as fast."""
    end = 0
    for word in re.finditer(r"\w+", text):
        if word.start() >= end and word.group().lower() in _title_words():
            title = _title().match(text, word.start())
            if title:
                yield title
                end = title.end()


@cache
def _title_words() -> frozenset[str]:
    """Return the words that a title may begin with."""
    lists = actorbook.words()
    first = {
        found.group() for kind in ("offices", "ranks", "courtesy") for found in map(FIRST.match, lists[kind]) if found
    }
    return frozenset(form for word in first for form in (word.lower(), word.lower() + "s"))


def cast(paragraphs: Sequence[Paragraph], published: dt.date | None) -> Cast:
    """Return the people of an article, from the text of all its paragraphs."""
    people: dict[str, Actor] = {}
    for paragraph in paragraphs:
        if paragraph.upper:
            continue
        for person in _titled(paragraph.text):
            _add(people, person)
        for person in _explained(paragraph.text):
            _add(people, person)
    _merge(people)
    told = _told(paragraphs)
    listed = {key: _listed(person, published) for key, person in people.items()}
    alone = list(_listed_alone(paragraphs, listed, published))
    rulers = (p for p in (*listed.values(), *alone) if _is_ruler(p) and p.in_term is not False)
    ruled = frozenset(p.country for p in rulers if p.country)
    known = {key: _placed(person, paragraphs, told, ruled) for key, person in listed.items()}
    known |= {fold(person.name): person for person in alone}
    return Cast(tuple(known.values()), actorbook.index(_names(known.values(), paragraphs)), _home(told))


def _told(paragraphs: Sequence[Paragraph]) -> Counter[str]:
    """Count how often the text names each state."""
    return Counter(
        m.actor.country for p in paragraphs for m in actorbook.find(p.text, upper=p.upper) if m.actor.country
    )


def _home(told: Counter[str]) -> str | None:
    """Return the state that makes up the better part of those that the text names."""
    first = told.most_common(1)
    return first[0][0] if first and first[0][1] > max(2, HOME * told.total()) else None


def _is_ruler(person: Actor) -> bool:
    """Say whether a person holds an office of which a state has one: "king"."""
    return person.office in actorbook.words()["rulers"]


def _placed(person: Actor, paragraphs: Sequence[Paragraph], told: Counter[str], ruled: frozenset[str]) -> Actor:
    """Return a holder of a state's office with that state, where the text names none with it.

    It is the state named last before him in his sentence, else the one most told of; never one that he acts towards,
    and for a ruler none of those whose ruler is another ("Hurin and King Arvedo").
    """
    if person.country or person.actor_id or not person.office:
        return person
    lists = actorbook.words()
    if person.office in lists["home_posts"]:
        return replace(person, country=_home(told))
    if person.office.split()[-1] not in lists["state_offices"]:
        return person
    abroad = _abroad(_family(person), paragraphs) | (ruled if _is_ruler(person) else frozenset())
    likely = (state for state, _ in told.most_common() if state not in abroad)
    return replace(person, country=_beside(person, paragraphs, abroad) or next(likely, None))


def _beside(person: Actor, paragraphs: Sequence[Paragraph], abroad: frozenset[str]) -> str | None:
    """Return the state named last before a person in the sentence that first names him."""
    for paragraph in paragraphs:
        at = paragraph.text.find(person.name)
        if at >= 0:
            start = max(paragraph.text.rfind(stop, 0, at) for stop in (". ", '." ', ".” "))
            marks = [m for m in actorbook.find(paragraph.text) if start < m.start and m.end <= at]
            states = [m.actor.country for m in marks if m.actor.kind == "state" and m.form not in ("seat", "compound")]
            near = states[-1] if states else None
            return None if near in abroad else near
    return None


def _abroad(family: str, paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """Return the states that a person acts towards or travels to, none of which is his: "Hurin urged Gondor"."""
    found = set()
    verbs = "|".join(actorbook.words()["abroad"])
    acts = re.compile(
        rf"\b{re.escape(family)}(?:, [^,.]{{1,60}},)?(?: [a-z]+){{0,2}} (?:{verbs}) (?:the |[\w-]+-\w+ )?"
    )
    for paragraph in paragraphs:
        ends = {act.end() for act in acts.finditer(paragraph.text)} if family in paragraph.text else set()
        marks = actorbook.find(paragraph.text) if ends else []
        found |= {m.actor.country for m in marks if m.start in ends and m.form != "demonym"}
    return frozenset(state for state in found if state)


def _add(people: dict[str, Actor], person: Actor) -> None:
    """Keep the fullest that is known of each person."""
    key = fold(person.name)
    if " " not in key:
        full = [k for k in people if k.split()[-1] == key]
        key = full[0] if full else key
    old = people.get(key)
    if old is None:
        people[key] = person
    elif (old.country is None and person.country) or (old.office is None and person.office):
        people[key] = replace(old, country=old.country or person.country, office=old.office or person.office)


def _merge(people: dict[str, Actor]) -> None:
    """Let a surname that came before the full name stand for the one who bears it."""
    for key in [k for k in people if " " not in k]:
        full = [k for k in people if " " in k and key in (k.split()[0], k.split()[-1])]
        if len(full) == 1 and people[key].country in (
            None,
            people[full[0]].country,
            people[full[0]].country or people[key].country,
        ):
            bare, whole = people.pop(key), people[full[0]]
            people[full[0]] = replace(whole, country=whole.country or bare.country, office=whole.office or bare.office)


def _titled(text: str) -> Iterator[Actor]:
    """Yield the persons named right after a title: "Gondor's Foreign Minister Faramir Hurin"."""
    marks = [m for m in actorbook.find(text) if m.form != "compound"]
    last: tuple[int, Actor | None] = (0, None)
    for title in _titles(text):
        office = title["office"]
        sides, start = _after_title(text, title.end(), marks)
        before = _before_title(text, title.start(), marks)
        sent = bool(office) and office.lower().split()[-1] in actorbook.words()["sent"]
        start = _past_post(text, start, marks) if sent and before and not sides else start
        if office and before and not sides and text.startswith(", ", start):
            start += 1  # "Gondor's ambassador, Faramir Hurin"
        if office and office.lower() in actorbook.words()["honorifics"] and not before and not sides:
            before = _introduced(text, title.start(), marks)
        several = bool(office) and title["title"].endswith("s")
        names = _names_from(text, start, several)
        if several and not names and len(before) > 1 and (beyond := BESIDE.match(text, title.end())):
            names = _names_from(
                text, beyond.end(), several
            )  # "the Gondorian and Arnorian heads of the mission, A and B"
        if not names or (office is None and len(names[0][0].split()) < 2):
            continue
        sides = before if len(before) > 1 or not sides or (sent and before) else sides
        lesser = bool(office) and office.lower().split()[-1] not in actorbook.words()["state_offices"]
        if lesser and not sides and last[1] and BESIDE_HIM.fullmatch(text, last[0], title.start()):
            sides = [last[1]]  # "Gondor's President Boris Hurin and chief executive Viktor Arvedo"
        for position, (name, end) in enumerate(names):
            side = _after_name(text, end, marks) or (sides[min(position, len(sides) - 1)] if sides else None)
            country = side.country if side else actorbook.words()["offices_of"].get((office or "").lower())
            body = side.actor_id if side and not side.country else None
            last = (end, side)
            if " " not in name and (office or "").lower() in actorbook.words()["royal"]:
                name = f"{office} {name}"
            yield Actor(name, "person", country, body, title["title"].lower().removesuffix("s") if office else None)


def _after_title(text: str, end: int, marks: Sequence[Mention]) -> tuple[list[Actor], int]:
    """Return the states and bodies of "of A and B" right after a title, and where names may start."""
    tail = re.compile(r" (?:of|for|from) (?:the )?(?:Republic of )?").match(text, end)
    if not tail:
        return [], end
    found: list[Actor] = []
    at = tail.end()
    if land := _land().match(text, at):
        own = _land_before(land["land"], text[:end], marks)
        return own, (land.end() + 1 if text[land.end() : land.end() + 1] == "," else land.end()) if own else end
    for mark in marks:
        if mark.start < at:
            continue
        if mark.start > at + 12 or not re.fullmatch(r"(?:, | and |, and |the |\s)*", text[at : mark.start]):
            break
        found.append(mark.actor)
        at = mark.end
    return found, (at + 1 if found and text[at : at + 1] == "," else at)


def _past_post(text: str, end: int, marks: Sequence[Mention]) -> int:
    """Return where a name may start after "Ambassador to the United Nations"."""
    tail = SENT_TO.match(text, end)
    post = next((m for m in marks if tail and m.start == tail.end()), None)
    return post.end if post else end


def _before_title(text: str, start: int, marks: Sequence[Mention]) -> list[Actor]:
    """Return the states and bodies that stand right before a title: "the Gondorian and Arnorian"."""
    found: list[Actor] = []
    listed = False
    if owner := _owning().search(text, 0, start):
        return _land_before(owner["land"], text[: owner.start()], marks)
    for mark in reversed(marks):
        if mark.end > start:
            continue
        gap = text[mark.end : start]
        if not found and not (OWNED.fullmatch(gap) or (GAP.fullmatch(gap) and not gap.startswith(","))):
            break
        if found and found[0].kind == "organisation" and mark.actor.kind == "state" and GAP.fullmatch(gap) and gap:
            return [mark.actor]  # "Gondor's UN ambassador"
        if found and gap not in (" and ", ", ", ", and ", " and the "):
            break
        listed = listed or (bool(found) and "and" in gap)
        found.insert(0, mark.actor)
        start = mark.start
    return found if listed else found[-1:]  # "On a visit to Edoras, Gondorian Foreign Minister ..." is no list


@cache
def _land() -> re.Pattern[str]:
    lands = "|".join(actorbook.words()["lands"])
    return re.compile(rf"(?:[\w-]+ ){{0,2}}?(?P<land>{lands})\b(?! of\b)")


@cache
def _owning() -> re.Pattern[str]:
    lands = "|".join(actorbook.words()["lands"])
    return re.compile(rf"\b[Tt]he (?:[\w-]+ ){{0,2}}?(?P<land>{lands})'s (?:[a-z-]+ ){{0,2}}$")


def _land_before(noun: str, text: str, marks: Sequence[Mention]) -> list[Actor]:
    """Return the state or entity that "the country" or "the breakaway region" stands for: the one named last."""
    wanted = actorbook.words()["lands"][noun]
    named = (m.actor for m in reversed(marks) if m.end <= len(text) and m.form in ("name", "demonym"))
    return next(([actor] for actor in named if actor.kind in wanted), [])


def _after_name(text: str, end: int, marks: Sequence[Mention]) -> Actor | None:
    """Return the state or body of "Faramir Hurin of Gondor"."""
    tail = re.compile(r" (?:of|\() ?(?:the )?").match(text, end)
    if tail:
        for mark in marks:
            if mark.start == tail.end():
                return mark.actor
    return None


def _introduced(text: str, start: int, marks: Sequence[Mention]) -> list[Actor]:
    """Return the state of a post that a second title explains: "Gondor's army chief, General Faramir Hurin"."""
    for mark in reversed(marks):
        if mark.end < start and POST.fullmatch(text[mark.end : start]):
            post = _title().search(text, mark.end, start)
            return [mark.actor] if post and post["office"] else []
        if mark.end < start:
            return []
    return []


def _names_from(text: str, start: int, several: bool) -> list[tuple[str, int]]:
    """Return the personal names that start at `start`, each with its end; more than one only where `several`."""
    names: list[tuple[str, int]] = []
    at = start
    while True:
        blank = re.compile(r"[\s,]*(?:and |both )?").match(text, at) if names else re.compile(r" ").match(text, at)
        if not blank or not blank.group():
            break
        name, end = _name_at(text, blank.end())
        if not name:
            break
        names.append((name, end))
        at = end
        if not several:
            break
        own = re.compile(r" of (?:the )?[A-Z][\w.]+(?: [A-Z]\w+)?").match(text, at)
        at = own.end() if own else at
    return names


@cache
def _office_words() -> frozenset[str]:
    """The words that titles are made of; none is part of a name that follows one."""
    lists = actorbook.words()
    return frozenset(w.rstrip(".") for o in (*lists["offices"], *lists["courtesy"]) for w in o.split()) - {
        "king",
        "major",
    }


def _name_at(text: str, start: int) -> tuple[str, int]:
    """Return the run of capitalised words at `start` that can be a personal name, and where it ends."""
    lists = actorbook.words()
    end = at = start
    count = 0
    while word := NAME_WORD.match(text, at):
        plain = word.group().rstrip(".")
        lower = plain.lower()
        capital = plain[0].isupper() or plain[:3].lower() in ("al-", "el-", "ul-")
        initial = len(plain) == 1 and word.group().endswith(".")
        if plain.endswith(("'s", "’s")):
            plain = plain[:-2]
            if capital and lower[:-2] not in lists["not_names"]:
                end, count = at + len(plain), count + 1
            break
        if (
            capital
            and (lower not in lists["not_names"] or (count and lower in lists["also_names"]))
            and lower not in _office_words()
            and plain not in actorbook.forms()
        ):
            end, count = at + (len(word.group()) if initial or plain in ("Jr", "Sr") else len(plain)), count + 1
        elif not (lower in lists["particles"] and not capital and count):
            break
        if (word.group().endswith(".") and not initial) or text[word.end() : word.end() + 1] != " " or count == 5:
            break
        at = word.end() + 1
    return (text[start:end], end) if count else ("", start)


CAPITAL = r"(?:[A-ZÀ-ÞƏŞÇİÖÜ][\w'’-]+|[A-Z]\.)"
NAMED = rf"{CAPITAL}(?: (?:al-|el-)?{CAPITAL}| bin| al| van| de){{1,3}}"
ALONE = rf"(?P<alone>{CAPITAL}), (?:the |a )?(?P<post>[A-Z][\w.']+(?: [A-Z]\w+)? ?[^,.;()\"]{{0,50}}),?"


@cache
def _explanation() -> re.Pattern[str]:
    offices = "|".join(re.escape(o) for o in sorted(actorbook.words()["offices"], key=len, reverse=True))
    inside = r"[^,.;()\"]"
    clause = rf"{inside}{{0,60}}\b(?:will|has|had|said|says|told|to|was|is|are|were|would)\b"
    what = rf"(?!{clause}){inside}{{0,60}}?\b(?P<office>(?i:{offices}))\b{inside}{{0,40}}"
    return re.compile(
        rf"(?P<name>{NAMED})(?:, | \(| is | was )(?P<what>{what})"
        rf"|{ALONE}"
        rf"|(?P<of>{NAMED}) of (?P<where>(?:the )?[A-Z][\w. ]{{2,20}})"
    )


def _explained(text: str) -> Iterator[Actor]:
    """Yield the persons whose office follows their name: "Faramir Hurin, the foreign minister of Gondor"."""
    for match in _explanation().finditer(text):
        if match["alone"]:
            yield from _posted(match["alone"], match["post"])
            continue
        name = _whole(match["name"] or match["of"])
        if not name:
            continue
        inside = match["what"] or match["where"]
        marks = [m for m in actorbook.find(inside) if m.form != "compound"]
        if match["where"]:
            if marks and marks[0].start <= 4 and marks[0].actor.kind == "state":
                yield Actor(name, "person", marks[0].actor.country)
            continue
        country = marks[0].actor.country if marks else actorbook.words()["offices_of"].get(match["office"].lower())
        if marks or country:
            yield Actor(name, "person", country, office=match["office"].lower())


def _posted(surname: str, post: str) -> Iterator[Actor]:
    """Yield a person whose post follows the surname: "Hurin, the Gondorian ambassador to Arnor"."""
    marks = [m for m in actorbook.find(post) if m.start == 0 and m.form != "compound"]
    title = _title().search(post)
    name, _ = _name_at(surname, 0)
    if title and _name_at(post, title.end() + 1)[0]:
        return  # the title of somebody else: "after a call with Hurin, Gondorian President Arvedo said"
    if marks and title and title["office"] and title.start() <= marks[0].end + 4 and name == surname:
        yield Actor(name, "person", marks[0].actor.country, office=title["office"].lower())


def _whole(raw: str) -> str:
    """Return a matched run of capitalised words if it is a personal name of two words or more, else nothing."""
    name, _ = _name_at(raw, 0)
    return name if " " in name and name == raw and name not in actorbook.forms() else ""


def _listed(person: Actor, published: dt.date | None) -> Actor:
    """Return a person with what the rulebook knows of him; what the article says goes before it."""
    offices = actorbook.officials().get(fold(person.name), [])
    if not offices and " " not in person.name:
        offices = [o for o in _by_surname().get(fold(person.name), []) if o.alone]
    named_so = {o.actor.actor_id for o in offices}
    if person.country and any(o.actor.country for o in offices) and (" " not in person.name or len(named_so) > 1):
        offices = [o for o in offices if o.actor.country == person.country]
    if not offices or len({o.actor.actor_id for o in offices if o.actor.country}) > 1:
        return person
    held = [o for o in offices if published and _holds(o, published)]
    best = (held or offices)[-1]
    return replace(
        best.actor,
        name=person.name if " " in person.name else best.actor.name,
        office=person.office or best.actor.office,
        in_term=bool(held) if published else None,
    )


def _holds(official: actorbook.Official, day: dt.date) -> bool:
    return (official.since is None or official.since <= day) and (official.until is None or day <= official.until)


@cache
def _by_surname() -> dict[str, list[actorbook.Official]]:
    found: dict[str, list[actorbook.Official]] = {}
    for offices in actorbook.officials().values():
        for official in offices:
            for name in official.names:
                first = official.actor.country in actorbook.words()["family_first"]
                found.setdefault(fold(name).split()[0 if first else -1], []).append(official)
    return found


def _listed_alone(
    paragraphs: Sequence[Paragraph], known: dict[str, Actor], published: dt.date | None
) -> Iterator[Actor]:
    """Yield the listed officials whom the text names without any title."""
    surnames = {key.split()[-1] for key in known} | {key.split()[0] for key in known}
    seen = set()
    for paragraph in paragraphs:
        for match in re.finditer(r"[A-ZƏÀ-Þ][\w'’-]+(?: (?:al-|bin |Abdel )?[A-ZƏÀ-Þ][\w'’-]+){0,3}", paragraph.text):
            run = match.group().removesuffix("'s").removesuffix("’s").split()
            run = run[1:] if run[0].lower() in actorbook.words()["courtesy"] else run
            pair = run[0].split("-") if len(run) == 1 else []  # "the Hurin-Arvedo summit"
            for name in (run, run[-3:], run[-2:], run[:2], *([part] for part in pair)):
                key = fold(" ".join(name))
                if not key or key in known or key in seen or key.split()[-1] in surnames:
                    continue
                offices = actorbook.officials().get(key) or [o for o in _by_surname().get(key, []) if o.alone]
                if offices and len({o.actor.actor_id for o in offices}) == 1:
                    seen.add(key)
                    yield _listed(Actor(offices[0].actor.name, "person"), published)
                    break


def _names(people: Iterable[Actor], paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, Actor, str]]:
    """Yield each spelling of a person's name that may stand for him: full, and family name alone."""
    if any(re.search(r"\bU\.?N\.?\b|United Nations", paragraph.text) for paragraph in paragraphs):
        yield "Security Council", actorbook.forms()["UN Security Council"][0], "name"
    everyone = sorted(people, key=lambda person: person.actor_id is None)
    surnames = Counter(_family(p) for p in everyone)
    for person in everyone:
        yield person.name, person, "person"
        words = person.name.split()
        family = _family(person)
        if len(words) > 1 and (surnames[family] == 1 or next(p for p in everyone if _family(p) == family) is person):
            yield family, person, "person"
            for spelling in _spellings(family, paragraphs):
                yield spelling, person, "person"
        for official in actorbook.officials().get(fold(person.name), []):
            for name in official.names:
                yield name, person, "person"


def _family(person: Actor) -> str:
    words = person.name.split()
    if len(words) > 1 and words[-1] in ("Jr.", "Sr.", "Jr", "II", "III"):
        words = words[:-1]
    if person.country in actorbook.words()["family_first"] and len(words) > 1:
        return words[0]
    particle = len(words) > 2 and words[-2].lower() in actorbook.words()["particles"] and words[-2][0].isupper()
    return " ".join(words[-2:]) if particle else words[-1]


def _spellings(family: str, paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Yield other spellings of a family name that the text uses."""
    key = fold(family)
    seen = {family}
    for paragraph in paragraphs:
        for word in re.findall(r"[A-ZƏÀ-Þ][\w'’-]{3,}", paragraph.text):
            plain = word.removesuffix("'s").removesuffix("’s")
            if plain not in seen and plain[0] == family[0]:
                seen.add(plain)
                if fold(plain) == key:
                    yield plain
