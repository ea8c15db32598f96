"""What was left out: by reason, with the reason explained, from the build and from the collector."""

from pathlib import Path

import pytest

from lookalike.indexing.embed_photos import KILLS_ITS_WORKER
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report import rejects as rejects_module
from lookalike.indexing.report.collector_rejects import NotCollected, read_not_collected, rejects_of
from lookalike.indexing.report.links import file_link, title_of, web_address
from lookalike.indexing.report.reject_reasons import HELP, help_for
from lookalike.indexing.report.rejects import collector_groups, reject_groups
from lookalike.indexing.report.view_models import ViewModels
from tests.support.galleries import star

pytestmark = pytest.mark.fast


def test_rejects_are_grouped_by_reason() -> None:
    rejects = [IndexReject("Q1", f"Q1/{number}.png", "no_face") for number in range(300)]
    rejects += [IndexReject("Q2", "Q2/1.png", "same as Q2/0.png"), IndexReject("Q3", "Q3/1.png", "same as Q3/0.png")]
    rejects += [
        IndexReject("", "", "people.jsonl: line 3: id: Field required"),
        IndexReject("Q4", "", "no usable photo"),
    ]

    groups = reject_groups(ViewModels(None), rejects, {"Q2": star(2)})

    assert [(group.bar.label, group.bar.count, len(group.rejects)) for group in groups] == [
        ("no face", 300, 240), ("same as another photo", 2, 2), ("wrong line of the catalogue", 1, 1),
        ("no usable photo", 1, 1),
    ]  # fmt: skip
    assert [(one.name, one.id, one.detail) for one in groups[1].rejects] == [
        ("Star 2", "Q2", "same as Q2/0.png"), ("", "Q3", "same as Q3/0.png")
    ]  # fmt: skip
    assert groups[2].rejects[0].detail == "people.jsonl: line 3: id: Field required"
    assert all(group.help for group in groups)


def test_rare_reasons_share_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejects_module, "MAX_REASONS", 1)
    reasons = ("blurred", "blurred", "too tilted", "no_face")

    rejects = [IndexReject("Q1", f"{number}.png", reason) for number, reason in enumerate(reasons)]
    rare = reject_groups(ViewModels(None), rejects, {})[-1]

    assert (rare.bar.label, rare.bar.count) == ("2 other reasons", 2)
    assert [one.detail for one in rare.rejects] == ["too tilted", "no_face"]


def test_the_collectors_rejects_are_grouped_without_what_is_particular() -> None:
    rejects = [
        NotCollected("Q1", "Ada", "File:A.jpg", "licence is not free: CC BY-NC 2.0"),
        NotCollected("Q2", "Bo", "File:B.jpg", "licence is not free: CC BY-ND 4.0"),
        NotCollected("Q3", "Cy", "", "a politician"),
    ]

    free, politician = collector_groups(rejects)

    assert [(one.name, one.detail) for one in free.rejects] == [("Ada", "CC BY-NC 2.0"), ("Bo", "CC BY-ND 4.0")]
    assert free.rejects[0].photo is not None
    assert free.rejects[0].photo.source_link == "https://commons.wikimedia.org/wiki/File:A.jpg"
    assert politician.rejects[0].photo is None


def test_the_reasons_that_the_code_gives_are_explained() -> None:
    for reason in ("no face", "blurred", "unlike the person's other photos", KILLS_ITS_WORKER, "on the deny-list"):
        assert help_for(reason)
    assert help_for("2 other reasons") == ""
    assert all(text.endswith(".") for text in HELP.values())


def test_the_collectors_list_is_read_as_it_writes_it(tmp_path: Path) -> None:
    path = rejects_of(tmp_path / "celebrities.jsonl", tmp_path)
    path.write_text(
        'celebrity,name,photo,reason\r\nQ1,"Ada, the ""first""",File:A b.jpg,no licence\r\nQ2,Bo,,a minor\r\n',
        encoding="utf-8",
    )

    assert path.name == "celebrities.rejects.csv"
    assert rejects_of(None, tmp_path) == path
    assert read_not_collected(path) == [
        NotCollected("Q1", 'Ada, the "first"', "File:A b.jpg", "no licence"), NotCollected("Q2", "Bo", "", "a minor")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"celebrity,name,photo,reason\nQ1\n", b'x"\n' + b"y" * 200_000]
)
def test_a_list_that_is_none_has_no_rejects(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(content)

    assert read_not_collected(tmp_path / "list.csv") == []
    assert read_not_collected(tmp_path / "nowhere.csv") == []


@pytest.mark.parametrize(
    ("file", "link"),
    [
        ("Q1/1.jpg", "./../photos/Q1/1.jpg"),
        ("Zoë #1?/a b%.jpg", "./../photos/Zo%C3%AB%20%231%3F/a%20b%25.jpg"),
        ("caf\udce9.jpg", "./../photos/caf%E9.jpg"),
        ("half\ud800.jpg", ""),
        ("../outside.jpg", ""),
        ("/etc/passwd", ""),
    ],
)
def test_a_link_leads_to_the_file_whatever_it_is_called(file: str, link: str) -> None:
    assert file_link("../photos", file) == link


def test_only_addresses_of_the_web_are_links() -> None:
    assert web_address("https://example.org/a") == "https://example.org/a"
    assert web_address("javascript:alert(1)") == web_address("data:text/html,x") == web_address(None) == ""
    assert title_of("https://commons.wikimedia.org/wiki/File:A_%C3%A9_b.jpg") == "A é b.jpg"
    assert title_of("https://example.org/a_b.jpg") == ""
