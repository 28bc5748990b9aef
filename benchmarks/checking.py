"""What checking a table takes: by pandas, and counted by Arrow batch by batch.

    python benchmarks/checking.py --rows 100000 1000000

The rows are those of the project's table of event mentions, repeated under new keys; each way runs in its own process.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from contactline import checks, io, schema

ROOT = Path(__file__).parent.parent
NAME = "event_mentions"


def repeated(tables: Path, wanted: int) -> pa.Table:
    """Return at least `wanted` rows of the table, each under a key of its own."""
    table = io.read_arrow(NAME, tables)
    copies = []
    for number in range(wanted // len(table) + 1):
        keys = pc.binary_join_element_wise(table["mention_id"], f"{number:05}", "~")
        copies.append(table.set_column(table.schema.get_field_index("mention_id"), table.field("mention_id"), keys))
    return pa.concat_tables(copies).combine_chunks()


def measure(tables: Path, rows: int, way: str) -> None:
    """Check so many rows in one way and print what it took."""
    table = schema.table(NAME)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        io.write_arrow(io.read_arrow("articles", tables), "articles", folder)
        subprocess.run(
            [sys.executable, __file__, "--tables", tables, "--rows", str(rows), "--write", folder], check=True
        )
        suite = checks.implied(table, folder) + checks.written(table, ROOT / "expectations")
        begun = time.process_time()
        if way == "arrow":
            outcomes = checks.count(table, folder, suite)
        else:
            outcomes = checks.validate(table, io.read(NAME, folder), suite)
        took = time.process_time() - begun
    failed = [str(outcome) for outcome in outcomes if outcome.stops]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{outcomes[0].rows:,} rows by {way}: {len(outcomes)} expectations, {len(failed)} broken, {took:.1f} s,"
        f" {peak:,.0f} MB"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, default=ROOT / "data" / "tables")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--way", choices=("arrow", "pandas"), help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    for rows in asked.rows:
        if asked.write:
            io.write_arrow(io.checked(NAME, repeated(asked.tables, rows)), NAME, asked.write)
        elif asked.way:
            measure(asked.tables, rows, asked.way)
        else:
            for way in ("pandas", "arrow"):
                again = [sys.executable, __file__, "--tables", asked.tables, "--rows", str(rows), "--way", way]
                subprocess.run(again, check=True)


if __name__ == "__main__":
    main()
