"""Taking somebody out of an index: gone from every file at once, or nothing has changed; a killed process included."""

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
from lookalike.gallery.vector_index import PatchedIndex
from lookalike.indexing import index_writer as indexing
from lookalike.indexing.index_writer import remove_people
from tests.support.crowds import crowd, holds, ids, person, strangers, written

ROOT = Path(__file__).parents[2]
PEOPLE = 60
KILLS = 10  # rounds
# Removes somebody, and kills itself in the middle: at the so manieth line of what does it. Prints how many there are.
REMOVER = """
import os, signal, sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
import shutil
from lookalike.gallery import index_format as manifest
from lookalike.indexing import index_writer as indexing
indexing.ANEW_BELOW = 2
lines, last, files = 0, int(sys.argv[4]), {module.__file__ for module in (indexing, manifest, shutil)}
def count(frame, event, _):
    global lines
    if frame.f_code.co_filename not in files:
        return None
    if event == "line":
        lines += 1
        if lines == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return count
sys.settrace(count)
indexing.remove_people(Path(sys.argv[2]), [sys.argv[3]])
sys.settrace(None)
print(lines)
"""


@pytest.fixture(autouse=True)
def _as_if_they_were_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few people would be indexed anew, and compared one by one."""
    monkeypatch.setattr(indexing, "ANEW_BELOW", 2)
    monkeypatch.setattr(gallery, "EXACT_BELOW", 0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    written(crowd(range(PEOPLE)), tmp_path / "index")
    return tmp_path / "index"


def contents(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in index.iterdir()}


def test_who_is_removed_is_found_no_more(index: Path) -> None:
    manifest = remove_people(index, ["7"])
    loaded = Gallery.load(index)

    assert ids(index) == [str(number) for number in range(PEOPLE) if number != 7]
    assert manifest == loaded.manifest
    assert isinstance(loaded.index, PatchedIndex)
    assert loaded.nearest(person(7).centroid, 1)[0].celebrity.id != "7"


def test_who_is_removed_is_in_no_file(index: Path) -> None:
    vectors = (person(7).centroid, *person(7).embeddings)
    assert all(holds(index, vector) for vector in vectors)
    remove_people(index, ["7"])

    assert not any(holds(index.parent, vector) for vector in vectors)
    assert b'Number 7"' not in (index / CELEBRITIES).read_bytes()


def test_everybody_else_is_found_as_before(index: Path) -> None:
    before = Gallery.load(index)
    remove_people(index, ["0", "30"])
    after = Gallery.load(index)

    for probe in strangers(50):
        left = [one for one in before.nearest(probe, PEOPLE) if one.celebrity.id not in ("0", "30")]
        found = after.nearest(probe, PEOPLE)
        assert [(one.celebrity, one.photo) for one in found] == [(one.celebrity, one.photo) for one in left]
        np.testing.assert_allclose([one.distance for one in found], [one.distance for one in left], atol=1e-5)
        np.testing.assert_allclose([one.similarity for one in found], [one.similarity for one in left], atol=1e-5)


def test_everybody_but_one_can_be_removed_one_by_one(index: Path) -> None:
    for number in np.random.default_rng(81).permutation(PEOPLE)[1:]:
        remove_people(index, [str(number)])
        assert not holds(index, person(int(number)).centroid)

    (last,) = ids(index)
    assert Gallery.load(index).nearest(strangers(1)[0], 5)[0].celebrity.id == last


def test_many_are_removed_at_once(index: Path) -> None:
    remove_people(index, [str(number) for number in range(1, PEOPLE)])

    assert ids(index) == ["0"]


def test_who_was_removed_can_be_added_again(index: Path) -> None:
    remove_people(index, ["7"])
    written(crowd(range(PEOPLE)), index.with_name("again"), index)

    best = Gallery.load(index.with_name("again")).nearest(person(7).centroid, 1)[0]
    assert best.celebrity.id == "7"
    assert best.distance == pytest.approx(0, abs=1e-3)


def test_a_small_index_is_built_anew_of_who_stays(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "ANEW_BELOW", PEOPLE)
    remove_people(index, ["7"])
    written([one for one in crowd(range(PEOPLE)) if one.celebrity.id != "7"], index.with_name("anew"))

    assert (index / CELEBRITIES).read_bytes() == (index.with_name("anew") / CELEBRITIES).read_bytes()
    assert (index / EMBEDDINGS).read_bytes() == (index.with_name("anew") / EMBEDDINGS).read_bytes()


def test_an_id_that_is_not_there_is_named_and_nothing_changes(index: Path) -> None:
    before = contents(index)
    with pytest.raises(UnknownCelebrities) as refused:
        remove_people(index, ["7", "Nobody", "Anybody"])

    assert refused.value.ids == ("Anybody", "Nobody")
    assert all(text in str(refused.value) for text in (str(index), "Anybody", "Nobody"))
    assert contents(index) == before


def test_nobody_left_is_no_index(index: Path) -> None:
    before = contents(index)
    with pytest.raises(IndexRefused, match="nobody"):
        remove_people(index, [str(number) for number in range(PEOPLE)])

    assert contents(index) == before
    assert list(index.parent.iterdir()) == [index]


@pytest.mark.parametrize("name", [MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH])
def test_nobody_is_removed_from_a_damaged_index(index: Path, name: str) -> None:
    (index / name).write_bytes((index / name).read_bytes()[:-3])
    before = contents(index)
    with pytest.raises(IndexRefused):
        remove_people(index, ["7"])

    assert contents(index) == before


def test_what_else_lay_there_may_show_them_and_goes_too(index: Path) -> None:
    (index / "report.html").write_text("Number 7")
    remove_people(index, ["7"])

    assert sorted(contents(index)) == sorted([MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH])


def test_a_link_to_an_index_stays_a_link(index: Path) -> None:
    link = index.with_name("link")
    link.symlink_to(index)
    remove_people(link, ["7"])

    assert link.is_symlink()
    assert len(ids(link)) == len(ids(index)) == PEOPLE - 1


def remove_in_a_process(index: Path, id: str, last_line: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", REMOVER, str(ROOT), str(index), id, str(last_line)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_killed_removal_leaves_the_old_index_or_the_new_one(index: Path) -> None:
    before = shutil.copytree(index, index.parent / "kept" / "index")
    lines = int(remove_in_a_process(index, "7", last_line=0).stdout)
    everybody, random, finished = ids(before), np.random.default_rng(82), 0
    # the last lines of all, too, where the two have changed places and the old one is being deleted
    for moment in [*random.integers(1, lines, KILLS - 3), lines - 1, lines - 10, lines - 20]:
        shutil.rmtree(index)
        shutil.copytree(before, index)
        killed = remove_in_a_process(index, "7", int(moment))
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        left = ids(index)
        assert left in (everybody, [id for id in everybody if id != "7"])
        finished += left != everybody
    assert 0 < finished < KILLS

    remove_people(index, ["50"])
    assert sorted(index.parent.iterdir()) == [index, before.parent]
