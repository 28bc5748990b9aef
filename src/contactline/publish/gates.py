"""What a release must pass: nothing of an article's text in it, every span where it says, nothing gone unexplained."""

import hashlib
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from contactline import io, schema

RUN = 8  # words; a run this long that an article also has is the article's, not chance
LONGEST = 500  # characters a released cell may have; codes, names and addresses are far shorter
DENIED = {"text", "title", "headline", "sentence", "snippet"}
SUMS = "SHA256SUMS"
WORD = re.compile(r"\w+")


class GateError(ValueError):
    """A release that may not be cut, or a bundle that is not what it says."""


# ---- no article text
def runs(text: str) -> Iterator[str]:
    """Yield every run of eight words of `text`, lower case, single blanks."""
    words = WORD.findall(text.lower())
    for i in range(len(words) - RUN + 1):
        yield " ".join(words[i : i + RUN])


def leaks(released: Mapping[str, Iterable[str]], texts: Iterable[tuple[str, str]]) -> None:
    """Stop where a released string shares a run of eight words with an article.

    Args:
        released: where -> strings released there.
        texts: (article id, stored text), read one at a time.

    Raises:
        GateError: names the place, the article and the run.
    """
    where = {run: place for place, strings in released.items() for string in strings for run in runs(string)}
    for article_id, text in texts:
        for run in runs(text):
            if run in where:
                raise GateError(
                    f"{where[run]}: shares the words {run!r} with article {article_id}; texts are not released"
                )


def strings(tables: Mapping[str, pa.Table]) -> dict[str, list[str]]:
    """Return the distinct strings of each text column, by "table.column"."""
    return {
        f"{name}.{column}": pc.unique(table[column].drop_null()).to_pylist()
        for name, table in tables.items()
        for column in table.column_names
        if pa.types.is_string(table[column].type)
    }


def narrow(tables: Mapping[str, pa.Table]) -> None:
    """Stop where a table holds a column of article text or a cell long enough to be some.

    Raises:
        GateError: names table, column and extent.
    """
    for name, table in tables.items():
        for column in sorted(DENIED & set(table.column_names)):
            raise GateError(f"{name}.{column}: this column holds article text and is never released")
    for place, found in strings(tables).items():
        longest = max(map(len, found), default=0)
        if longest > LONGEST:
            raise GateError(f"{place}: a cell of {longest} characters; more than {LONGEST} look like article text")


# ---- spans
def spans(evidence: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> int:
    """Re-read every evidence span from the stored text and return how many there are.

    Raises:
        GateError: a span that points outside its article, or at blanks, or out of its sentence.
    """
    count = 0
    for row in evidence:
        text = texts.get(row["article_id"])
        where = f"evidence of {row['record_id']}, mention {row['mention_id']}"
        if text is None:
            raise GateError(f"{where}: article {row['article_id']} has no stored text")
        if not 0 <= row["sentence_start"] <= row["span_start"] < row["span_end"] <= row["sentence_end"] <= len(text):
            raise GateError(
                f"{where}: span {row['span_start']}-{row['span_end']} is not within its sentence and article"
            )
        span = text[row["span_start"] : row["span_end"]]
        if span != span.strip():
            raise GateError(f"{where}: span {span!r} begins or ends with a blank")
        count += 1
    return count


def figures(mentions: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> None:
    """Stop where the words that a casualty mention quotes for its figure do not stand in its sentence.

    Raises:
        GateError: names the mention and the words.
    """
    for row in mentions:
        sentence = texts[row["article_id"]][row["sentence_start"] : row["sentence_end"]]
        strange = set(WORD.findall(row["count_text"].lower())) - set(WORD.findall(sentence.lower()))
        if strange:
            raise GateError(f"{row['mention_id']}: count_text has {sorted(strange)} but its sentence has not")


# ---- a clean build
def clean_build(project: Path) -> None:
    """Stop where the pipeline's outputs are not what its inputs give.

    Raises:
        GateError: `dvc status` names stages to run again.
    """
    said = subprocess.run(["dvc", "status"], cwd=project, capture_output=True, text=True, check=False)
    if said.returncode or "up to date" not in said.stdout:
        raise GateError(f"the build is not clean; run `dvc repro` first:\n{(said.stdout + said.stderr).strip()}")


# ---- a bundle by itself
def sums(content: Mapping[str, bytes]) -> bytes:
    """Return SHA256SUMS over the files of a bundle, as `sha256sum -c` reads it."""
    lines = [f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content)]
    return "".join(lines).encode("ascii")


def same_hashes(folder: Path) -> int:
    """Compare every file of a bundle with SHA256SUMS and return how many there are.

    Raises:
        GateError: a file that is missing, extra or altered.
    """
    listing = folder / SUMS
    if not listing.is_file():
        raise GateError(f"{listing}: missing; {folder} is no complete bundle")
    said = {name: digest for digest, name in (line.split("  ", 1) for line in listing.read_text("ascii").splitlines())}
    present = {path.name for path in folder.iterdir()} - {SUMS}
    for name in sorted(said.keys() ^ present):
        raise GateError(f"{folder / name}: {'missing' if name in said else f'not in {SUMS}'}")
    for name, digest in sorted(said.items()):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise GateError(f"{folder / name}: altered; its hash is not the one in {SUMS}")
    return len(said)


def tables_of(folder: Path) -> dict[str, pa.Table]:
    """Return the released tables that lie in `folder`, by name.

    Raises:
        FileNotFoundError: one is missing.
    """
    return {table.name: io.read_arrow(table.name, folder) for table in schema.tables().values() if table.released}
