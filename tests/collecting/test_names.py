"""Lists of people: by article, by alias, and which of several namesakes is meant."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from lookalike.collecting.names import ask_on_terminal
from lookalike.collecting.wikimedia.wikidata import Namesake
from lookalike.core.errors import ServerUnavailable
from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import WikimediaData, jpeg
from tests.support.wikimedia.server import busy


@pytest.fixture
def data() -> WikimediaData:
    data = WikimediaData()
    for number, (id, links) in enumerate((("Q1", 40), ("Q2", 90), ("Q3", 10), ("Q4", 60))):
        data.add("Michael Jordan", links, [jpeg(number)], id=id)
    data.add("Stefani Germanotta", 80, [jpeg(9)], id="Q9", aliases=("Lady Gaga",))
    return data


def written(path: Path, *lines: str) -> str:
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


async def test_an_article_or_an_alias_leads_to_a_person(runner: CollectRunner, tmp_path: Path) -> None:
    article = "https://en.wikipedia.org/wiki/Stefani_Germanotta"
    for line in (article, "Lady Gaga", "Stefani Germanotta # the singer"):
        assert await runner.collect("--names", written(tmp_path / "names", line), "--occupations", "dancer") == 0
        assert list(runner.people()) == ["Q9"]


async def test_a_line_of_a_catalogue_is_found_by_its_aliases(runner: CollectRunner, tmp_path: Path) -> None:
    line = '{"id": "gaga", "name": "Unknown Name", "aliases": {"en": ["Lady Gaga"]}}'
    await runner.collect("--names", written(tmp_path / "names.jsonl", line), "--occupations", "dancer")

    assert runner.people()["gaga"].name["en"] == "Unknown Name"


async def test_namesakes_who_are_about_as_famous_are_asked_about_once(
    runner: CollectRunner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def choose(name: str, people: Sequence[Namesake]) -> Namesake:
        asked.append((name, [one.id for one in people]))
        return people[1]

    names = written(tmp_path / "names", "Michael Jordan")
    runner.server.always["photo"] = busy("86400")  # so that the round is not finished
    with pytest.raises(ServerUnavailable):
        await runner.collect("--names", names, "--occupations", "dancer", choose=choose)
    runner.server.always.clear()
    await runner.collect("--names", names, "--occupations", "dancer", choose=choose)

    assert asked == [("Michael Jordan", ["Q2", "Q4", "Q1"])]  # Q3 is far less famous
    assert list(runner.people()) == ["Q4"]
    assert "Michael Jordan: taken for Michael Jordan, a star; of that name, too: Q2" in capsys.readouterr().err


async def test_without_a_terminal_the_most_famous_is_taken(runner: CollectRunner, tmp_path: Path) -> None:
    await runner.collect("--names", written(tmp_path / "names", "Michael Jordan"), "--occupations", "dancer")

    assert list(runner.people()) == ["Q2"]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "id"), [("2\n", "Q4"), ("\n", "Q2"), ("7\nx\n1\n", "Q2")])
def test_a_terminal_is_asked_until_the_answer_is_one_of_them(
    monkeypatch: pytest.MonkeyPatch, typed: str, id: str
) -> None:
    shown = _Terminal()
    monkeypatch.setattr("sys.stdin", _Terminal(typed))
    monkeypatch.setattr("sys.stderr", shown)

    chosen = ask_on_terminal("Michael Jordan", [Namesake("Q2", 90, "player"), Namesake("Q4", 60, "professor")])
    assert chosen.id == id
    assert "professor (Q4, 60 sitelinks)" in shown.getvalue()
