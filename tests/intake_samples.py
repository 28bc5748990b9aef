"""Articles about invented states, in the forms in which raw deliveries bring them."""

import io
import zipfile

FIRST = "Gondor shelled three villages of Arnor overnight, the ministry of defence in Fornost said on Tuesday."
SECOND = "At least 12 soldiers of Arnor were killed and 30 were wounded in the attack, according to the ministry."
THIRD = "Gondor denied the report and said that its forces had answered fire from the other side of the river."
BODY = "\n\n".join((FIRST, SECOND, THIRD))
TITLE = "Arnor says 12 soldiers were killed by Gondor's shelling"
URL = "https://herald.example/2022/09/13/shelling"

MARKDOWN = f"""---
title: "{TITLE}"
publisher: The Gondor Herald
published: 2022-09-13
based_on_url: "{URL}"
---

{BODY}
"""

PAGE = f"""<!doctype html><html lang="en"><head><title>{TITLE} | The Gondor Herald</title>
<meta property="og:site_name" content="The Gondor Herald"><meta property="og:title" content="{TITLE}">
<meta property="og:url" content="{URL}"><meta property="article:published_time" content="2022-09-13T10:00:00Z">
<script>alert("never run")</script></head><body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>
<p>{FIRST.replace("three", "four")}</p><p>{THIRD.replace("Gondor", "The king of Gondor")}</p></article>
<footer><p>All rights reserved.</p></footer></body></html>"""

FEED = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Gondor Herald</title><item><title>{TITLE}</title><link>{URL}</link>
<pubDate>Tue, 13 Sep 2022 10:00:00 GMT</pubDate><description>short</description>
<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND} &amp; more.</p>]]></content:encoded></item>
<item><title>Empty</title></item></channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gondor Herald</title><entry><title>{TITLE}</title>
<link href="{URL}"/><updated>2022-09-13T10:00:00Z</updated><summary>{BODY}</summary></entry></feed>"""

NEXIS_UNI = f"""Arnor counts its dead after a night of shelling
The Gondor Herald
September 13, 2022 Tuesday
Copyright 2022 The Gondor Herald All Rights Reserved
Section: WORLD; Pg. 4
Length: 310 words
Byline: Odo Proudfoot
Body

{FIRST}

{SECOND}

Load-Date: September 14, 2022

End of Document

A truce in Ithilien
The Arnor Times
14 September 2022
Length: 120 words
Body

{THIRD}

Load-Date: September 15, 2022

End of Document
"""

LEXIS = f"""
                               1 of 2 DOCUMENTS

                              The Gondor Herald

                          September 13, 2022 Tuesday

Arnor counts its dead

BYLINE: Odo Proudfoot

SECTION: WORLD; Pg. 4

LENGTH: 310 words

DATELINE: FORNOST

{FIRST}

{SECOND}

LOAD-DATE: September 14, 2022

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

                     Copyright 2022 The Gondor Herald
                              All Rights Reserved

                               2 of 2 DOCUMENTS

                              The Arnor Times

                          September 14, 2022 Wednesday

A truce in Ithilien

LENGTH: 90 words

{THIRD}

LANGUAGE: ENGLISH
"""

FACTIVA = f"""World
Arnor counts its dead
By Odo Proudfoot
310 words
13 September 2022
16:45
Gondor News Agency
GNA
English
(c) 2022 Gondor News

{FIRST}

{SECOND}

Document GNA0000020220913ei9d00abc
""".replace("ei9d00abc", "EI9D00ABC")

FACTIVA_CODED = f"""SE  World
HD  Arnor counts its dead
BY  Odo Proudfoot
WC  310 words
PD  13 September 2022
SN  Gondor News Agency
SC  GNA
LA  English
CY  (c) 2022 Gondor News
LP
{FIRST}
TD
{SECOND}
CO  gnd : Gondor
AN
Document GNA0000020220913EI9D00ABD
"""

FACTIVA_PAGE = f"""<html><head><title>Factiva</title></head><body>
<div class="article enArticle"><div id="hd"><span class="enHeadline">Arnor counts its dead</span></div>
<div class="author">By Odo Proudfoot</div><div>310 words</div><div>13 September 2022</div><div>16:45</div>
<div>Gondor News Agency</div><div>GNA</div><div>English</div><div>Copyright 2022 Gondor News</div>
<p class="articleParagraph enarticleParagraph">{FIRST}</p><p class="articleParagraph enarticleParagraph">{SECOND}</p>
<p>Document GNA0000020220913EI9D00ABC</p></div></body></html>"""


def docx(text: str) -> bytes:
    """Return a Word document with a paragraph for each line."""
    import docx

    document, out = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def rtf(text: str) -> bytes:
    """Return a rich text with a paragraph for each line."""
    lines = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").split("\n")
    return ("{\\rtf1\\ansi\\deff0 " + "\\par\n".join(lines) + "}").encode("cp1252")


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a zip archive of `members`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def warc(*responses: tuple[str, str, bytes]) -> bytes:
    """Return a compressed crawl of (address, HTTP head, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, head, body in responses:
        status, _, kind = head.partition(";")
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=headers))
    return out.getvalue()
