"""What loading takes: a million rows, and the import before it.

    python benchmarks/loading.py          # promised: import under 0.2 s, a million claims in under 1 s

The claims are those of the sample, repeated under new keys.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

import contactline
from contactline import io


def seconds(call: Callable[[], Any], rounds: int = 5) -> str:
    """Return the shortest of `rounds` times that `call` takes, by the clock and of the processors."""
    clock, processors = [], []
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        call()
        clock.append(time.perf_counter() - start)
        processors.append(time.process_time() - used)
    return f"{min(clock):.2f} s, {min(processors):.2f} s of processor"


def many(rows: int) -> pa.Table:
    """Return the sample's claims, repeated to `rows` rows under new keys."""
    claims = contactline.load_sample("casualties", backend="pyarrow")
    repeated = pa.concat_tables([claims] * (rows // len(claims) + 1)).slice(0, rows)
    keys = pa.array([f"ca-{i:09d}" for i in range(rows)])
    return repeated.set_column(0, repeated.schema.field(0), keys).replace_schema_metadata(claims.schema.metadata)


def main(rows: int) -> None:
    """Print what importing and loading take."""
    imported = [
        sys.executable,
        "-c",
        "import time; t = time.perf_counter(); import contactline; print(time.perf_counter() - t)",
    ]
    best = min(float(subprocess.run(imported, capture_output=True, text=True, check=True).stdout) for _ in range(5))
    print(f"import contactline: {best:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        io.write_arrow(many(rows), "casualties", Path(folder))
        size = io.path_of("casualties", Path(folder)).stat().st_size / 1e6
        print(f"{rows:,} claims, {size:.1f} MB:")
        for name, wanted in {
            "whole, pandas": {},
            "whole, pyarrow": {"backend": "pyarrow"},
            "three columns of the captured": {
                "columns": ["casualty_id", "count_low", "victim_country"],
                "filters": [("harm", "==", "captured")],
            },
        }.items():
            taken = seconds(lambda wanted=wanted: contactline.load("casualties", folder=folder, **wanted))
            print(f"  {name}: {taken}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=1_000_000)
    main(asked.parse_args().rows)
