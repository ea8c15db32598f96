"""Put what is measured, settings, rooms and make targets into the documents, between their markers.

.venv/bin/python bench/readme.py            # rewrite README.md, bench/README.md, bench/results/FAULTS.md
.venv/bin/python bench/readme.py --check    # exit 1 if that would change them
"""

import ast
import json
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from record import RESULTS, table

ROOT = Path(__file__).parent.parent
FAULTS = RESULTS / "FAULTS.md"
sys.path.insert(0, str(ROOT))

from lookalike.core.settings import CollectorSettings, settings_table  # noqa: E402 - the project is found by the line above

HELD = {True: "yes", False: "**no**", None: "not run"}
GROUPS = {  # by the first letter of a test
    "L": "load: steady, in bursts, for long, more than it can carry",
    "K": "kill -9, SIGTERM, workers that crash or hang, photos that crash them",
    "B": "Telegram fails, stalls, repeats, limits, sends nonsense",
    "I": "damaged and hostile pictures",
    "M": "MongoDB down, restarted, slow, losing answers",
    "S": "a full disk, kills during a migration",
    "X": "damaged indexes, reloads under load",
    "C": "clocks that jump",
    "P": "privacy: erased data, no consent, secrets in logs",
    "R": "what must end the process, and what must not",
    "V": "photos by webhook, with kill -9",
    "A": "attacks on the page, the workers, the store and the delivery",
}


def result(name: str) -> dict[str, Any]:
    """What a benchmark kept."""
    return dict(json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8")))


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


def starter() -> str:
    """The people of the starter gallery, whom strangers get, who is recognised."""
    found = result("starter")
    head = ("", "people", "women", "men", f"of {found['strangers']} strangers")
    return (
        f"{table([*found['regions'], ('', '', '', '', ''), *found['groups']], head)}\n\n"
        f"{100 * found['no_politician_share']:.1f}% of {found['strangers']} strangers get somebody who is no "
        f"politician, {100 * found['most_famous_third_share']:.1f}% one of the most famous third, and no star "
        f"more than {100 * found['most_returned_star_share']:.2f}% of them. Of {found['held_out']} photos kept out of "
        f"an index, {found['named_right']} = {100 * found['named_right_share']:.1f}% are named right.\n\n"
        f"{source(found)}, `bench/starter.py`"
    )


def setup() -> str:
    """From a fresh clone to a page, and to a tested one."""
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
    """CPU time of a photo by stage, beside the published pipeline and face_recognition."""
    found = result("stages")
    pipelines = [found[f"{name}_ms"] for name in ("published", "face_recognition", "ours")]
    names = list(dict.fromkeys(name for times in pipelines for name in times))
    rows = [(name, *(times.get(name, "–") for times in pipelines)) for name in names]
    sums = [round(sum(value for name, value in times.items() if name != "share card"), 1) for times in pipelines]
    rows.append(("**to the answer**", *(f"**{value}**" for value in sums)))
    head = ("CPU ms a photo, median", "published", "face_recognition", "ours")
    return f"{table(rows, head)}\n\n{source(found)}, {found['photos']} photos, `bench/stages.py`"


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
    head = ("celebrities", "library", "recall@10", "100 nearest, µs p50 / p95", "build CPU s", "load s", "MB",
            "same star")  # fmt: skip
    return f"{table(rows, head)}\n\n{source(found)}, `searching.py`"


ALTERATIONS = ("photo", "photos", "found", "same", "CPU ms, median", "most")
COMPARING = ("compared", "pairs", "count", "median", "share above 0.99", "KS")
FILTERS = ("filter", "left", "recall@10", "CPU ms, median", "95th percentile", "the first time")
EVENNESS = ("filter, starter", "left", "strangers", "median", "KS")
TASTE = ("models", "evaluation", "levels", "rankings", "settings", "settings_of_choices")
DOUBTS = ("photo", "photos", "found", "named right", "said most often", "to")


def rows_of(name: str, head: tuple[str, ...] = (), key: str = "rows") -> str:
    """The rows of a result as they are; without a head, with their own names."""
    found = result(name)
    rows = [tuple(row.values()) for row in found[key]]
    return f"{table(rows, head or tuple(found[key][0]))}\n\n{source(found)}, `bench/{name}.py`"


def filters() -> str:
    """Percentages under filters, and search."""
    even = [tuple(row.values()) for row in result("filters")["percentages"]]
    return f"{table(even, EVENNESS)}\n\n{rows_of('filters', FILTERS)}"


def settings_of_matching() -> str:
    """What other settings would name right."""
    found = result("settings")
    rows = [
        (row["setting"], f"{row['right']:.2f}%", row["better"], row["worse"], f"{row['p']:.3f}")
        for row in found["rows"]
    ]
    left = [(row["others"], row["probes"], f"{row['right']:.2f}%") for row in found["left"]]
    few = [
        (row["few_photos"], f"{row['right']:.2f}%", row["singles"], f"{row['most_frequent']:.2f}%")
        for row in found["few"]
    ]
    return (
        f"{table(rows, ('setting', 'named right', 'better', 'worse', 'p'))}\n\nNoise: {found['noise']}%. By how many "
        f"other photos the person has:\n\n{table(left, ('other photos', 'probes', 'named right'))}\n\nGalleries of a "
        "random part of each person's photos; `singles`: how often people with one photo are a stranger's star, 1 "
        f"being their share:\n\n{table(few, ('few photos', 'named right', 'singles', 'most frequent star'))}\n\n"
        f"{source(found)}, `settings.py`"
    )


def percentages() -> str:
    """Whether percentages depend on the camera."""
    found = result("percentages")
    rows = [tuple(row.values()) for row in [*found["rows"], *found["sizes"]]]
    return f"{table(rows, ('gallery', 'photos', 'count', 'median', 'KS'))}\n\n{source(found)}, `percentages.py`"


def fame() -> str:
    """What the weight of fame changes."""
    found = result("fame")
    rows = [
        (row["weight"], f"{row['famous']}%", f"{row['named_right']:.2f}%", row["stars"], f"{row['most_frequent']}%",
         row["ks"])
        for row in found["rows"]
    ]  # fmt: skip
    head = ("weight", "answers from the most famous third", "named right", "different stars", "most frequent", "KS")
    return (
        f"{table(rows, head)}\n\n{found['people']} people, {found['probes']} photos named.\n\n"
        f"{source(found)}, `fame.py`"
    )


def stability() -> str:
    """Whether two photos of a stranger get one star."""
    found = result("stability")
    rows = [
        (row["photos"], row["people"], f"{row['same']}% ± {row['noise']}", f"{row['first_three']}%")
        for row in found["rows"]
    ]
    head = ("photos", "people", "the same star", "among the first three")
    return f"{table(rows, head)}\n\n{source(found)}, `stability.py`"


def freshness() -> str:
    """What changes of a large index cost."""
    found = result("freshness")
    rows = [
        (row["change"], row["s"], row["cpu_s"], row["load_cpu_s"], f"{row['query_p50_us']} / {row['query_p95_us']}",
         f"{row['recall_at_10']:.4f}")
        for row in found["rows"]
    ]  # fmt: skip
    head = (f"change of {found['people']:,} people, {found['photos']:,} photos", "s", "CPU s", "load, CPU s",
            "query µs p50 / p95", "recall@10")  # fmt: skip
    return f"{table(rows, head)}\n\n{source(found)}, `freshness.py`"


def rebuilding() -> str:
    """The whole command, where nearly everything is known."""
    found = result("rebuilding")
    rows = [(f"{run['people']:,}", run["run"], run["seconds"]["all"], run["seconds"]["CPU"], run["mb"])
            for run in found["runs"]]  # fmt: skip
    return f"{table(rows, ('people', 'run', 's', 'CPU s', 'MB'))}\n\n{source(found)}, `rebuilding.py`"


def cluster() -> str:
    """Photos a second on this machine and by a Dask cluster, and what a million would take."""
    found = result("cluster")
    rows = [tuple(row.values()) for row in found["rows"]]
    head = ("by", "workers", "photos/s", "CPU ms a photo: builder", "scheduler", "workers")
    million = found["million"]
    return (
        f"{table(rows, head)}\n\nBy these figures a million photos take {million['core_hours']} core hours, "
        f"{million['store_mb']} MB on disk and {million['keys_in_memory_mb']} MB in memory for what is known of them."
        f"\n\n{source(found)}, `spreading.py`"
    )


def survived() -> str:
    """The table of faults, a line a group."""
    found = result("faults")
    rows: list[tuple[Any, ...]] = []
    for letter, what in GROUPS.items():
        if group := [row for row in found["rows"] if row["test"].startswith(letter)]:
            sums = [sum(row[key] for row in group) for key in ("rounds", "photos", "lost", "repeated")]
            rows.append((letter, what, *sums, f"{sum(row['held'] is True for row in group)} of {len(group)}"))
    return f"{table(rows, ('', 'fault', 'rounds', 'photos', 'lost', 'repeated', 'held'))}\n\n{source(found)}"


def faults() -> str:
    """Every row of the table of faults."""
    found = result("faults")
    rows = [
        (row["test"], row["case"], row["target"], row["rounds"], row["photos"], row["lost"], row["repeated"],
         "–" if row["recovery_s"] is None else row["recovery_s"], HELD[row["held"]], row["note"])
        for row in found["rows"]
    ]  # fmt: skip
    head = ("test", "fault", "number to hold", "rounds", "photos", "lost", "repeated", "recovery s", "held", "measured")
    runs: dict[str, list[str]] = {}
    for row in found["rows"]:
        share = "" if row["share"] == 1 else f", {row['share']:.0%} of the rounds, photos and seconds"
        runs.setdefault(f"{row['commit']}{share}", []).append(row["test"])
    at = "\n".join(f"- {run}: {', '.join(dict.fromkeys(tests))}" for run, tests in runs.items())
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows]]
    took = f"{sum(found['took_s'].values()) / 60:.0f} minutes, most of them several at a time, `make faults`"
    return "\n\n".join([FAULTS_HEAD, "\n".join(lines), f"{source(found)}, {took}. Commits:", f"{at}\n"])


FAULTS_HEAD = """# Faults and attacks

What `make faults` does to the real process, and what came of it. *Lost* must be 0, *repeated* at most what was in
flight at the kills. `bench/readme.py` writes this file from `bench/results/faults.json`."""


def rooms() -> str:
    """The packages, with the first paragraph of what each says of itself."""
    rows = []
    for file in sorted((ROOT / "lookalike").glob("*/__init__.py"), key=lambda file: ORDER.index(file.parent.name)):
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        rows.append((f"`{file.parent.name}`", " ".join(said.split("\n\n")[0].split())))
    return table(rows, ("room", "what it is for"))


ORDER = ["core", "faces", "workers", "gallery", "store", "taste", "telegram_bot", "web", "indexing", "collecting",
         "programs"]  # fmt: skip


def targets() -> str:
    """What can be made."""
    found = re.findall(r"^([a-z-]+):.*## (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    return table([(f"`make {name}`", what) for name, what in found], ("command", "does"))


Blocks = dict[str, Callable[[], str]]
DOCUMENTS: dict[str, Blocks] = {
    "README.md": {
        "settings": settings_table, "collector": lambda: settings_table(CollectorSettings), "accuracy": accuracy,
        "starter": starter, "setup": setup, "load": load, "stages": stages, "starting": starting, "faults": survived,
        "rooms": rooms, "targets": targets, "rows": partial(rows_of, "profiling"),
        "pairs": partial(rows_of, "profiling", key="pairs"),
    },
    "bench/README.md": {
        "alterations": partial(rows_of, "alterations", ALTERATIONS), "taste_sizes": partial(rows_of, "taste_sizes"),
        "doubts": partial(rows_of, "doubts", DOUBTS), "comparing": partial(rows_of, "comparing", COMPARING),
        "filters": filters, "search": search, "freshness": freshness, "rebuilding": rebuilding, "cluster": cluster,
        "settings_of_matching": settings_of_matching, "percentages": percentages, "fame": fame, "stability": stability,
        "collecting": partial(rows_of, "collecting", key="runs"), "fewer": partial(rows_of, "crowd", key="fewer"),
        "report": partial(rows_of, "report", key="runs"), "names": partial(rows_of, "names", key="typed"),
        **{f"taste_{key}": partial(rows_of, "taste", key=key) for key in TASTE}, "crowd": partial(rows_of, "crowd"),
    },
}  # fmt: skip


def filled(text: str, blocks: Blocks) -> str:
    """A document with every block made anew."""
    for name, make in blocks.items():
        pattern = rf"(<!-- {name}:[^\n]*-->\n).*?(<!-- /{name} -->)"
        made = make().replace("\\", r"\\")
        text, found = re.subn(pattern, rf"\g<1>{made}\n\g<2>", text, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"there are {found} blocks {name!r}")
    return text


def main() -> int:
    """Rewrite, or check."""
    now = {ROOT / name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}
    new = {ROOT / name: filled(now[ROOT / name], blocks) for name, blocks in DOCUMENTS.items()}
    now[FAULTS] = FAULTS.read_text(encoding="utf-8") if FAULTS.exists() else ""
    new[FAULTS] = faults()
    if "--check" in sys.argv[1:]:
        return int(now != new)
    for path, text in new.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
