"""Where results are kept: one JSON file a benchmark with date, commit and machine, and a history of all runs."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parent
RESULTS = BENCH / "results"
HISTORY = RESULTS / "history.jsonl"

Figures = dict[str, Any]


def keep(name: str, figures: Figures) -> None:
    """Write `results/<name>.json` and append the same to the history."""
    RESULTS.mkdir(exist_ok=True)
    entry = {"bench": name, "date": datetime.now(UTC).date().isoformat(), "commit": commit(), **machine(), **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(entry, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    with HISTORY.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(entry, ensure_ascii=False) + "\n")


def commit() -> str:
    """The commit that is measured, with a plus if files of it were changed since."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        cwd=BENCH, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return described.stdout.strip() or "unknown"


def machine() -> Figures:
    """The processor as it calls itself, and how many of its cores we may use."""
    cpu = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    return {"cpu": cpu, "cores": len(os.sched_getaffinity(0)), "python": platform.python_version()}


def table(rows: list[tuple[Any, ...]], head: tuple[str, ...]) -> str:
    """Rows as a Markdown table, columns aligned for the eye."""
    cells = [tuple(str(cell) for cell in row) for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
