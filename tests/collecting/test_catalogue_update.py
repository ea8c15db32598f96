"""What becomes of the previous catalogue and its photos."""

from pathlib import Path

import pytest

from lookalike.collecting.catalogue_update import merged
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import WikimediaData, jpeg, sha1, small_data


@pytest.fixture
def data() -> WikimediaData:
    return small_data(people=6, photos=4)


async def test_a_later_run_asks_anew_but_searches_and_downloads_nothing_twice(runner: CollectRunner) -> None:
    await runner.collect()
    seen, before = len(runner.server.seen), runner.people()
    await runner.collect()

    kinds = {one.kind for one in runner.server.seen[seen:]}
    assert kinds == {"query", "people", "files"}
    assert runner.people() == before


async def test_a_person_deleted_from_wikidata_is_dropped_with_their_photos(
    runner: CollectRunner, data: WikimediaData, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "names.txt").write_text("Q1000\nQ1001\n")
    await runner.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")
    del data.items["Q1001"]
    await runner.collect("--names", str(tmp_path / "names.txt"), "--limit", "2")

    assert "dropped: Q1001 Star 1: deleted from Wikidata\n" in capsys.readouterr().err
    assert list(runner.people()) == ["Q1000", "Q1002"]
    assert runner.listed_files() == runner.files()


async def test_a_photo_that_lost_its_licence_is_deleted_and_replaced(
    runner: CollectRunner, data: WikimediaData, capsys: pytest.CaptureFixture[str]
) -> None:
    await runner.collect("--photos-per-person", "2")
    (lost,) = (file for file in runner.files() if sha1(jpeg(0))[:20] in file)
    data.uploads["File:Star 0 0.jpg"].license = "fair use"
    for number in range(4):
        del data.uploads[f"File:Star 3 {number}.jpg"]
    await runner.collect("--photos-per-person", "2")

    assert lost not in runner.files()
    assert runner.listed_files() == runner.files()
    assert len(runner.people()["Q1000"].photos) == 2
    assert "dropped: Q1003 Star 3: no usable photo\n" in capsys.readouterr().err


async def test_people_outside_the_limit_of_this_run_keep_their_photos(
    runner: CollectRunner, capsys: pytest.CaptureFixture[str]
) -> None:
    await runner.collect()
    files, seen = runner.files(), len(runner.server.seen)
    await runner.collect("--limit", "2")
    assert "dropped: Q1005 Star 5: not asked for\n" in capsys.readouterr().err
    assert (len(runner.people()), runner.files()) == (2, files)

    await runner.collect()
    assert (len(runner.people()), "photo" in {one.kind for one in runner.server.seen[seen:]}) == (6, False)


async def test_a_maintainers_own_photos_are_never_deleted(runner: CollectRunner) -> None:
    await runner.collect()
    (runner.photos / "Q1000" / "own.jpg").write_bytes(jpeg(5))
    line = runner.catalogue.read_text().replace('"photos":[{', '"photos":[{"file":"Q1000/own.jpg"},{', 1)
    runner.catalogue.write_text(line)
    assert "Q1000/own.jpg" in runner.listed_files()
    await runner.collect()

    assert "Q1000/own.jpg" not in runner.listed_files()
    assert "Q1000/own.jpg" in runner.files()


async def test_photos_of_a_person_denied_later_are_deleted(runner: CollectRunner, tmp_path: Path) -> None:
    await runner.collect()
    (tmp_path / "deny.txt").write_text("Q1001")
    await runner.collect("--deny", str(tmp_path / "deny.txt"))

    assert runner.listed_files() == runner.files()
    assert not (runner.photos / "Q1001").exists()


async def test_a_celebrity_from_two_sources_has_the_photos_of_both(runner: CollectRunner) -> None:
    await runner.collect("--limit", "1")
    one = runner.people()["Q1000"]
    own = one.photos[0].model_copy(update={"file": "own.jpg"})
    both = merged([one, one.model_copy(update={"photos": (one.photos[1], own)})])

    assert list(both) == ["Q1000"]
    assert both["Q1000"].photos == (*one.photos, own)
