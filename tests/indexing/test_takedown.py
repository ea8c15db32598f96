"""A person leaves by one command: from the index, the photos, what earlier builds keep, and the next builds."""

import shutil
from pathlib import Path

import pytest

from build_index import main
from lookalike.indexing import takedown
from tests.conftest import copy_people
from tests.support.building import PEOPLE, Runtime, settle

LEAVING, *STAYING = PEOPLE


def remove(house: Runtime, *arguments: str) -> int:
    return main(["--out", str(house.out), "--remove", *arguments])


def everything(house: Runtime) -> dict[str, bytes]:
    """All files of the house."""
    files = (path for path in sorted(house.out.parent.rglob("*")) if path.is_file())
    return {str(path.relative_to(house.out.parent)): path.read_bytes() for path in files}


@pytest.fixture
def deny(tmp_path: Path) -> Path:
    path = tmp_path / "deny.txt"
    path.write_text("# by hand\nSomebody", encoding="utf-8")
    return path


def test_a_takedown_needs_neither_photos_nor_catalogue(house: Runtime, asked: list[bytes]) -> None:
    shutil.rmtree(house.photos)

    assert remove(house, LEAVING) == 0
    assert list(house.people()) == STAYING
    assert asked == []


def test_several_people_leave_at_once(house: Runtime) -> None:
    assert remove(house, *PEOPLE[1:]) == 0
    assert list(house.people()) == PEOPLE[:1]


def test_nothing_in_the_house_shows_or_measures_who_has_left(house: Runtime, deny: Path) -> None:
    own = [path.read_bytes() for path in (house.photos / LEAVING).iterdir()]
    kept = house.store.read_bytes()
    assert remove(house, LEAVING, "--photos", str(house.photos), "--deny", str(deny)) == 0

    left = everything(house)
    assert not any(LEAVING.encode() in data for data in left.values())
    assert not any(photo in left.values() for photo in own)
    assert not (house.photos / LEAVING).exists()
    assert sum(a != b for a, b in zip(kept, house.store.read_bytes(), strict=True)) > 2 * 128 * 3
    assert sorted(path.name for path in house.photos.iterdir()) == STAYING


def test_the_next_build_leaves_them_out_too(house: Runtime, deny: Path, asked: list[bytes]) -> None:
    assert remove(house, LEAVING, "--deny", str(deny)) == 0
    assert deny.read_text(encoding="utf-8").startswith(f"# by hand\nSomebody\n{LEAVING}  # ")

    assert house.build("--deny", str(deny)) == 0
    assert list(house.people()) == STAYING
    assert (LEAVING, "", "on the deny-list") in house.rejects()
    assert asked == []


def test_a_deny_list_is_made_if_there_is_none(house: Runtime, tmp_path: Path) -> None:
    assert remove(house, LEAVING, "--deny", str(tmp_path / "new.txt")) == 0
    assert (tmp_path / "new.txt").read_text(encoding="utf-8").startswith(LEAVING)


def test_an_id_that_is_on_the_list_already_is_not_added_again(house: Runtime, deny: Path) -> None:
    deny.write_text(f"{LEAVING}\n")
    assert remove(house, LEAVING, "--deny", str(deny)) == 0

    assert deny.read_text() == f"{LEAVING}\n"


def test_an_unknown_id_is_named_and_nothing_is_changed(
    house: Runtime, deny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(house)

    assert remove(house, LEAVING, "Q99", "--deny", str(deny), "--photos", str(house.photos)) == 1
    said = capsys.readouterr()
    assert "Q99" in said.err
    assert LEAVING not in said.err + said.out
    assert everything(house) == before
    assert "Q99" not in deny.read_text()


@pytest.mark.parametrize("damage", ["everybody leaves", "a damaged index", "no index"])
def test_what_cannot_be_done_changes_nothing(house: Runtime, deny: Path, damage: str) -> None:
    """Above all no photo is deleted."""
    ids = PEOPLE if damage == "everybody leaves" else [LEAVING]
    if damage == "a damaged index":
        with (house.out / "embeddings.npz").open("ab") as file:
            file.write(b"more")
    elif damage == "no index":
        shutil.rmtree(house.out)
    before = everything(house)

    assert remove(house, *ids, "--deny", str(deny), "--photos", str(house.photos)) == 2
    assert everything(house) == before
    assert LEAVING not in deny.read_text()


def test_a_takedown_that_was_interrupted_can_be_typed_again(
    house: Runtime, deny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    arguments = (LEAVING, "--deny", str(deny), "--photos", str(house.photos))
    for name in ("deny", "delete_photos", "forget_embeddings", "remove_people"):
        with monkeypatch.context() as patch:
            patch.setattr(f"build_index.{name}", killed)
            assert remove(house, *arguments) == 130
            assert LEAVING in house.people()

    assert remove(house, *arguments) == 0
    assert list(house.people()) == STAYING
    assert deny.read_text().count(LEAVING) == 1


def test_photos_that_were_rejected_go_too(house: Runtime) -> None:
    """They lie in the person's folder, though the index never named them."""
    rejected = house.photos / LEAVING / "blank.jpg"
    rejected.write_bytes(b"no picture")
    settle(rejected)
    assert house.build() == 0
    records = house.store.read_bytes()

    assert remove(house, LEAVING, "--photos", str(house.photos)) == 0
    assert not (house.photos / LEAVING).exists()
    assert b"not_a_picture" in records
    assert b"not_a_picture" not in house.store.read_bytes()


def test_a_folder_that_is_called_like_the_name_goes_too(house: Runtime) -> None:
    catalogue = house.with_catalogue({"id": "Q1", "name": "Al Gore"}, {"id": PEOPLE[1], "name": "Alejandro Toledo"})
    assert house.build(*catalogue) == 0

    assert remove(house, "Q1", "--photos", str(house.photos)) == 0
    assert sorted(path.name for path in house.photos.iterdir()) == STAYING


def test_photos_of_somebody_else_stay(house: Runtime, shared_faces: Path) -> None:
    """One that both lines name; and all that lie in a folder of the same name."""
    copy_people(shared_faces, ["Al_Sharpton"], house.photos, at_most=1)
    shutil.move(next((house.photos / "Al_Sharpton").iterdir()), house.photos / "Al_Gore" / "other.jpg")
    own = house.people()["Al_Gore"]
    lines = [
        {"id": "Q1", "name": "Al Gore", "photos": [{"file": file} for file in own]},
        {"id": "Q2", "name": "Al Gore", "photos": [{"file": own[0]}, {"file": "Al_Gore/other.jpg"}]},
    ]
    assert house.build(*house.with_catalogue(*lines)) == 0
    assert remove(house, "Q1", "--photos", str(house.photos)) == 0

    assert {path.name for path in (house.photos / "Al_Gore").iterdir()} == {"other.jpg", Path(own[0]).name}


def test_a_link_to_a_folder_goes_and_what_it_leads_to_stays(house: Runtime, tmp_path: Path) -> None:
    elsewhere = (house.photos / LEAVING).rename(tmp_path / "elsewhere")
    (elsewhere / "precious.txt").write_text("years of work")
    (house.photos / LEAVING).symlink_to(elsewhere)
    assert remove(house, LEAVING, "--photos", str(house.photos)) == 0

    assert not (house.photos / LEAVING).is_symlink()
    assert (elsewhere / "precious.txt").exists()


def test_it_is_said_what_was_done_and_what_is_left_to_do(
    house: Runtime, deny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = house.people()[LEAVING]
    assert remove(house, LEAVING, "--photos", str(house.photos), "--deny", str(deny)) == 0
    said = capsys.readouterr().out

    for word in (*files, str(deny), LEAVING, "2 celebrities", "SIGHUP"):
        assert word in said


def test_an_index_that_names_no_photos_loses_them_by_the_folder(house: Runtime) -> None:
    assert house.build("--forget-photos") == 0
    (going,) = takedown.leaving(house.out, [LEAVING]).celebrities
    assert going.photos == ()

    assert remove(house, LEAVING, "--photos", str(house.photos)) == 0
    assert not (house.photos / LEAVING).exists()
