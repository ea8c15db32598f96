"""recommend.py as a program: what it prints and how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.core.paths import ROOT
from tests.support.taste.people import as_lines, crowd

pytestmark = pytest.mark.fast

KILLED = """
import os, signal, sys; sys.path.insert(0, sys.argv[1])
import recommend
from lookalike.taste.measuring.kept_steps import KeptSteps
get = KeptSteps.get
def get_or_die(self, name, make):
    if name == "fold 3":
        os.kill(os.getpid(), signal.SIGKILL)
    return get(self, name, make)
KeptSteps.get = get_or_die
recommend.main(["evaluate", "ratings.csv", "--cache", "stopped"])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ratings, names of items, and a model of both."""
    folder = tmp_path_factory.mktemp("taste")
    (folder / "ratings.csv").write_text(as_lines(crowd(100, 40).ratings))
    names = ["id\tname", *(f"i{item}\tStar {item}" for item in range(40))]
    (folder / "items.tsv").write_text("\n".join(names))
    status, printed, said = run(folder, "train", "ratings.csv", "--items", "items.tsv", "--out", "taste")
    assert (status, said) == (0, "")
    assert printed.startswith("taste: 100 users, 40 items, ")
    return folder


@pytest.fixture(scope="module")
def evaluated(folder: Path) -> dict[str, float]:
    """The figures of the ratings; the steps are kept in "kept"."""
    status, printed, _ = run(folder, "evaluate", "ratings.csv", "--json", "--cache", "kept")
    assert status == 0
    found: dict[str, float] = json.loads(printed)
    found.pop("ratings")
    return found


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    command = [sys.executable, str(ROOT / "recommend.py"), *arguments]
    done = subprocess.run(command, cwd=folder, env={"PATH": os.defpath}, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_best_for_somebody_are_printed_with_why(folder: Path) -> None:
    status, printed, said = run(folder, "top", "taste", "star 3=9", "Star 7=2", "-n", "5")

    assert (status, said, len(printed.splitlines())) == (0, "", 5)
    assert "because of Star 3" in printed
    status, printed, _ = run(folder, "top", "taste", "star 3=9", "Star 7=2", "-n", "5", "--json")
    lines = [json.loads(line) for line in printed.splitlines()]
    assert [set(line) for line in lines] == [{"id", "name", "rating", "score", "because"}] * 5
    assert not {"Star 3", "Star 7"} & {line["name"] for line in lines}


def test_what_is_similar_is_printed(folder: Path) -> None:
    status, printed, said = run(folder, "similar", "taste", "Star 3", "-n", "4", "--json")

    found = [json.loads(line) for line in printed.splitlines()]
    assert (status, said, len(found)) == (0, "", 4)
    assert run(folder, "similar", "taste", "i3", "-n", "4")[1].splitlines() == [
        f"{line['cosine']:.3f}  {line['name']}" for line in found
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["top", "taste", "Star 99=9"], "nobody has rated 'Star 99'; similar: Star 9, "),
        (["top", "taste", "Star 3"], "'Star 3' is not a rating: write it as \"Name=9\""),
        (["top", "taste", "=3"], "'=3' is not a rating"),
        (["top", "taste", "Star 3=nan"], "'Star 3=nan' is not a rating"),
        (["top", "taste", "Star 3=11"], "Star 3=11: ratings here are from 1 to 10"),
        (["top", "taste", "Star 3=9", "star  3=8"], "Star 3 is rated twice"),
        (["top", "nowhere", "Star 3=9"], "no taste model in nowhere: manifest.json is missing"),
        (["similar", "taste", "Stor 3"], "nobody has rated 'Stor 3'; similar: Star 3, "),
        (["train", "nowhere.csv", "--out", "new"], "nowhere.csv: No such file or directory"),
        (["train", "items.tsv", "--out", "new"], "items.tsv, line 1: 2 fields, 3 are needed: user, item, rating"),
        (["train", "ratings.csv", "--out", "."], " is not a taste model: it is not replaced"),
        (["evaluate", "ratings.csv", "--unknown", "100"], "100 users: from 1 to 99 of them can be the unknown people"),
        (["evaluate", "."], ".: Is a directory"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_status_2(folder: Path, arguments: list[str], reason: str) -> None:
    status, printed, said = run(folder, *arguments)

    assert (status, printed, said.count("\n")) == (2, "", 1)
    assert said.startswith("recommend.py: ")
    assert reason in said


def test_two_people_without_anything_in_common_make_a_model_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("ada,X,5\nbob,Y,6\n")

    assert run(tmp_path, "train", "few.csv", "--out", "few") == (0, "few: 2 users, 2 items, 2 ratings\n", "")
    assert run(tmp_path, "similar", "few", "x") == (
        0,
        "",
        "recommend.py: nobody who has rated X has rated anything else\n",
    )
    assert len(run(tmp_path, "top", "few")[1].splitlines()) == 2
    assert run(tmp_path, "top", "few", "X=5", "Y=6") == (
        0, "", "recommend.py: everything is rated: there is nothing else to recommend\n",
    )  # fmt: skip
    said = run(tmp_path, "evaluate", "few.csv")[2]
    assert "too few ratings to evaluate: without the unknown people, all ratings are by one user" in said
    (tmp_path / "few.csv").write_text("ada,X,5\nbob,X,6\nada,Y,3\nbob,Z,1\ncleo,X,2\ncleo,Y,3\ndan,X,7\n")
    assert "none of the unknown people has rated two items" in run(tmp_path, "evaluate", "few.csv")[2]


@pytest.mark.parametrize(
    "arguments", [[], ["train", "ratings.csv"], ["similar", "taste"], ["top", "taste", "-n", "0"], ["forget", "taste"]]
)
def test_wrong_usage_is_exit_status_2_with_the_usage(folder: Path, arguments: list[str]) -> None:
    status, printed, said = run(folder, *arguments)

    assert (status, printed) == (2, "")
    assert said.startswith("usage: recommend.py")


def test_an_evaluation_that_was_killed_goes_on_where_it_stopped(folder: Path, evaluated: dict[str, float]) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(ROOT)], cwd=folder, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    kept = {path.name: path for path in folder.glob("stopped/*/*")}
    assert set(kept) == {"fold 1.json", "fold 2.json"}
    figures = json.loads(kept["fold 1.json"].read_text())
    kept["fold 1.json"].write_text(json.dumps(figures | {"rmse": figures["rmse"] + 100}))

    status, printed, _ = run(folder, "evaluate", "ratings.csv", "--json", "--cache", "stopped")

    found = json.loads(printed)
    assert status == 0
    assert found["rmse"] == pytest.approx(evaluated["rmse"] + 20)  # the first of five folds was not measured again
    assert found["half_ndcg"] == pytest.approx(evaluated["half_ndcg"])


def test_figures_are_plausible_and_printed_for_people(folder: Path, evaluated: dict[str, float]) -> None:
    status, printed, _ = run(folder, "evaluate", "ratings.csv", "--cache", "kept")

    assert status == 0
    assert printed.splitlines()[0].split() == ["RMSE,", "cross-validation", f"{evaluated['rmse']:.4f}"]
    assert len(printed.splitlines()) == len(evaluated) - 2  # precision and recall are for programs
    assert 0.5 < evaluated["rmse"] < 2
    assert 0 < evaluated["half_ndcg"] < 1
