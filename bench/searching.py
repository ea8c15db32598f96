"""How the index grows: recall, speed, memory, build and load time of nmslib's graph and of exact search.

    .venv/bin/python bench/searching.py                          # 10,000 and 100,000 celebrities, three minutes
    .venv/bin/python bench/searching.py --sizes 1000 2000 4000 8000                              # where the graph wins
    .venv/bin/python bench/searching.py --sizes 1000000                                          # half an hour, 4 GB
    .venv/bin/python bench/searching.py --libraries nmslib --parameters 12:100 16:100 24:200 --no-keep

Celebrities and probes are synthetic, with the structure of faces (`bench/vectors.py`). An index is built in one process
and answers in another, so that memory is that of the loaded index alone. Both answer at recall@10 >= RECALL, by
distance, against exact search: the graph at the least efSearch of LADDER that reaches it. Two questions are timed, one
probe a call, one thread, the fastest of PASSES rounds for each probe, since other work may share the machine:

* `k10`: the 10 nearest;
* `k100`: what the bot asks, the 100 nearest, which it re-scores with the hub correction. `same star` is how often the
  best of them is the best of *all* celebrities re-scored, which is what people see.

Memory and `load s` are of the index alone, from a warm page cache.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from record import RESULTS, Figures, commit, keep, table
from vectors import Floats, Population

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from lookalike.gallery.calibration import distance_matrix, hub_corrections  # noqa: E402 - the project is found by the line above
from lookalike.gallery.vector_index import ExactIndex, HnswIndex, HnswParameters, recall  # noqa: E402

Ids = npt.NDArray[np.int64]
EXACT, GRAPH = LIBRARIES = ("numpy", "nmslib")
SIZES = (10_000, 100_000)
QUERIES = 1000
TIMED = 300  # of them
PASSES = 5
RECALL = 0.999
CANDIDATES = 100  # gallery.CANDIDATES
LADDER = (10, 14, 20, 28, 40, 56, 80, 100, 120, 150, 200, 280, 400, 560, 800, 1120, 1600, 2400)
STRANGERS = 10_000  # photos that the hub correction is made of
SAME_SCORE = 1e-5
SEED = 2026
MB = 1e6


def main() -> int:
    """Measure every size and library, keep after each size, print."""
    arguments = parse()
    if arguments.stage:
        print(json.dumps(STAGES[arguments.stage](arguments)))
        return 0
    rows: list[Figures] = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(prefix="searching.") as scratch:
            data = run("data", size, scratch)
            print(f"\n{size:,} celebrities: {json.dumps(data)}", flush=True)
            for library in arguments.libraries:
                for parameters in [[0, 0]] if library == EXACT else arguments.parameters:
                    row = {"size": size, "library": library, "version": version(library), **data}
                    row |= {"m": parameters[0], "ef_construction": parameters[1]}
                    row |= run("build", size, scratch, library, parameters)
                    row |= run("serve", size, scratch, library, parameters)
                    rows.append({**row, "date": datetime.now(UTC).date().isoformat(), "commit": commit()})
                    print(json.dumps(row), file=sys.stderr, flush=True)
        if not arguments.no_keep:
            keep("search", {"rows": merged(rows)})
        print(shown([row for row in rows if row["size"] == size]), flush=True)
    return 0


def parse() -> argparse.Namespace:
    """The command line; what follows --stage is for the processes that measure."""
    parser = argparse.ArgumentParser(description="Search at growing sizes, nmslib beside exact search.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--libraries", nargs="+", default=LIBRARIES, choices=LIBRARIES)
    parser.add_argument("--parameters", type=_pair, nargs="+", default=[[24, 200]], metavar="M:EFCONSTRUCTION")
    parser.add_argument("--no-keep", action="store_true", help="print only")
    parser.add_argument("--stage", choices=("data", "build", "serve"), help=argparse.SUPPRESS)
    parser.add_argument("--scratch", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _pair(text: str) -> list[int]:
    m, ef_construction = text.split(":")
    return [int(m), int(ef_construction)]


def run(stage: str, size: int, scratch: str, library: str = EXACT, parameters: list[int] | None = None) -> Figures:
    """One stage in a process of its own, one thread while answering; what it printed last."""
    m, ef_construction = parameters or [0, 0]
    command = [sys.executable, __file__, "--stage", stage, "--scratch", scratch, "--sizes", str(size)]
    command += ["--libraries", library, "--parameters", f"{m}:{ef_construction}"]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} if stage == "serve" else {}
    done = subprocess.run(command, env=os.environ | threads, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def make_data(arguments: argparse.Namespace) -> Figures:
    """Vectors, probes and the truth about them, into files; how far back the best star of all is."""
    size = arguments.sizes[0]
    population = Population.fit()
    vectors, queries = population.celebrities(size, SEED), population.probes(QUERIES, SEED + 1)
    nobody = np.full(STRANGERS, -1, dtype=np.int32)
    corrections = hub_corrections(vectors, population.probes(STRANGERS, SEED + 2), nobody)
    exact = ExactIndex(vectors)
    nearest, best, ranks = [], [], []
    for start in range(0, QUERIES, 50):
        block = queries[start : start + 50]
        nearest.append(exact.nearest(block, CANDIDATES)[1])
        distances = distance_matrix(block, vectors)
        scores = distances + corrections
        stars = scores.argmin(axis=1)
        best.append(scores[np.arange(len(block)), stars])
        ranks.append((distances < distances[np.arange(len(block)), stars, None]).sum(axis=1))
    np.save(arguments.scratch / "vectors.npy", vectors)
    truth = np.concatenate(nearest)
    np.savez(
        arguments.scratch / "truth.npz",
        queries=queries, nearest=truth, best=np.concatenate(best), corrections=corrections,
    )  # fmt: skip
    rank = np.concatenate(ranks)
    return {
        "nearest_mean": round(float(truth[:, 0].mean()), 3),
        "hundredth_mean": round(float(truth[:, -1].mean()), 3),
        "corrections_std": round(float(corrections.std()), 4),
        "best_star_within": {str(k): round(float((rank < k).mean()), 4) for k in (10, 30, 100, 200, 400, 1000)},
    }


def build(arguments: argparse.Namespace) -> Figures:
    """Build and save; exact search's file is the matrix."""
    vectors, file = np.load(arguments.scratch / "vectors.npy"), arguments.scratch / "index"
    before, start, start_cpu = memory("VmRSS"), time.perf_counter(), cpu_s()
    if arguments.libraries[0] == EXACT:
        with file.open("wb") as opened:
            np.save(opened, vectors)
    else:
        HnswIndex.build(vectors, HnswParameters(*arguments.parameters[0])).save(file)
    return {
        "build_s": round(time.perf_counter() - start, 2),
        "build_cpu_s": round(cpu_s() - start_cpu, 2),
        "build_peak_mb": round(memory("VmHWM") - before, 1),
        "file_mb": round(sum(path.stat().st_size for path in arguments.scratch.glob("index*")) / MB, 1),
    }


def load(file: Path, library: str, dimension: int, size: int, ef: int = 0) -> ExactIndex | HnswIndex:
    """Load an index; a graph that looks at `ef` candidates a query."""
    if library == EXACT:
        return ExactIndex(np.load(file))
    return HnswIndex.load(file, dimension, size, HnswParameters(ef_search=ef or LADDER[0]))


def serve(arguments: argparse.Namespace) -> Figures:
    """Load, and answer at the least efSearch with enough recall; delete the index."""
    library, size, file = arguments.libraries[0], arguments.sizes[0], arguments.scratch / "index"
    with np.load(arguments.scratch / "truth.npz") as arrays:
        truth = dict(arrays)
    queries = truth["queries"]
    warm_up(library, queries)
    before, start = memory("VmRSS"), time.perf_counter()
    index = load(file, library, queries.shape[1], size)
    figures: Figures = {"load_s": round(time.perf_counter() - start, 3)}
    index.nearest(queries[:1], 10)
    figures["memory_mb"] = round(memory("VmRSS") - before, 1)
    for name, k in (("k10", 10), ("k100", CANDIDATES)):
        for ef in [0] if library == EXACT else [ef for ef in LADDER if ef >= k]:
            index = load(file, library, queries.shape[1], size, ef)
            quality = {"ef": ef, **judged(*answers(index, queries, k), truth)}
            if quality["recall_at_10"] >= RECALL:
                break
        figures[name] = {**quality, **timed(index, queries[:TIMED], k)}
    for path in arguments.scratch.glob("index*"):
        path.unlink()
    return figures


STAGES = {"data": make_data, "build": build, "serve": serve}


def warm_up(library: str, queries: Floats) -> None:
    """Import the library and fill its caches, so that they do not count as the index's."""
    small = ExactIndex(queries) if library == EXACT else HnswIndex.build(queries, HnswParameters(8, 40))
    small.nearest(queries[:1], 10)


def answers(index: ExactIndex | HnswIndex, queries: Floats, k: int) -> tuple[Ids, Floats]:
    """Row numbers and distances (queries, k), asked one by one."""
    found = [index.nearest(query, k) for query in queries[:, None, :]]
    return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])


def judged(ids: Ids, distances: Floats, truth: dict[str, Any]) -> Figures:
    """Recall against exact search, and whether the re-scored best is the best of all."""
    exact, k = truth["nearest"], distances.shape[1]
    best = (distances + truth["corrections"][ids]).min(axis=1)
    return {
        "recall_at_10": round(recall(distances[:, :10], exact[:, :10]), 5),
        f"recall_at_{k}": round(recall(distances, exact[:, :k]), 5),
        "same_star": round(float((best <= truth["best"] + SAME_SCORE).mean()), 4),
    }


def timed(index: ExactIndex | HnswIndex, queries: Floats, k: int) -> Figures:
    """Median and 95th percentile over the probes, each at its fastest of PASSES."""
    seconds = np.empty((PASSES, len(queries)))
    for times in seconds:
        for row, query in enumerate(queries[:, None, :]):
            start = time.perf_counter()
            index.nearest(query, k)
            times[row] = time.perf_counter() - start
    p50, p95 = np.percentile(seconds.min(axis=0) * 1e6, [50, 95])
    return {"p50_us": round(p50, 1), "p95_us": round(p95, 1)}


def memory(field: str) -> float:
    """VmRSS or VmHWM of this process, MB."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / MB
    raise LookupError(field)


def cpu_s() -> float:
    """Processor time that this process has used; says more than the clock where others compute too."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def merged(rows: list[Figures]) -> list[Figures]:
    """These rows, and of the ones kept before those of other sizes and libraries."""
    kept = RESULTS / "search.json"
    before = json.loads(kept.read_text(encoding="utf-8"))["rows"] if kept.exists() else []
    measured = {(row["size"], row["library"]) for row in rows}
    others = [row for row in before if (row["size"], row["library"]) not in measured]
    return sorted(others + rows, key=lambda row: int(row["size"]))


def shown(rows: list[Figures]) -> str:
    """Speed and recall in one row; factors against exact search of the same run."""
    exact = next((row["k100"]["p50_us"] for row in rows if row["library"] == EXACT), None)
    lines = [
        (
            f"{row['size']:,}", f"{row['library']} {row['version']}",
            f"{row['m']}/{row['ef_construction']}" if row["m"] else "",
            f"{row['build_s']:.1f} ({row['build_cpu_s']:.0f})", f"{row['load_s']:.2f}",
            f"{row['memory_mb']:.0f} ({row['build_peak_mb']:.0f})", f"{row['file_mb']:.0f}",
            *(
                text
                for k in ("k10", "k100")
                for text in (
                    row[k]["ef"] or "",
                    f"{row[k]['recall_at_10']:.4f}",
                    f"{row[k]['p50_us']:.0f}/{row[k]['p95_us']:.0f}",
                )
            ),
            f"{row['k100']['recall_at_100']:.4f}", f"{row['k100']['same_star']:.3f}",
            f"{exact / row['k100']['p50_us']:.1f}" if exact else "",
        )
        for row in rows
    ]  # fmt: skip
    head = (
        "celebrities", "library", "M/efC", "build s (CPU)", "load s", "memory MB (peak of build)", "file MB",
        "k=10: ef", "recall@10", "p50/p95 µs", "k=100: ef", "recall@10", "p50/p95 µs", "recall@100", "same star",
        "× exact",
    )  # fmt: skip
    return table(lines, head)


if __name__ == "__main__":
    sys.exit(main())
