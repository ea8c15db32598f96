"""Removing celebrities from an index: from every file at once or not at all, also if the process is killed."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lookalike.core.errors import IndexRefused, UnknownCelebrities
from lookalike.gallery import gallery
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH, MANIFEST
from lookalike.gallery.patched_index import PatchedIndex
from lookalike.indexing import index_writer
from lookalike.indexing.index_writer import remove_celebrities
from tests.support.crowds import crowd, holds, ids, person, strangers, written

ROOT = Path(__file__).parents[2]
PEOPLE = 60
KILLS = 10  # rounds
# Removes a celebrity and kills itself at the given line of the code that does it; prints how many lines there are.
REMOVER = """
import shutil, sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from lookalike.core import directory_swap
from lookalike.gallery import index_format
from lookalike.gallery.replacing import replace_directory
from lookalike.indexing import index_writer
from tests.support.killed_at_line import run_until_line
index_writer.REBUILD_BELOW = 2
modules = (index_writer, index_format, replace_directory, directory_swap, shutil)
remove = lambda: index_writer.remove_celebrities(Path(sys.argv[2]), [sys.argv[3]])
print(run_until_line(remove, modules, int(sys.argv[4])))
"""


@pytest.fixture(autouse=True)
def _as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of so few celebrities would be built anew and searched exactly."""
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", 2)
    monkeypatch.setattr(gallery, "EXACT_BELOW", 0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    written(crowd(range(PEOPLE)), tmp_path / "index")
    return tmp_path / "index"


def contents(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in index.iterdir()}


def test_a_removed_celebrity_is_not_found(index: Path) -> None:
    manifest = remove_celebrities(index, ["7"])
    loaded = Gallery.load(index)

    assert ids(index) == [str(number) for number in range(PEOPLE) if number != 7]
    assert manifest == loaded.manifest
    assert isinstance(loaded.index, PatchedIndex)
    assert loaded.nearest(person(7).centroid, 1)[0].celebrity.id != "7"


def test_a_removed_celebrity_is_in_no_file(index: Path) -> None:
    vectors = (person(7).centroid, *person(7).embeddings)
    assert all(holds(index, vector) for vector in vectors)
    remove_celebrities(index, ["7"])

    assert not any(holds(index.parent, vector) for vector in vectors)
    assert b'Number 7"' not in (index / CELEBRITIES).read_bytes()


def test_all_others_are_found_as_before(index: Path) -> None:
    before = Gallery.load(index)
    remove_celebrities(index, ["0", "30"])
    after = Gallery.load(index)

    for probe in strangers(50):
        left = [one for one in before.nearest(probe, PEOPLE) if one.celebrity.id not in ("0", "30")]
        found = after.nearest(probe, PEOPLE)
        assert [(one.celebrity, one.photo) for one in found] == [(one.celebrity, one.photo) for one in left]
        np.testing.assert_allclose([one.distance for one in found], [one.distance for one in left], atol=1e-5)
        np.testing.assert_allclose([one.score for one in found], [one.score for one in left], atol=1e-5)
    assert after.calibration == before.calibration


def test_all_but_one_can_be_removed_one_by_one(index: Path) -> None:
    for number in np.random.default_rng(81).permutation(PEOPLE)[1:]:
        remove_celebrities(index, [str(number)])
        assert not holds(index, person(int(number)).centroid)

    (last,) = ids(index)
    assert Gallery.load(index).nearest(strangers(1)[0], 5)[0].celebrity.id == last


def test_many_are_removed_at_once(index: Path) -> None:
    remove_celebrities(index, [str(number) for number in range(1, PEOPLE)])

    assert ids(index) == ["0"]


def test_a_removed_celebrity_can_be_added_again(index: Path) -> None:
    remove_celebrities(index, ["7"])
    written(crowd(range(PEOPLE)), index.with_name("again"), index)

    best = Gallery.load(index.with_name("again")).nearest(person(7).centroid, 1)[0]
    assert best.celebrity.id == "7"
    assert best.distance == pytest.approx(0, abs=1e-3)


def test_a_small_index_is_built_anew_of_the_others(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", PEOPLE)
    remove_celebrities(index, ["7"])
    written([one for one in crowd(range(PEOPLE)) if one.celebrity.id != "7"], index.with_name("anew"))

    assert (index / CELEBRITIES).read_bytes() == (index.with_name("anew") / CELEBRITIES).read_bytes()
    assert (index / EMBEDDINGS).read_bytes() == (index.with_name("anew") / EMBEDDINGS).read_bytes()


def test_an_id_that_is_not_there_is_named_and_nothing_changes(index: Path) -> None:
    before = contents(index)
    with pytest.raises(UnknownCelebrities) as refused:
        remove_celebrities(index, ["7", "Nobody", "Anybody"])

    assert refused.value.ids == ("Anybody", "Nobody")
    assert all(text in str(refused.value) for text in (str(index), "Anybody", "Nobody"))
    assert contents(index) == before


def test_removing_all_is_refused(index: Path) -> None:
    before = contents(index)
    with pytest.raises(IndexRefused, match="no celebrity would be left"):
        remove_celebrities(index, [str(number) for number in range(PEOPLE)])

    assert contents(index) == before
    assert list(index.parent.iterdir()) == [index]


@pytest.mark.parametrize("name", [MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH])
def test_removing_from_a_damaged_index_is_refused(index: Path, name: str) -> None:
    (index / name).write_bytes((index / name).read_bytes()[:-3])
    before = contents(index)
    with pytest.raises(IndexRefused):
        remove_celebrities(index, ["7"])

    assert contents(index) == before


def test_other_files_that_may_show_a_removed_celebrity_are_removed_too(index: Path) -> None:
    (index / "report.html").write_text("Number 7")
    remove_celebrities(index, ["7"])

    assert sorted(contents(index)) == sorted([MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH])


def test_a_link_to_an_index_stays_a_link(index: Path) -> None:
    link = index.with_name("link")
    link.symlink_to(index)
    remove_celebrities(link, ["7"])

    assert link.is_symlink()
    assert len(ids(link)) == len(ids(index)) == PEOPLE - 1


def remove_in_a_process(index: Path, id: str, last_line: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", REMOVER, str(ROOT), str(index), id, str(last_line)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_killed_removal_leaves_the_old_index_or_the_new_one(index: Path) -> None:
    before = shutil.copytree(index, index.parent / "kept" / "index")
    lines = int(remove_in_a_process(index, "7", last_line=0).stdout)
    everybody, random, finished = ids(before), np.random.default_rng(82), 0
    # the last lines too, where the two have been swapped and the old one is being deleted
    for moment in [*random.integers(1, lines, KILLS - 3), lines - 1, lines - 10, lines - 20]:
        shutil.rmtree(index)
        shutil.copytree(before, index)
        killed = remove_in_a_process(index, "7", int(moment))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        left = ids(index)
        assert left in (everybody, [id for id in everybody if id != "7"])
        finished += left != everybody
    assert 0 < finished < KILLS

    remove_celebrities(index, ["50"])
    assert sorted(index.parent.iterdir()) == [index, before.parent]
