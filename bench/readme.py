"""Put what was measured, and the table of settings, into the README between their markers.

.venv/bin/python bench/readme.py            # rewrite README.md
.venv/bin/python bench/readme.py --check    # exit 1 if that would change it
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from record import RESULTS, table

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
sys.path.insert(0, str(ROOT))

from config import settings_table  # noqa: E402 - the project is found by the line above


def result(name: str) -> dict[str, Any]:
    """What a benchmark kept."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def source(found: dict[str, Any]) -> str:
    """Where and when it was measured."""
    return f"*{found['date']}, commit {found['commit']}, {found['cores']} cores of {found['cpu']}*"


def accuracy() -> str:
    """Naming, evenness, hubs."""
    found = result("accuracy")
    rows = [
        (f"unseen photos of the {found['probes']} people of a gallery, named right",
         f"{found['named_right']} = {100 * found['named_right_share']:.1f}%"),
        (f"percentages of {found['strangers']} strangers, Kolmogorov–Smirnov distance from even",
         f"{found['ks_distance_from_even']:.3f}"),
        ("strangers whom the most frequent star takes", f"{100 * found['most_returned_star_share']:.2f}%"),
        ("different stars among the strangers' answers", str(found["stars_returned"])),
    ]  # fmt: skip
    return f"{table(rows, ('', ''))}\n\n{source(found)}, `bench/accuracy.py`"


BLOCKS: dict[str, Callable[[], str]] = {"settings": settings_table, "accuracy": accuracy}


def filled(text: str) -> str:
    """The README with every block made anew."""
    for name, make in BLOCKS.items():
        pattern = rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- /{name} -->)"
        text, found = re.subn(pattern, rf"\g<1>{_escaped(make())}\n\g<2>", text, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"README.md has {found} blocks {name!r}")
    return text


def _escaped(replacement: str) -> str:
    return replacement.replace("\\", r"\\")


def main() -> int:
    """Rewrite, or check."""
    text = README.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(filled(text) != text)
    README.write_text(filled(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
