"""Make publish/borders.json anew: the borders around the South Caucasus, from Natural Earth (public domain).

Usage: python scripts/make_borders.py countries-10m.json

`countries-10m.json` comes with the npm package world-atlas 2.0.2, which packs Natural Earth's 1:10m countries.
"""

import json
import sys
from pathlib import Path

COUNTRIES = ("Armenia", "Azerbaijan", "Georgia", "Iran", "Russia", "Turkey")
FILLED = ("Armenia", "Azerbaijan")
WEST, EAST, SOUTH, NORTH = 42.0, 51.5, 37.5, 42.5  # degrees: somewhat more than the map shows
OUT = Path(__file__).parent.parent / "src" / "contactline" / "publish" / "borders.json"


def main(path: Path) -> None:
    """Read the topology at `path` and write the lines and the filled countries."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [_line(topology, arc) for arc in topology["arcs"]]
    lines, filled, seen = [], {}, set()
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        if name not in COUNTRIES:
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [ring for polygon in polygons for ring in polygon]
        if name in FILLED:
            filled[name] = [_ring(ring, arcs) for ring in rings]
        for number in (n if n >= 0 else ~n for ring in rings for n in ring):
            if number not in seen:
                seen.add(number)
                lines += _inside(arcs[number])
    OUT.write_text(json.dumps({"lines": lines, "filled": filled}, separators=(",", ":")) + "\n", encoding="utf-8")


def _line(topology: dict, arc: list) -> list:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append([round(x * sx + tx, 3), round(y * sy + ty, 3)])
    return points


def _ring(numbers: list, arcs: list) -> list:
    points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc if not points else arc[1:]
    return points


def _inside(points: list) -> list:
    """Return the runs of `points` that lie in the box."""
    runs, run = [], []
    for x, y in points:
        if WEST <= x <= EAST and SOUTH <= y <= NORTH:
            run.append([x, y])
        else:
            runs, run = [*runs, run], []
    return [each for each in [*runs, run] if len(each) > 1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
