"""One command removes a celebrity from the index, the photos, the embedding cache and later builds."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from build_index import main
from lookalike.gallery.index_format import EMBEDDINGS
from lookalike.indexing import takedown
from tests.conftest import copy_people
from tests.support.building import PEOPLE, BuildWorkspace, settle

REMOVED, *KEPT = PEOPLE


def remove(workspace: BuildWorkspace, *arguments: str) -> int:
    return main(["--out", str(workspace.out), "--remove", *arguments])


def everything(workspace: BuildWorkspace) -> dict[str, bytes]:
    """All files of the workspace."""
    files = (path for path in sorted(workspace.out.parent.rglob("*")) if path.is_file())
    return {str(path.relative_to(workspace.out.parent)): path.read_bytes() for path in files}


@pytest.fixture
def deny(tmp_path: Path) -> Path:
    path = tmp_path / "deny.txt"
    path.write_text("# by hand\nSomebody", encoding="utf-8")
    return path


def test_a_takedown_needs_neither_photos_nor_catalogue(workspace: BuildWorkspace, inspected: list[bytes]) -> None:
    shutil.rmtree(workspace.photos)

    assert remove(workspace, REMOVED) == 0
    assert list(workspace.people()) == KEPT
    assert inspected == []


def test_several_celebrities_are_removed_at_once(workspace: BuildWorkspace) -> None:
    assert remove(workspace, *PEOPLE[1:]) == 0
    assert list(workspace.people()) == PEOPLE[:1]


def test_nothing_in_the_workspace_shows_or_measures_a_removed_celebrity(workspace: BuildWorkspace, deny: Path) -> None:
    own = [path.read_bytes() for path in (workspace.photos / REMOVED).iterdir()]
    with np.load(workspace.out / EMBEDDINGS) as arrays:
        embeddings = [*arrays["photos"][:2], arrays["centroids"][0]]
    assert remove(workspace, REMOVED, "--photos", str(workspace.photos), "--deny", str(deny)) == 0

    left = everything(workspace)
    assert not any(REMOVED.encode() in data for data in left.values())
    assert not any(photo in left.values() for photo in own)
    assert not (workspace.photos / REMOVED).exists()
    assert workspace.cached() == 4
    assert not any(vector.tobytes() in data for vector in embeddings for data in left.values())
    assert sorted(path.name for path in workspace.photos.iterdir()) == KEPT


def test_the_next_build_leaves_them_out_too(workspace: BuildWorkspace, deny: Path, inspected: list[bytes]) -> None:
    assert remove(workspace, REMOVED, "--deny", str(deny)) == 0
    assert deny.read_text(encoding="utf-8").startswith(f"# by hand\nSomebody\n{REMOVED}  # ")

    assert workspace.build("--deny", str(deny)) == 0
    assert list(workspace.people()) == KEPT
    assert (REMOVED, "", "on the deny-list") in workspace.rejects()
    assert inspected == []


def test_a_deny_list_is_made_if_there_is_none(workspace: BuildWorkspace, tmp_path: Path) -> None:
    assert remove(workspace, REMOVED, "--deny", str(tmp_path / "new.txt")) == 0
    assert (tmp_path / "new.txt").read_text(encoding="utf-8").startswith(REMOVED)


def test_an_id_that_is_on_the_list_already_is_not_added_again(workspace: BuildWorkspace, deny: Path) -> None:
    deny.write_text(f"{REMOVED}\n")
    assert remove(workspace, REMOVED, "--deny", str(deny)) == 0

    assert deny.read_text() == f"{REMOVED}\n"


def test_an_unknown_id_is_named_and_nothing_is_changed(
    workspace: BuildWorkspace, deny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(workspace)

    assert remove(workspace, REMOVED, "Q99", "--deny", str(deny), "--photos", str(workspace.photos)) == 1
    said = capsys.readouterr()
    assert "Q99" in said.err
    assert REMOVED not in said.err + said.out
    assert everything(workspace) == before
    assert "Q99" not in deny.read_text()


@pytest.mark.parametrize("damage", ["nobody would stay", "a damaged index", "no index"])
def test_what_cannot_be_done_changes_nothing(workspace: BuildWorkspace, deny: Path, damage: str) -> None:
    """Above all no photo is deleted."""
    ids = PEOPLE if damage == "nobody would stay" else [REMOVED]
    if damage == "a damaged index":
        with (workspace.out / "embeddings.npz").open("ab") as file:
            file.write(b"more")
    elif damage == "no index":
        shutil.rmtree(workspace.out)
    before = everything(workspace)

    assert remove(workspace, *ids, "--deny", str(deny), "--photos", str(workspace.photos)) == 2
    assert everything(workspace) == before
    assert REMOVED not in deny.read_text()


def test_a_takedown_that_was_interrupted_can_be_typed_again(
    workspace: BuildWorkspace, deny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    arguments = (REMOVED, "--deny", str(deny), "--photos", str(workspace.photos))
    for name in ("deny", "delete_photos", "erase_from_cache", "remove_celebrities"):
        with monkeypatch.context() as patch:
            patch.setattr(takedown, name, killed)
            assert remove(workspace, *arguments) == 130
            assert REMOVED in workspace.people()

    assert remove(workspace, *arguments) == 0
    assert list(workspace.people()) == KEPT
    assert deny.read_text().count(REMOVED) == 1


def test_rejected_photos_are_deleted_too(workspace: BuildWorkspace) -> None:
    """They lie in the celebrity's folder, though the index never named them."""
    rejected = workspace.photos / REMOVED / "blank.jpg"
    rejected.write_bytes(b"no picture")
    settle(rejected)
    assert workspace.build() == 0
    assert workspace.cached() == 7

    assert remove(workspace, REMOVED, "--photos", str(workspace.photos)) == 0
    assert not (workspace.photos / REMOVED).exists()
    assert workspace.cached() == 4


def test_a_folder_named_like_the_celebrity_is_deleted_too(workspace: BuildWorkspace) -> None:
    catalogue = workspace.with_catalogue({"id": "Q1", "name": "Al Gore"}, {"id": PEOPLE[1], "name": "Alejandro Toledo"})
    assert workspace.build(*catalogue) == 0

    assert remove(workspace, "Q1", "--photos", str(workspace.photos)) == 0
    assert sorted(path.name for path in workspace.photos.iterdir()) == KEPT


def test_photos_of_another_celebrity_stay(workspace: BuildWorkspace, shared_faces: Path) -> None:
    """One that both lines name; and all that lie in a folder of the same name."""
    copy_people(shared_faces, ["Al_Sharpton"], workspace.photos, at_most=1)
    shutil.move(next((workspace.photos / "Al_Sharpton").iterdir()), workspace.photos / "Al_Gore" / "other.jpg")
    own = workspace.people()["Al_Gore"]
    lines = [
        {"id": "Q1", "name": "Al Gore", "photos": [{"file": file} for file in own]},
        {"id": "Q2", "name": "Al Gore", "photos": [{"file": own[0]}, {"file": "Al_Gore/other.jpg"}]},
    ]
    assert workspace.build(*workspace.with_catalogue(*lines)) == 0
    assert remove(workspace, "Q1", "--photos", str(workspace.photos)) == 0

    assert {path.name for path in (workspace.photos / "Al_Gore").iterdir()} == {"other.jpg", Path(own[0]).name}


def test_a_link_to_a_folder_is_deleted_and_its_target_stays(workspace: BuildWorkspace, tmp_path: Path) -> None:
    elsewhere = (workspace.photos / REMOVED).rename(tmp_path / "elsewhere")
    (elsewhere / "precious.txt").write_text("years of work")
    (workspace.photos / REMOVED).symlink_to(elsewhere)
    assert remove(workspace, REMOVED, "--photos", str(workspace.photos)) == 0

    assert not (workspace.photos / REMOVED).is_symlink()
    assert (elsewhere / "precious.txt").exists()


def test_the_output_says_what_was_done_and_what_remains_to_do(
    workspace: BuildWorkspace, deny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = workspace.people()[REMOVED]
    assert remove(workspace, REMOVED, "--photos", str(workspace.photos), "--deny", str(deny)) == 0
    output = capsys.readouterr().out

    for word in (*files, str(deny), REMOVED, "2 celebrities", "SIGHUP"):
        assert word in output


def test_photos_that_the_index_does_not_name_are_found_by_their_folder(workspace: BuildWorkspace) -> None:
    assert workspace.build("--forget-photos") == 0
    (removed,) = takedown.find_removed(workspace.out, [REMOVED]).celebrities
    assert removed.photos == ()

    assert remove(workspace, REMOVED, "--photos", str(workspace.photos)) == 0
    assert not (workspace.photos / REMOVED).exists()


def test_a_photos_directory_that_is_missing_changes_nothing(
    workspace: BuildWorkspace, deny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(workspace)

    assert remove(workspace, REMOVED, "--photos", str(workspace.directory / "nowhere"), "--deny", str(deny)) == 2
    assert f"{workspace.directory / 'nowhere'} is missing" in capsys.readouterr().err
    assert everything(workspace) == before


def test_the_record_file_of_an_earlier_version_is_emptied(workspace: BuildWorkspace) -> None:
    """It may hold the embeddings of the celebrity, in a format that is not read any more."""
    workspace.cache.write_bytes(b"records of an earlier version" * 100)
    assert remove(workspace, REMOVED) == 0

    assert b"records" not in workspace.cache.read_bytes()
