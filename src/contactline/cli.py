"""The commands: each parses its arguments, calls one module and says what was made."""

# Modules are imported inside the commands that need them, so that `contactline --help` is instant.

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

LEDGER, GOLD = Path("data/ledger"), Path("tests/gold")
RAW, TABLES, EXPECTATIONS, REPORTS = Path("data/raw"), Path("data/tables"), Path("expectations"), Path("reports")
CACHE, GED = Path(".cache"), Path("data/reference/ged_am_az.csv")

Folder = Annotated[Path, typer.Option(help="Folder of the tables.")]
Workers = Annotated[int, typer.Option(help="Processes to work with; 0 is as many as there are processors.")]

Executor = Annotated[str, typer.Option(help="What codes the articles: pool (processes on this machine) or dask.")]
Scheduler = Annotated[
    str | None, typer.Option(help="With --executor dask: a scheduler's address, or a SLURM settings file.")
]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Raw news articles to checked tables of conflict events, casualty claims and diplomatic contacts.",
)


def main() -> None:
    """Run a command; an error of ours is one message and exit status 1, not a traceback."""
    from contactline.schema import SchemaError

    try:
        app()
    except (SchemaError, OSError, ValueError, RuntimeError) as error:
        if sys.flags.dev_mode:
            raise
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(1) from error


@app.command()
def check(
    group: Annotated[str, typer.Argument(help="A table, or a group of tables: intake, mentions, records.")],
    folder: Folder = TABLES,
    expectations: Annotated[Path, typer.Option(help="Folder of the expectation files.")] = EXPECTATIONS,
    report: Annotated[Path | None, typer.Option(help="Where the report goes.")] = None,
) -> None:
    """Check tables against the codebook and their expectations; a broken one stops the run."""
    from contactline import checks, schema

    names = [t.name for t in schema.group(group)] if group in schema.groups() else [schema.table(group).name]
    warnings = checks.check(names, folder, expectations, report or REPORTS / "checks" / f"{group}.json")
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(f"{group}: {len(names)} tables hold what is expected of them")


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of raw articles.")],
    delivery: Annotated[str, typer.Option(help="Name of the delivery; its folder in data/raw.")],
    publisher: Annotated[str | None, typer.Option(help="Who published the articles, where one publisher did.")] = None,
    published: Annotated[str | None, typer.Option(help="The day they appeared (ISO), where it is one.")] = None,
    licence: Annotated[str | None, typer.Option(help="What one may do with them.")] = None,
    source: Annotated[str | None, typer.Option(help="Where they were fetched.")] = None,
    retrieved: Annotated[str | None, typer.Option(help="The day they were fetched (ISO); today by default.")] = None,
    mapping: Annotated[list[str] | None, typer.Option(help="field=column, for tables of articles.")] = None,
    raw: Annotated[Path, typer.Option(help="Folder of the deliveries.")] = RAW,
) -> None:
    """Bring raw articles in as a delivery; done twice, it changes nothing."""
    import datetime as dt

    from contactline.intake import deliveries

    pairs = [each.partition("=") for each in mapping or ()]
    for field, equals, _ in pairs:
        if not equals:
            raise ValueError(f"--mapping {field!r}: write it as field=column")
    added = deliveries.add(
        paths,
        delivery,
        raw,
        retrieved=dt.date.fromisoformat(retrieved) if retrieved else dt.datetime.now(tz=dt.UTC).date(),
        publisher=publisher,
        published_date=published,
        licence=licence,
        source=source,
        mapping={field: column for field, _, column in pairs},
    )
    typer.echo(f"{added.folder}: {added.copied:,} files copied, {added.present:,} there already; now run `dvc repro`")


@app.command()
def articles(
    raw: Annotated[Path, typer.Option(help="Folder of the deliveries.")] = RAW,
    folder: Folder = TABLES,
    workers: Workers = 0,
) -> None:
    """Read the raw deliveries: articles, their stored texts, the lines dropped and the items rejected."""
    from contactline import io, schema
    from contactline.intake import articles as intake
    from contactline.progress import progress

    names = [table.name for table in schema.group("intake")]
    alike = params("intake")["alike"]
    with progress("raw items read", None) as done:
        pieces = intake.tables(raw, alike=alike, cache=CACHE / "intake", workers=_workers(workers), done=done)
        counts = io.write_sorted(pieces, names, folder)
    _say(counts)


@app.command()
def mentions(
    folder: Folder = TABLES,
    workers: Workers = 0,
    model: str = "",
    executor: Executor = "pool",
    scheduler: Scheduler = None,
) -> None:
    """Code the articles of the articles table: the four tables of mentions and the contacts' participants."""
    from contactline import corpus, io, schema, shards
    from contactline.progress import progress

    articles = corpus.Codable(folder)
    chosen = model or params("coding")["model"]
    names = [table.name for table in schema.group("mentions")]
    with shards.Memory(CACHE / "mentions.sqlite") as memory, progress("articles coded", len(articles)) as done:
        run = _engine(executor, scheduler, _workers(workers))
        rows = shards.code(articles, run=run, model=chosen, memory=memory, done=done)
        counts = io.write_sorted(rows, names, folder)
    _say(counts)


@app.command()
def records(
    folder: Folder = TABLES, ledger: Annotated[Path, typer.Option(help="Folder of the ledger.")] = LEDGER
) -> None:
    """Join mentions into records: events, casualties, contacts, statements, and the evidence behind each."""
    from contactline import io, schema
    from contactline.records import corrections, tables

    mentions = io.Stored([table.name for table in schema.group("mentions")], folder)
    articles, before = io.read_arrow("articles", folder), io.StoredLedger(ledger)
    pieces = tables.made(mentions, articles, before, corrections.rulebook(), params("records"))
    counts = io.write_records(pieces, folder, ledger)
    _say({table.name: counts[table.name] for table in schema.group("records")})


@app.command()
def code(
    documents: Annotated[Path, typer.Argument(help="JSON lines: id, text; optionally published_date, publisher, url.")],
    out: Annotated[Path, typer.Option(help="Folder for the tables.")],
    workers: Workers = 1,
    model: str = "",
    executor: Executor = "pool",
    scheduler: Scheduler = None,
) -> None:
    """Code articles outside the pipeline; a line that is no article, or cannot be coded, becomes a row of `rejects`."""
    from contactline import corpus, io, schema, shards
    from contactline.progress import progress
    from contactline.reading.language import MODELS

    if not documents.is_file():
        raise FileNotFoundError(f"{documents}: no such file")
    names = [table.name for table in schema.group("mentions")]
    rejects: list[dict[str, Any]] = []

    def refused(error: shards.ArticleError) -> None:
        article_id, failure = error.args
        row = {"locator": f"id {article_id}", "reason": "coder_failed", "detail": f"the coder failed with {failure}"}
        rejects.append({"delivery": documents.name, **row})
        typer.echo(f"warning: {error}", err=True)

    with progress("articles coded", None) as told:

        def done(more: int, _: int) -> None:
            told(more, len(rejects))  # lines that are no article too

        articles = corpus.documents(documents, rejects)
        run = _engine(executor, scheduler, workers)
        rows = shards.code(articles, run=run, model=model or MODELS[0], done=done, refused=refused)
        counts = io.write_streams(rows, names, out)
    io.write(rejects, "rejects", out)
    _say(counts | {"rejects": len(rejects)})


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Option(help="Folder of the annotated articles.")] = GOLD,
    raw: Annotated[Path, typer.Option(help="Folder of the deliveries.")] = RAW,
    reports: Annotated[Path, typer.Option(help="Folder for metrics.json and errors.csv.")] = REPORTS,
) -> None:
    """Score the coder on the annotated articles: metrics by half and table, and every row missed or wrong."""
    import csv
    import json

    metrics, errors, _ = _measured(gold, raw)
    reports.mkdir(parents=True, exist_ok=True)
    (reports / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    with (reports / "errors.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["table", "half", "article", "error", "row"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(errors)
    for half, tables in metrics.items():
        for table, found in tables.items():
            typer.echo(
                f"{half} {table}: F1 {found['f1']:.3f}, strict {found['strict_f1']:.3f}, {found['gold']:.0f} rows"
            )


@app.command()
def floors(
    reason: Annotated[str | None, typer.Option(help="Why a floor goes down or the annotations changed.")] = None,
    gold: Annotated[Path, typer.Option(help="Folder of the annotated articles.")] = GOLD,
    raw: Annotated[Path, typer.Option(help="Folder of the deliveries.")] = RAW,
) -> None:
    """Set the floors under the coder's accuracy to what it reaches now; lowering one takes a reason."""
    import yaml

    from contactline import gold as annotated

    metrics, _, fingerprint = _measured(gold, raw)
    path = gold / "floors.yml"
    new = annotated.new_floors(metrics, fingerprint, annotated.read_floors(path), reason)
    path.write_text(yaml.safe_dump(new, sort_keys=False, allow_unicode=True), encoding="utf-8")
    typer.echo(f"{path}: floors set")


def _measured(gold: Path, raw: Path) -> tuple[Any, Any, str]:
    from contactline import gold as annotated
    from contactline import shards

    found = annotated.load(gold, raw)
    with shards.Memory(CACHE / "mentions.sqlite") as memory:
        rows = shards.code(found.articles, model=params("coding")["model"], memory=memory)
        coded = {article.article_id: each for article, each in zip(found.articles, rows, strict=True)}
    return *annotated.measure(found, coded), found.fingerprint


@app.command()
def agreement(
    one: Annotated[Path, typer.Argument(help="Annotations (JSON lines), or a folder of mention tables.")],
    other: Annotated[Path, typer.Argument(help="Another coding of the same articles.")],
    out: Annotated[Path | None, typer.Option(help="A CSV file to write the columns' agreement to.")] = None,
) -> None:
    """Say how far two codings agree, row by row and column by column: people's, or people's and the machine's."""
    import csv

    from contactline import agreement as between

    found, agreed = between.agreement(between.read(one), between.read(other))
    for line in between.lines(found, agreed):
        typer.echo(line)
    if out:
        with out.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened, lineterminator="\n")
            writer.writerow(["table", "column", "pairs", "share", "alpha"])
            for each in agreed:
                alpha = "" if each.alpha is None else f"{each.alpha:.4f}"
                writer.writerow([each.table, each.column, each.pairs, f"{each.share:.4f}", alpha])


@app.command()
def explain(
    record_id: Annotated[str, typer.Argument(help="Id of an event, casualty claim, contact or statement.")],
    folder: Folder = TABLES,
) -> None:
    """Show where a record comes from: its mentions, the sentences with the span marked, rules and addresses."""
    from contactline.explain import explain as explanation

    typer.echo(explanation(record_id, folder))


@app.command()
def release(
    version: Annotated[str, typer.Argument(help="CalVer data version, like 2026.11.0.")],
    date: Annotated[str, typer.Option(help="Day of the release (ISO).")],
    out: Annotated[Path | None, typer.Option(help="Folder of the bundle; data/release/VERSION by default.")] = None,
    previous: Annotated[Path | None, typer.Option(help="Folder of the release before.")] = None,
    folder: Folder = TABLES,
) -> None:
    """Pack what the pipeline made and the checks passed into a release."""
    import datetime as dt

    from contactline.publish import bundle, gates

    gates.clean_build(Path())
    source = bundle.Source(folder, REPORTS / "checks", Path("dvc.lock"), previous)
    target = out or Path("data/release") / version
    for line in bundle.release(version, dt.date.fromisoformat(date), source, target):
        typer.echo(line)
    typer.echo(f"{target}: release {version}")


@app.command()
def verify(folder: Annotated[Path, typer.Argument(help="Folder of a downloaded release.")]) -> None:
    """Check a downloaded release: its hashes, its tables, and that no article text is in it."""
    from contactline.publish import bundle

    for line in bundle.verify(folder):
        typer.echo(line)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Folder of the older release.")],
    new: Annotated[Path, typer.Argument(help="Folder of the newer release.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write changes.parquet to.")] = None,
) -> None:
    """Compare two releases row by row, each difference with its reason."""
    from contactline import io
    from contactline.publish import bundle
    from contactline.publish import diff as comparison

    pair = [comparison.Release(folder, bundle.version_of(folder)) for folder in (old, new)]
    found = comparison.changes(*pair)
    for line in comparison.summary(found):
        typer.echo(line)
    if out:
        typer.echo(f"{io.write_arrow(found, 'changes', out)}: {len(found):,} rows")


@app.command()
def page(
    folder: Folder = TABLES,
    reference: Annotated[Path, typer.Option(help="Rows of UCDP GED to compare with.")] = GED,
    out: Annotated[Path, typer.Option(help="Folder of the page; its figures go beside it.")] = Path("docs"),
) -> None:
    """Write the dataset's own page: counts, figures, and the comparison with UCDP GED."""
    from contactline import io
    from contactline.publish import page as dataset

    made = dataset.page(lambda name: io.read_arrow(name, folder), dataset.reference_rows(reference))
    for name, content in made.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    typer.echo(f"{out / 'dataset.md'}: written, with {len(made) - 1} figures")


@app.command()
def register(folder: Annotated[Path, typer.Argument(help="Folder of a release that is being published.")]) -> None:
    """Enter a release into the registry of the package, whose hashes the loader compares."""
    from contactline.load import releases
    from contactline.publish import gates

    gates.same_hashes(folder)
    typer.echo(f"{releases.REGISTRY}: release {releases.register(folder)} entered")


@app.command()
def sample(
    first: Annotated[str, typer.Option(help="First day of publication (ISO).")] = "2022-09-12",
    last: Annotated[str, typer.Option(help="Last day of publication (ISO).")] = "2022-09-30",
    folder: Folder = TABLES,
    out: Annotated[Path, typer.Option(help="Folder of the sample.")] = Path("src/contactline/sample"),
) -> None:
    """Cut the sample that comes with the package: the records of a few days, with all that stands behind them."""
    import datetime as dt

    from contactline import io
    from contactline.publish import sample as cut

    days = [dt.date.fromisoformat(day) for day in (first, last)]
    made = cut.sample(lambda name: io.read_arrow(name, folder), *days)
    for name, table in made.items():
        io.write_arrow(io.checked(name, table), name, out)
    _say({name: len(table) for name, table in made.items()})


@app.command()
def codebook(out: Annotated[Path, typer.Option(help="The page to write.")] = Path("docs/codebook.md")) -> None:
    """Write the codebook page from the codebook."""
    from contactline.publish.codebook import markdown

    out.write_text(markdown(), encoding="utf-8")
    typer.echo(f"{out}: written")


def _engine(executor: str, scheduler: str | None, workers: int) -> Any:
    from contactline import cluster, shards

    if executor == "dask":
        return cluster.dask(scheduler, workers)
    if executor != "pool":
        raise ValueError(f"--executor {executor}: the executors are pool and dask")
    if scheduler:
        raise ValueError("--scheduler: only --executor dask has one")
    return shards.engine(workers)


def _workers(asked: int) -> int:
    """Return how many processes to use: as many as asked, or as there are processors."""
    import os

    return asked or os.cpu_count() or 1


def params(section: str) -> dict[str, Any]:
    """Return one section of params.yaml.

    Raises:
        ValueError: the file has no such section.
    """
    import yaml

    found = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    if section not in found:
        raise ValueError(f"params.yaml: no section {section!r}")
    chosen: dict[str, Any] = found[section]
    return chosen


def _say(counts: dict[str, int]) -> None:
    for name, count in counts.items():
        typer.echo(f"{name}: {count:,} rows")


if __name__ == "__main__":
    main()
