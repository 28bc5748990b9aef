"""Exports of news databases, many articles a file: Nexis Uni, LexisNexis and Factiva, as lines of text.

Their HTML, RTF and DOCX files hold the same lines. Nexis Uni ends each article with "End of Document" and opens its
text with "Body"; LexisNexis opens each with "3 of 49 DOCUMENTS"; Factiva ends each with "Document" and its number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

NEXIS_END = re.compile(r"\s*End of Document\s*", re.IGNORECASE)
LEXIS_START = re.compile(r"\s*\d+ of \d+ DOCUMENTS?\s*", re.IGNORECASE)
FACTIVA_END = re.compile(r"\s*Document ([A-Z][A-Z0-9]{9,30})\s*")
FACTIVA_CODE = re.compile(
    r"\s*(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CO|IN|NS|RE|IPD|IPC|PUB|CT|RF|ART|AN)(?:[\s|]{2,}(.*)|\s*)"
)
FACTIVA_TEXT = ("LP", "TD")
WORDS = re.compile(r"\s*[\d,.]+ words\s*", re.IGNORECASE)
DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d|[A-Z][a-z]+ \d{1,2}, (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d")
TIME = re.compile(r"\d{1,2}:\d\d.{0,12}")
COPYRIGHT = re.compile(r"\s*(?:copyright\b|\(c\)|©).{0,200}", re.IGNORECASE)
Facts = dict[str, Any]


@cache
def _book() -> dict[str, Any]:
    book: dict[str, Any] = yaml.safe_load((files("contactline") / "rulebook" / "exports.yml").read_text("utf-8"))
    return book


def languages() -> dict[str, str]:
    """Return the names of languages, in lower case, as these services write them -> ISO 639 code."""
    named: dict[str, str] = _book()["languages"]
    return named


@cache
def _field() -> re.Pattern[str]:
    """Return the form of a field in a Nexis article: what stands behind the colon is not text."""
    names = "|".join([*_book()["head"], *_book()["foot"]])
    return re.compile(rf"\s*({names})\s*:\s*(.*)", re.IGNORECASE)


def recognised(text: str) -> bool:
    """Say whether a text is such an export."""
    return any(
        re.search(rf"(?m)^{pattern.pattern}$", text, pattern.flags) for pattern in (NEXIS_END, LEXIS_START)
    ) or bool(
        re.search(rf"(?m)^{FACTIVA_END.pattern}$", text) and re.search(r"(?m)^\s*(?:[\d,]+ words|WC\b.*)\s*$", text)
    )


def recognised_html(data: bytes) -> bool:
    """Say whether a page is such an export, by what those services write into its code."""
    return bool(re.search(rb'class="article [a-z]{2}Article"|\bof \d+ DOCUMENTS<|<DOCFULL>|LXNComment', data))


def html(page: str) -> Iterator[Facts]:
    """Yield the articles of an export saved as a page."""
    yield from articles(_lines(page))


def articles(lines: Iterable[str]) -> Iterator[Facts]:
    """Yield title, text, published, publisher and language of each article; what is missing is left out."""
    lines = [line.replace("\xa0", " ").rstrip() for line in lines]
    if any(LEXIS_START.fullmatch(line) for line in lines):
        for block in _parts(lines, LEXIS_START, first=False):
            yield _lexis(block)
    elif any(FACTIVA_END.fullmatch(line) for line in lines):
        for block in _parts(lines, FACTIVA_END, last=False):
            yield _factiva(block)
    else:
        for block in _parts(lines, NEXIS_END, last=False):
            yield _nexis(block)


def _lines(page: str) -> list[str]:
    """Return a page's blocks as lines: one a paragraph, a cell, a line break."""
    from lxml import html as parser

    tree = parser.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", page))
    for element in list(tree.iter("script", "style", "head")):
        element.drop_tree()
    for element in tree.iter("p", "div", "br", "tr", "td", "h1", "h2", "h3", "h4", "li", "table"):
        element.tail = f"\n{element.tail or ''}"
        if element.tag != "br":
            element.text = f"\n{element.text or ''}"
    # Line ends in the source are blanks; ours have just been added as the only ones that count.
    return [" ".join(line.split()) for line in tree.text_content().split("\n")]


def _parts(lines: list[str], mark: re.Pattern[str], first: bool = True, last: bool = True) -> Iterator[list[str]]:
    """Yield the runs of lines between marks; `first` and `last` say whether those before and after all marks count."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if mark.fullmatch(line):
            runs.append([])
        else:
            runs[-1].append(line)
    runs = runs[0 if first else 1 :]
    if not last and not any(line.strip() for line in runs[-1]):
        runs = runs[:-1]
    elif not last and len(runs) > 1:
        runs = runs[:-1] if sum(map(len, runs[-1])) < 200 else runs
    yield from runs


def _nexis(block: list[str]) -> Facts:
    """Return an article of Nexis Uni: title, publication, date; fields; "Body"; paragraphs; fields."""
    block = _without_list_of_documents(block)
    filled = [line.strip() for line in block if line.strip()]
    body = next((i for i, line in enumerate(filled) if line.lower() == "body"), None)
    head = filled[: body if body is not None else 12]
    facts = _head(head)
    text = filled[body + 1 :] if body is not None else [line for line in filled if line not in head]
    return facts | {"text": _text(text)} | _language(filled)


def _without_list_of_documents(block: list[str]) -> list[str]:
    """Return the first article without the list of contents above it ("Date and Time", "Documents (3)")."""
    marks = [
        i
        for i, line in enumerate(block)
        if re.match(r"\s*(?:Client/Matter|Search Terms|Narrowed by|Job Number|\d+\. )", line)
    ]
    body = next((i for i, line in enumerate(block) if line.strip().lower() == "body"), len(block))
    marks = [i for i in marks if i < body]
    if not marks or not any(re.match(r"\s*(?:Job Number|Date and Time)", line) for line in block[:12]):
        return block
    dates = [i for i, line in enumerate(block[:body]) if DATE.search(line) and len(line.strip()) < 60]
    start = (dates[-1] if dates else marks[-1]) - 1
    filled = 0
    while start > 0 and filled < 2:  # publication and title stand right above the date
        filled += bool(block[start].strip())
        start -= 1
    return block[start + 1 :]


def _head(head: list[str]) -> Facts:
    plain = [line for line in head if not _field().fullmatch(line) and not COPYRIGHT.fullmatch(line)]
    date = next((i for i, line in enumerate(plain) if DATE.search(line) and len(line) < 60), None)
    facts: Facts = {}
    if date is not None:
        facts["published"] = DATE.search(plain[date])[0]  # type: ignore[index]
        above = plain[:date]
    else:
        above = plain[:2]
    if above:
        facts["title"] = above[0]
    if len(above) > 1:
        facts["publisher"] = above[-1]
    return facts


def _lexis(block: list[str]) -> Facts:
    """Return an article of LexisNexis: publication, date, title, fields, paragraphs, fields, copyright."""
    filled = [line.strip() for line in block if line.strip()]
    date = next((i for i, line in enumerate(filled[:8]) if DATE.search(line)), None)
    facts: Facts = {"published": DATE.search(filled[date])[0]} if date is not None else {}  # type: ignore[index]
    above = [line for line in filled[: date or 0] if not COPYRIGHT.fullmatch(line)]
    if above:
        facts["publisher"] = above[0]
    rest = filled[(date if date is not None else -1) + 1 :]
    title = next(
        (i for i, line in enumerate(rest) if not _field().fullmatch(line) and not COPYRIGHT.fullmatch(line)), None
    )
    fields = [i for i, line in enumerate(rest) if _field().fullmatch(line)]
    if title is not None and (not fields or title < fields[0]):
        facts["title"] = rest[title]
        rest = rest[title + 1 :]
    return facts | {"text": _text(rest)} | _language(filled)


def _text(lines: list[str]) -> str:
    """Return the paragraphs among the lines: what is no field, up to the fields below the text."""
    kept: list[str] = []
    for line in lines:
        field = _field().fullmatch(line)
        if (
            field
            and field[1].lower() in _book()["foot"]
            and (field[1].isupper() or field[1].lower() in ("load-date", "subject"))
        ):
            if kept:
                break
        elif (
            (field and field[1].isupper())
            or (COPYRIGHT.fullmatch(line) and len(line) < 120)
            or line.lower() == "classification"
        ):
            if line.lower() == "classification":
                break
        elif not (field and not kept):
            kept.append(line)
    return "\n\n".join(kept)


def _language(lines: list[str]) -> Facts:
    for line in lines:
        found = re.match(r"\s*LANGUAGE\s*:\s*(\w+)", line, re.IGNORECASE)
        if found and found[1].lower() in languages():
            return {"language": languages()[found[1].lower()]}
    return {}


def _factiva(block: list[str]) -> Facts:
    """Return an article of Factiva: with its two-letter codes, or the head in its fixed order."""
    coded = _codes(block)
    if "HD" in coded or "LP" in coded:
        text = [line for code in FACTIVA_TEXT for line in coded.get(code, [])]
        return _told(" ".join(coded.get("HD", [])), text, coded.get("PD"), coded.get("SN"), coded.get("LA"))
    filled = [line.strip() for line in block if line.strip()]
    words = next((i for i, line in enumerate(filled) if WORDS.fullmatch(line)), None)
    if words is None:
        return {"text": "\n\n".join(filled)}
    head = filled[:words]
    if len(head) > 1 and re.match(r"(?:By|BY|von|Par) ", head[-1]):
        head = head[:-1]
    below = filled[words + 1 :]
    date = next((i for i, line in enumerate(below[:3]) if DATE.search(line)), None)
    right = next((i for i, line in enumerate(below[:10]) if COPYRIGHT.fullmatch(line)), None)
    tongue = next((i for i, line in enumerate(below[:10]) if line.lower() in languages()), None)
    start = max(i for i in (right, tongue, date, -1) if i is not None) + 1
    after = [line for line in below[(date if date is not None else -1) + 1 : start] if not TIME.fullmatch(line)]
    return _told(
        head[-1] if head else "",
        below[start:],
        [below[date]] if date is not None else None,
        after[:1],
        [below[tongue]] if tongue is not None else None,
    )


def _codes(block: list[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    code = None
    for line in block:
        mark = FACTIVA_CODE.fullmatch(line)
        if mark:
            code = mark[1]
            found.setdefault(code, [])
        text = (mark[2] or "") if mark else line
        if code and text.strip(" |"):
            found[code].append(text.strip(" |"))
    return found


def _told(
    title: str, text: list[str], date: list[str] | None, publisher: list[str] | None, language: list[str] | None
) -> Facts:
    facts: Facts = {"text": "\n\n".join(line for line in text if line.strip())}
    day = DATE.search(" ".join(date or []))
    known = {
        "title": title.strip(),
        "published": day[0] if day else None,
        "publisher": " ".join(publisher or []),
        "language": languages().get(" ".join(language or []).lower()),
    }
    return facts | {name: value for name, value in known.items() if value}
