"""The commands that the report offers: quoted, complete, and run as they are."""

import shlex
import shutil
from pathlib import Path

import pytest

import build_index
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.indexing.report.commands import PROGRAM, MaintainerCommands
from lookalike.indexing.report.page import REPORT
from tests.support.building import PEOPLE, BuildWorkspace
from tests.support.galleries import ParsedPage

TWIN = "Al Gore, 'odd' & twice"
COMMANDS = MaintainerCommands(Path("photos"), Path("index"), Path("people.jsonl"), (Path("deny.txt"),))


@pytest.mark.fast
def test_a_command_has_all_options_of_the_build() -> None:
    assert COMMANDS.check("mixed-1a2b3c4d") == (
        ".venv/bin/python build_index.py --photos photos --catalog people.jsonl --deny deny.txt --out index "
        "--checked mixed-1a2b3c4d"
    )


@pytest.mark.fast
def test_a_shell_takes_odd_names_as_they_are() -> None:
    command = MaintainerCommands(Path("my photos"), Path("/srv/$HOME/index")).remove("Zoë; rm -rf ~ 'x'")

    words = shlex.split(command)
    assert words[2:4] == ["--remove", "Zoë; rm -rf ~ 'x'"]
    assert words[-4:] == ["--photos", "my photos", "--out", "/srv/$HOME/index"]


@pytest.mark.fast
def test_an_id_that_looks_like_an_option_is_none() -> None:
    parsed = build_index.parse(shlex.split(COMMANDS.remove("-x"))[2:])

    assert parsed.remove == ["-x"]


@pytest.mark.fast
@pytest.mark.parametrize("id", ["a\x1b[31m", "a\nb", "\u202eevil", "caf\udce9"])
def test_what_cannot_be_seen_is_not_offered_for_pasting(id: str) -> None:
    assert COMMANDS.remove(id) == ""


@pytest.mark.fast
@pytest.mark.parametrize(
    ("file", "named"), [("Q1/a b.jpg", "Q1/a b.jpg"), ("Q1/#1.jpg", "5ad1"), ("-1.jpg", "5ad1"), (" 1.jpg", "5ad1")]
)
def test_a_photo_is_named_so_that_a_deny_list_can_hold_it(file: str, named: str) -> None:
    assert shlex.split(COMMANDS.deny_photos([CelebrityPhoto(file=file, sha1="5ad1")]))[-1] == named


@pytest.mark.fast
def test_a_photo_that_cannot_be_named_has_no_command() -> None:
    assert COMMANDS.deny_photos([CelebrityPhoto(file="Q1/1.jpg"), CelebrityPhoto(file="Q1/#1.jpg")]) == ""


@pytest.fixture
def doubtful(workspace: BuildWorkspace, shared_faces: Path, monkeypatch: pytest.MonkeyPatch) -> BuildWorkspace:
    """An index in which one person has two names and another one two people's photos; the working directory."""
    shutil.copytree(workspace.photos / PEOPLE[0], workspace.photos / TWIN)
    other = next((shared_faces / "gallery" / "Andre_Agassi").iterdir())
    shutil.copyfile(other, max((workspace.photos / PEOPLE[1]).iterdir()).with_name("z #1.jpg"))
    max((workspace.photos / PEOPLE[1]).glob("A*")).unlink()
    monkeypatch.chdir(workspace.directory)
    assert workspace.build("--deny", "deny.txt", "--deny-photos", "none.jpg") == 0
    return workspace


def shown(workspace: BuildWorkspace) -> str:
    return (workspace.out / REPORT).read_text(encoding="utf-8")


def solve(workspace: BuildWorkspace, kind: str, answer: str) -> None:
    """Run the command of a report that goes with an answer to its first open case of a kind."""
    _, _, page = shown(workspace).split("<h3>Solved")[0].partition(f"<h3>{kind}")
    terms = page.partition("<dl>")[2].partition("</dl>")[0]
    offered = [part for part in terms.split("<dt>") if ParsedPage(part).text.strip().startswith(answer)]
    words = shlex.split(ParsedPage(offered[0]).all("button")[0]["data-copy"])
    assert tuple(words[:2]) == PROGRAM
    assert build_index.main([*words[2:], *([] if "--remove" in words else ["--workers", "1"])]) == 0


def test_a_checked_suspect_is_solved_from_the_next_build_on(doubtful: BuildWorkspace) -> None:
    before = ParsedPage(shown(doubtful)).text
    solve(doubtful, "One person under two names?", "Two people who look alike")

    assert "One person under two names? 1" in before
    assert "One person under two names?" not in ParsedPage(shown(doubtful)).text.split("Solved ")[0]
    assert "you checked it" in shown(doubtful)


def test_a_person_who_is_there_twice_is_removed(doubtful: BuildWorkspace) -> None:
    solve(doubtful, "One person under two names?", f"One person: remove {TWIN} ({TWIN})")

    assert sorted(doubtful.people()) == PEOPLE
    assert not (doubtful.photos / TWIN).exists()


def test_photos_of_somebody_else_are_left_out(doubtful: BuildWorkspace) -> None:
    before = doubtful.people()[PEOPLE[1]]
    solve(doubtful, "Two people under one name?", "The right side")

    assert before[1] == f"{PEOPLE[1]}/z #1.jpg"  # which a deny-list holds as a SHA-1
    assert doubtful.people()[PEOPLE[1]] == before[:1]
    assert "Two people under one name?" not in shown(doubtful)
    assert (doubtful.photos / before[1]).exists()
