"""Draws the figures of the dataset's page: offline, and the same tables give the same bytes."""

import datetime as dt
import io as memory
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import combinations
from math import cos, log10, pi, sin
from typing import Any

import matplotlib as mpl
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

Row = Mapping[str, Any]
INK, GREY, PALE, SEA = "#222222", "#8a8a8a", "#e6e6e2", "#ffffff"
# Colours that the colour-blind can tell apart (Okabe and Ito).
SIDES = {"ARM": "#0072B2", "AZE": "#D55E00", None: "#8a8a8a"}
VOICES = {"own_side": "o", "other_side": "X", "third_party": "^", "narrator": "s"}
GROUPS = {"battle": "#D55E00", "remote": "#0072B2", "civilians": "#CC79A7", "territory": "#009E73"}
STYLE: Any = {
    "svg.hashsalt": "contactline",  # ids of the file's parts follow from it and not from chance
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "legend.frameon": False,
}


def _svg(figure: Figure) -> bytes:
    out = memory.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None}, facecolor="white")
    return b"\n".join(line.rstrip() for line in out.getvalue().splitlines()) + b"\n"


# ---- coverage by month and publisher
def coverage(articles: Sequence[Row], most: int = 20) -> bytes:
    """Draw the articles by month of publication, and by publisher for the `most` frequent."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 6.6), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=[1, 1.9])
        _months(above, [a["published_date"] for a in articles if a["published_date"]])
        counts = Counter(a["publisher"] or "not stated" for a in articles)
        top = sorted(counts.items(), key=lambda each: (-each[1], each[0].lower()))[:most][::-1]
        below.barh([name for name, _ in top], [count for _, count in top], color="#0072B2", height=0.7)
        below.set_title(f"Articles by publisher: the {len(top)} most frequent of {len(counts)}")
        below.tick_params(axis="y", length=0)
        below.xaxis.get_major_locator().set_params(integer=True)
        return _svg(figure)


def _months(axes: Axes, days: Sequence[dt.date]) -> None:
    counts = Counter((day.year, day.month) for day in days)
    first, last = min(counts), max(counts)
    months = [(n // 12, n % 12 + 1) for n in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])]
    axes.bar(range(len(months)), [counts[month] for month in months], color="#0072B2", width=0.85)
    ticks = [i for i, (_, month) in enumerate(months) if month in (1, 7) or i == 0]
    axes.set_xticks(ticks, [f"{dt.date(*months[i], 1):%b}\n{months[i][0]}" for i in ticks], fontsize=8)
    axes.set_title("Articles by month of publication")


# ---- claims of the killed, over time
def tolls(claims: Sequence[Row], episodes: Mapping[str, tuple[dt.date, dt.date]]) -> bytes:
    """Draw every claim of killed with a figure: when it was reported, how many, of which side, and who says so.

    Args:
        claims: rows of `casualties`.
        episodes: title -> first and last day of publication; one panel each.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 7.6), layout="constrained")
        panels = figure.subplots(len(episodes), 1, sharey=True)
        for axes, (title, (first, last)) in zip(panels, episodes.items(), strict=True):
            shown = [c for c in claims if _counts(c) and first <= c["reported_date"] <= last]
            _claims(axes, shown)
            axes.set_title(f"{title}: {len(shown)} claims")
            axes.set_xlim(first - dt.timedelta(days=1), last + dt.timedelta(days=1))
            axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=4, maxticks=8))  # type: ignore[no-untyped-call]
            axes.xaxis.set_major_formatter(dates.DateFormatter("%d %b"))  # type: ignore[no-untyped-call]
        figure.supylabel("killed, as claimed (lowest figure; logarithmic)", fontsize=9)
        figure.legend(
            handles=_keys(), loc="outside lower center", ncols=7, handletextpad=0.1, columnspacing=1.2, fontsize=7.5
        )
        return _svg(figure)


def _counts(claim: Row) -> bool:
    told = claim["harm"] == "killed" and claim["modality"] == "asserted" and claim["scope"] == "current"
    return bool(told and claim["count_low"] and claim["reported_date"])


def _claims(axes: Axes, claims: Sequence[Row]) -> None:
    for side, colour in SIDES.items():
        for voice, marker in VOICES.items():
            mine = [c for c in claims if _side(c) == side and c["attribution"] == voice]
            axes.scatter(
                [c["reported_date"] for c in mine],
                [c["count_low"] for c in mine],
                s=30,
                marker=marker,
                color=colour,
                alpha=0.75,
                linewidths=0.4,
                edgecolors="white",
            )
    axes.set_yscale("log")
    axes.set_ylim(0.7, 12000)
    axes.set_yticks([1, 10, 100, 1000, 10000], ["1", "10", "100", "1,000", "10,000"])
    axes.minorticks_off()
    axes.grid(axis="y", color=PALE)
    axes.set_axisbelow(True)


def _side(claim: Row) -> str | None:
    return claim["victim_country"] if claim["victim_country"] in SIDES else None


def _keys() -> list[Line2D]:
    names = {"ARM": "killed of Armenia's side", "AZE": "of Azerbaijan's", None: "others, or not said"}
    voices = {
        "own_side": "says their own side",
        "other_side": "other side",
        "third_party": "third party",
        "narrator": "article",
    }
    sides = [Line2D([], [], color=SIDES[side], marker="o", ls="", label=name) for side, name in names.items()]
    said = [Line2D([], [], color=INK, marker=VOICES[v], ls="", ms=5, label=name) for v, name in voices.items()]
    return [*sides, *said]


# ---- the map
COUNTRY = 6  # where_precision
FRAME = (43.6, 48.4, 38.7, 41.35)  # west, east, south, north


def where(events: Sequence[Row], most: int = 14) -> bytes:
    """Draw the violent events by place, hollow where only a region is known, and name the `most` frequent places.

    What is known by the country alone is not drawn.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8, 5.3), layout="constrained")
        axes = figure.subplots()
        _land(axes)
        spots = _spots(events)
        for spot in sorted(spots, key=lambda s: -s["count"]):
            vague = spot["precision"] >= 5
            axes.scatter(
                spot["longitude"],
                spot["latitude"],
                s=14 + 9 * spot["count"],
                facecolor="none" if vague else spot["colour"],
                edgecolor=spot["colour"] if vague else "white",
                linewidths=1.4 if vague else 0.5,
                alpha=0.85,
                zorder=4 if vague else 5,
            )
        _names(axes, spots, most)
        west, east, south, north = FRAME
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect(1 / cos((south + north) / 2 * pi / 180))
        axes.set_xlabel("longitude (degrees east)")
        axes.set_ylabel("latitude (degrees north)")
        keys = [Line2D([], [], color=colour, marker="o", ls="", label=group) for group, colour in GROUPS.items()]
        keys.append(Line2D([], [], color=GREY, marker="o", ls="", mfc="none", label="region only"))
        axes.legend(handles=keys, loc="lower left", fontsize=8, title="most events there", title_fontsize=8)
        return _svg(figure)


def _land(axes: Axes) -> None:
    borders = json.loads((files("contactline") / "publish" / "borders.json").read_text("utf-8"))
    for name, rings in borders["filled"].items():
        for ring in rings:
            axes.add_patch(Polygon(ring, closed=True, facecolor="#f1efe6", edgecolor="none", zorder=1, label=name))
    for line in borders["lines"]:
        axes.plot([x for x, _ in line], [y for _, y in line], color="#a5a29a", lw=0.7, zorder=2)
    for name, x, y in (("ARMENIA", 44.35, 40.72), ("AZERBAIJAN", 47.75, 40.75)):
        axes.text(x, y, name, color="#a5a29a", fontsize=10, ha="center", zorder=2)


def _spots(events: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the points at which violent events lie, each with their number and the colour of most of them."""
    at: dict[tuple[float, float], list[Row]] = {}
    west, east, south, north = FRAME
    for event in events:
        x, y = event["longitude"], event["latitude"]
        known = x is not None and event["where_precision"] < COUNTRY
        if event["event_group"] in GROUPS and known and west < x < east and south < y < north:
            at.setdefault((x, y), []).append(event)
    return [
        {
            "longitude": x,
            "latitude": y,
            "name": mine[0]["place_name"],
            "count": len(mine),
            "precision": min(e["where_precision"] for e in mine),
            "colour": GROUPS[max(GROUPS, key=lambda g: sum(e["event_group"] == g for e in mine))],
        }
        for (x, y), mine in sorted(at.items())
    ]


def _names(axes: Axes, spots: Sequence[Row], most: int) -> None:
    """Write the names of the largest spots, each where it covers no other."""
    taken = []
    for spot in spots:
        radius = 0.02 + 0.016 * spot["count"] ** 0.5  # degrees, about
        taken.append((spot["longitude"] - radius, spot["latitude"] - radius, 2 * radius, 2 * radius))
    for spot in sorted(spots, key=lambda s: (-s["count"], s["name"]))[:most]:
        away = 0.03 + 0.017 * spot["count"] ** 0.5
        width, height = 0.055 * len(spot["name"]) + 0.08, 0.075
        x, y = spot["longitude"], spot["latitude"]
        sides = {"left": x + away, "center": x - width / 2, "right": x - away - width}
        heights = (y - height / 2, y + away, y - away - height)
        options = [
            (sides[side], low, side)
            for low in heights
            for side in sides
            if side != "center" or low != heights[0]  # not upon the spot itself
        ]
        left, low, side = min(options, key=lambda o: (_overlap((*o[:2], width, height), taken), options.index(o)))
        taken.append((left, low, width, height))
        anchor = left + {"left": 0.01, "center": width / 2, "right": width - 0.01}[side]
        axes.text(anchor, low + 0.015, spot["name"], fontsize=7.5, ha=side, zorder=6)


def _overlap(box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]) -> float:
    left, low, width, height = box
    return sum(
        max(0.0, min(left + width, x + w) - max(left, x)) * max(0.0, min(low + height, y + h) - max(low, y))
        for x, y, w, h in taken
    )


# ---- who talked to whom
WHITE: Any = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8}
NUMBERED = 5  # contacts; a line for fewer has no number
SIDEWAYS = 0.3  # of the ring: a name farther out than this stands beside its spot and not above it


def contacts(parties: Mapping[str, Sequence[str]]) -> bytes:
    """Draw the network of contacts: a line between two parties is as broad as they had contacts.

    Args:
        parties: contact id -> names of the parties to it.
    """
    pairs = Counter(pair for names in parties.values() for pair in combinations(sorted(set(names)), 2))
    degree: Counter[str] = Counter()
    for pair, count in pairs.items():
        degree.update(dict.fromkeys(pair, count))
    spots = _ring_of(sorted(degree, key=lambda name: (-degree[name], name)))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.4, 6.4), layout="constrained")
        axes = figure.subplots()
        for (one, other), count in sorted(pairs.items(), key=lambda each: each[1]):
            (x, y), (to_x, to_y) = spots[one], spots[other]
            colour = INK if {one, other} == {"Armenia", "Azerbaijan"} else "#0072B2"
            axes.plot([x, to_x], [y, to_y], color=colour, lw=0.6 + 0.32 * count, alpha=0.35, zorder=1)
            if count >= NUMBERED:
                middle = ((x + to_x) / 2, (y + to_y) / 2)
                axes.text(*middle, str(count), fontsize=8, ha="center", va="center", bbox=WHITE, zorder=2)
        for name, (x, y) in spots.items():
            axes.scatter(x, y, s=60 + 200 * log10(degree[name] + 1), color="#D55E00", edgecolor="white", zorder=3)
            side = "center" if y == 0 or abs(x) < SIDEWAYS else "left" if x > 0 else "right"
            axes.annotate(
                name,
                (x, y),
                xytext=_aside(x, y),
                textcoords="offset points",
                fontsize=9,
                ha=side,
                va="center",
                bbox=WHITE,
                zorder=4,
            )
        axes.set_xlim(-2.0, 2.0)
        axes.set_ylim(-1.25, 1.25)
        axes.axis("off")
        return _svg(figure)


def _ring_of(names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return where each party stands: the two sides within, the others around them."""
    inner = {"Armenia": (-0.42, 0.0), "Azerbaijan": (0.42, 0.0)}
    around = [name for name in names if name not in inner]
    step = 2 * pi / max(1, len(around))
    places = {name: (1.2 * sin(i * step), 1.05 * cos(i * step)) for i, name in enumerate(around)}
    return {name: spot for name, spot in inner.items() if name in names} | places


def _aside(x: float, y: float) -> tuple[float, float]:
    if y == 0 or abs(x) < SIDEWAYS:
        return 0, 18 if y > 0 else -20
    return (14 if x > 0 else -14), 0
