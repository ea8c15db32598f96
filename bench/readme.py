"""Put what was measured, and the table of settings, into the README between their markers.

.venv/bin/python bench/readme.py            # rewrite README.md
.venv/bin/python bench/readme.py --check    # exit 1 if that would change it
.venv/bin/python bench/readme.py --print    # all figures, one after the other
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

from lookalike.core.settings import CollectorSettings, settings_table  # noqa: E402 - the project is found by the line above


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


def setup() -> str:
    """What a stranger waits for."""
    found = result("setup")
    return (
        f"In a fresh clone with an empty home directory, downloads included: `make run` serves the page after "
        f"{found['make_run_first_s']} s, the second time after {found['make_run_again_s']} s; `make test` takes "
        f"{found['make_test_s']} s ({found['tests'].split(' in ')[0]}).\n\n{source(found)}, `bench/setup.py`"
    )


def load() -> str:
    """The whole bot under load."""
    found = result("load")
    rows = [
        (label, f"{run['rate']:g}", run["answered"], run["lost"], run["repeated"], run["answers_per_s"],
         f"{run['p50_ms']:.0f} / {run['p95_ms']:.0f}",
         f"{run['bot_cpu_ms']} + {run['workers_cpu_ms']} + {run['stand_in_cpu_ms']}")
        for label, run in found["runs"].items()
    ]  # fmt: skip
    head = ("load", "photos/s sent", "answered", "lost", "repeated", "answers/s", "ms p50 / p95",
            "CPU ms an answer: bot + workers + stand-in")  # fmt: skip
    return f"{table(rows, head)}\n\n{source(found)}, `bench/load.py`"


def stages() -> str:
    """Where the time of a photo goes, beside the published pipeline and face_recognition."""
    found = result("stages")
    pipelines = [found[f"{name}_ms"] for name in ("published", "face_recognition", "ours")]
    names = list(dict.fromkeys(name for times in pipelines for name in times))
    rows = [(name, *(times.get(name, "–") for times in pipelines)) for name in names]
    sums = [round(sum(value for name, value in times.items() if name != "share card"), 1) for times in pipelines]
    rows.append(("**to the answer**", *(f"**{value}**" for value in sums)))
    head = ("CPU ms a photo, median", "published", "face_recognition", "ours")
    return f"{table(rows, head)}\n\n{source(found)}, {found['photos']} photos, `bench/stages.py`"


def crops() -> str:
    """Accuracy against time."""
    found = result("crops")
    rows = [
        (row["crops"], row["passes"], f"{row['named_by_score']}/{row['probes']}", f"{100 * row['pairs_wrong']:.2f}%",
         row["ks"], row["network_ms"])
        for row in found["rows"]
    ]  # fmt: skip
    head = ("crops averaged (padding)", "passes", "named right", "pairs told wrong", "KS of strangers", "CPU ms a face")
    return f"{table(rows, head)}\n\n{source(found)}, `bench/crops.py`"


def detection() -> str:
    """The cascade beside one large pass."""
    found = result("detection")
    mmod = found["mmod"]
    return (
        f"{table([tuple(row) for row in found['rows']], tuple(found['head']))}\n\n"
        f"dlib's MMOD network found {mmod['found_by_mmod']} of the {mmod['missed_by_reference']} photos in which the "
        f"large pass sees nobody, at {mmod['cpu_ms']} ms a photo: it is not used.\n\n"
        f"{source(found)}, `bench/detection.py`"
    )


def starting() -> str:
    """Start and build."""
    found = result("starting")
    rows = [tuple(build.values()) for build in found["builds"]]
    head = ("photos", "seconds", "photos/s and core", "CPU ms a photo", "builder MB")
    return (
        f"Ready {found['ready_s']} s after the start; {found['bot_mb']:.0f} MB for the bot, "
        f"{found['worker_mb']:.0f} MB a worker. Building a gallery from nothing:\n\n"
        f"{table(rows, head)}\n\n{source(found)}, `bench/starting.py`"
    )


def search() -> str:
    """How the index grows."""
    found = result("search")
    rows = [
        (f"{row['size']:,}", f"{row['library']} {row['version']}", f"{row['k100']['recall_at_10']:.4f}",
         f"{row['k100']['p50_us']:.0f} / {row['k100']['p95_us']:.0f}", row["build_cpu_s"], row["load_s"],
         row["memory_mb"], f"{row['k100']['same_star']:.3f}")
        for row in found["rows"] if row["size"] in (10_000, 100_000, 1_000_000)
    ]  # fmt: skip
    head = (
        "celebrities",
        "library",
        "recall@10",
        "100 nearest, µs p50 / p95",
        "build CPU s",
        "load s",
        "MB",
        "same star",
    )
    return f"{table(rows, head)}\n\n{source(found)}, `bench/searching.py`"


def faults() -> str:
    """What the list of faults did to the bot."""
    found = result("faults")
    rows = [
        (row["test"], row["case"], row["target"], row["rounds"], row["photos"], row["lost"], row["repeated"],
         "–" if row["recovery_s"] is None else row["recovery_s"], HELD[row["held"]], row["note"])
        for row in found["rows"]
    ]  # fmt: skip
    head = ("test", "fault", "number to hold", "rounds", "photos", "lost", "repeated", "recovery s", "held", "measured")
    share = "" if found["share"] == 1 else f" SHARE={found['share']:g}"  # of the rounds of the list
    took = f"{sum(found['took_s'].values()) / 60:.0f} minutes, most of them three at a time, `make faults{share}`"
    commits: dict[str, list[str]] = {}
    for row in found["rows"]:
        commits.setdefault(row.get("commit", found["commit"]), []).append(row["test"])
    at = "; ".join(f"{commit}: {', '.join(dict.fromkeys(tests))}" for commit, tests in commits.items())
    return f"{table(rows, head)}\n\n{source(found)}, {took}. Commits: {at}."


def freshness() -> str:
    """What changes of a large index cost."""
    found = result("freshness")
    rows = [
        (row["change"], row["s"], row["cpu_s"], row["load_cpu_s"], f"{row['query_p50_us']} / {row['query_p95_us']}",
         f"{row['recall_at_10']:.4f}")
        for row in found["rows"]
    ]  # fmt: skip
    people, photos = f"{found['people']:,}", f"{found['photos']:,}"
    head = (
        f"change of {people} people, {photos} photos",
        "s",
        "CPU s",
        "load, CPU s",
        "query µs p50 / p95",
        "recall@10",
    )
    return f"{table(rows, head)}\n\n{source(found)}, `bench/freshness.py`"


def rebuilding() -> str:
    """The whole command, where nearly everything is known."""
    found = result("rebuilding")
    rows = [(f"{run['people']:,}", run["run"], run["seconds"]["all"], run["seconds"]["CPU"], run["mb"])
            for run in found["runs"]]  # fmt: skip
    return f"{table(rows, ('people', 'run', 's', 'CPU s', 'MB'))}\n\n{source(found)}, `bench/rebuilding.py`"


def cluster() -> str:
    """Photos a second on this machine and by a Dask cluster, and what a million would take."""
    found = result("cluster")
    rows = [tuple(row.values()) for row in found["rows"]]
    head = ("by", "workers", "photos/s", "CPU ms a photo: builder", "scheduler", "workers")
    million = found["million"]
    return (
        f"{table(rows, head)}\n\nBy these figures a million photos take {million['core_hours']} core hours, "
        f"{million['store_mb']} MB on disk and {million['keys_in_memory_mb']} MB in memory for what is known of them."
        "\n\n"
        f"{source(found)}, `bench/spreading.py`"
    )


def gates() -> str:
    """What the gates for gallery photos reject."""
    found = result("gates")
    gates, drawings = found["gates"], found["drawings"]
    rows = list(gates["failing a gate"].items())
    head = (f"of {gates['photos']:,} photos", "fail the gate")
    styles = ", ".join(f"{one['style']} {one['rejected as a drawing']:.0%}" for one in drawings)
    return (
        f"{table(rows, head)}\n\n"
        f"Nobody is left without a photo: {gates['people without a photo left']}; named right without and with gates: "
        f"{gates['named right without gates']} and {gates['named right with gates']} of 607. Seen as drawings, of real "
        f"photos put through a filter: {styles}.\n\n{source(found)}, `bench/gates.py`"
    )


HELD = {True: "yes", False: "**no**", None: "not run"}
BLOCKS: dict[str, Callable[[], str]] = {
    "settings": settings_table, "accuracy": accuracy, "setup": setup, "load": load, "stages": stages, "crops": crops,
    "detection": detection, "starting": starting, "search": search, "faults": faults,
    "freshness": freshness, "rebuilding": rebuilding, "cluster": cluster, "gates": gates,
    "collector": lambda: settings_table(CollectorSettings),
}  # fmt: skip


def filled(text: str) -> str:
    """The README with every block made anew."""
    for name, make in BLOCKS.items():
        pattern = rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- /{name} -->)"
        text, found = re.subn(pattern, rf"\g<1>{_escaped(_made(make))}\n\g<2>", text, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"README.md has {found} blocks {name!r}")
    return text


def _made(make: Callable[[], str]) -> str:
    try:
        return make()
    except FileNotFoundError:
        return "Not measured yet: `make bench`."


def _escaped(replacement: str) -> str:
    return replacement.replace("\\", r"\\")


def main() -> int:
    """Rewrite, check or print."""
    text = README.read_text(encoding="utf-8")
    if "--print" in sys.argv[1:]:
        print("\n\n".join(f"## {name}\n\n{_made(make)}" for name, make in BLOCKS.items() if name != "settings"))
        return 0
    if "--check" in sys.argv[1:]:
        return int(filled(text) != text)
    README.write_text(filled(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
