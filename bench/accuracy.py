"""How good the answers are, by the command line that everybody has.

    .venv/bin/python bench/accuracy.py [FACES]

Builds an index of FACES/gallery, then asks matcher.py about FACES/probes (one more photo of each of these people: who
is it?) and FACES/strangers (who are not in the gallery: are their percentages even, does one star take too many?).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from record import keep, table

ROOT = Path(__file__).parent.parent
FACES = ROOT.parent / "shared" / "faces"


def main() -> int:
    """Measure, print, keep."""
    faces = Path(sys.argv[1]) if len(sys.argv) > 1 else FACES
    with tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch) / "index"
        run("build_index.py", "--photos", str(faces / "gallery"), "--out", str(index))
        probes = answers(index, sorted((faces / "probes").glob("*.jpg")))
        strangers = answers(index, sorted((faces / "strangers").glob("*.jpg")))
    right = sum(best(one).get("id") == re.sub(r"_\d+$", "", Path(one["photo"]).stem) for one in probes)
    similarities = [best(one)["similarity"] for one in strangers if one["faces"]]
    stars = Counter(best(one)["id"] for one in strangers if one["faces"])
    figures = {
        "probes": len(probes),
        "named_right": right,
        "named_right_share": round(right / len(probes), 4),
        "strangers": len(strangers),
        "strangers_answered": len(similarities),
        "ks_distance_from_even": round(distance_from_even(similarities), 4),
        "most_returned_star_share": round(stars.most_common(1)[0][1] / len(strangers), 4),
        "stars_returned": len(stars),
    }
    keep("accuracy", figures)
    print(table(list(figures.items()), ("figure", "value")))
    return 0


def run(script: str, *arguments: str) -> str:
    """Run one of the project's commands; its standard output."""
    command = [sys.executable, str(ROOT / script), *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def answers(index: Path, photos: list[Path]) -> list[dict[str, Any]]:
    """What matcher.py --json says of each photo."""
    return [
        json.loads(line) for line in run("matcher.py", "--json", "--index", str(index), *map(str, photos)).splitlines()
    ]


def best(answer: dict[str, Any]) -> dict[str, Any]:
    """The first star of the main face; empty if there is no face."""
    found: dict[str, Any] = answer["faces"][0]["matches"][0] if answer["faces"] else {}
    return found


def distance_from_even(values: list[float]) -> float:
    """Kolmogorov-Smirnov distance of the values from the uniform distribution on 0..1."""
    ordered = np.sort(values)
    n = len(ordered)
    return float(max((np.arange(1, n + 1) / n - ordered).max(), (ordered - np.arange(n) / n).max()))


if __name__ == "__main__":
    sys.exit(main())
