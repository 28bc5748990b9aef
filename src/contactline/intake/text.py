"""Bytes to text, and text to the form it is stored in."""

import re
import unicodedata

from contactline.intake.found import RejectError

LONGEST = 1_000_000  # characters of one article; a longer one is a book or a broken file
BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
SAMPLE = 1 << 16  # bytes that the encoding is guessed from
STRAY = 0.02  # share of bytes that may be of another encoding than the rest
ODD_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\x0b\x0c\r\x1b")
CONTROL = 0.01  # share of control bytes above which a file is no text

# Unicode's control characters, and the marks that print nothing and part words or turn them round.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of some bytes, whatever encoding they are in.

    UTF-8 with a few stray bytes of Windows-1252 (pasted quotes) is read as such; other encodings are guessed.

    Args:
        data: the bytes of a whole text.
        declared: the encoding that its carrier states; tried after UTF-8.

    Raises:
        RejectError: `undecodable`: the bytes are no text.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, errors="replace")
    _refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        stray = _stray(data)
    if stray:
        return stray
    for encoding in filter(None, (declared, _guess(data), "cp1252")):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def stored(text: str, title: str | None = None) -> str:
    """Return a text as it is stored: NFC, line ends as newlines, no control characters, the headline on top.

    Raises:
        RejectError: `no_text` where nothing is left, `too_large` over `LONGEST` characters.
    """
    clean = _clean(text)
    if not re.search(r"\w", clean):
        raise RejectError("no_text", "no letter or figure in it")
    if len(clean) > LONGEST:
        raise RejectError("too_large", f"{len(clean):,} characters; an article has at most {LONGEST:,}")
    head = headline(title)
    if head and not _opens_with(clean, head):
        clean = f"{head}\n\n{clean}"
    return clean


def headline(title: str | None) -> str | None:
    """Return a headline on one line, or None where there is none."""
    return one_line(title)


def one_line(written: str | None) -> str | None:
    """Return a name, an address or a headline on one line, fit to be stored; None where nothing is left."""
    return (" ".join(_clean(written).split()) or None) if written else None


def plain(line: str) -> str:
    """Return a line's words in lower case, for comparing lines that differ in punctuation only."""
    return " ".join(re.findall(r"\w+", line.lower()))


def _clean(text: str) -> str:
    lines = UNSEEN.sub("", LINE_END.sub("\n", text))
    return unicodedata.normalize("NFC", lines).strip()


def _opens_with(text: str, head: str) -> bool:
    """Say whether one of the first lines is the headline already; a stray caption may stand above it."""
    first = [line for line in text[:4000].split("\n") if line.strip()][:4]
    return plain(head) in {plain(line) for line in first}


def _refuse_binary(data: bytes) -> None:
    sample = data[:SAMPLE]
    odd = len(sample) - len(sample.translate(None, ODD_BYTES))
    if odd > CONTROL * len(sample) + 1:
        raise RejectError("undecodable", f"{odd:,} control bytes among the first {len(sample):,}: not a text")


def _wide(data: bytes) -> str | None:
    """Return UTF-16 where every other byte of a sample is mostly zero: text of two bytes a character without a mark."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 8 or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _stray(data: bytes) -> str | None:
    """Return UTF-8 with single bytes of Windows-1252 among it, or None where too few bytes are UTF-8."""
    text = data.decode("utf-8", errors="surrogateescape")
    strays = len(re.findall("[\udc80-\udcff]", text))
    wide = sum(character > "\x7f" for character in text[: 10 * SAMPLE]) - strays
    if wide < strays or strays > STRAY * len(data):
        return None
    return re.sub("[\udc80-\udcff]", lambda m: bytes([ord(m.group()) - 0xDC00]).decode("cp1252", "replace"), text)


def _guess(data: bytes) -> str | None:
    from resiliparse.parse.encoding import detect_encoding

    found: str | None = detect_encoding(data[:SAMPLE], html5_compatible=False)
    return found
