"""Photos from a list of URLs."""

from pathlib import Path

import pytest

from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import WikimediaData, small_data


@pytest.fixture
def data() -> WikimediaData:
    return small_data(people=6, photos=4)


async def test_photos_by_link(runner: CollectRunner, tmp_path: Path) -> None:
    host, data = runner.server.url, runner.server.data
    data.uploads["File:Big.jpg"] = data.uploads.pop("File:Star 0 0.jpg")
    (tmp_path / "links.txt").write_text(
        f"Ann Lee\t{host}/Special:FilePath/Big.jpg\n"
        f"Ann Lee\t{host}/Special:FilePath/Big.jpg\n"
        f"Ann Lee\t{host}/original/Gone.jpg\n"
        f'{{"name": "Bo", "url": "{host}/original/Star_1_0.jpg", "author": "Jo", "license": "CC0"}}\n'
        f"Cy\t{host}/original/Star_1_0.jpg\n"
        "Di\n"
    )
    assert await runner.collect("--urls", str(tmp_path / "links.txt"), "--occupations", "dancer") == 0

    ann, bo = runner.people().values()
    assert (ann.id, ann.name, len(ann.photos)) == ("Ann_Lee", {"en": "Ann Lee"}, 1)
    assert (bo.photos[0].author, bo.photos[0].license) == ("Jo", "CC0")
    reasons = [reason for _, _, reason in runner.rejects()]
    assert "status 404" in reasons
    assert "is a photo of somebody else, too" in reasons
    assert any("line 6: url" in reason for reason in reasons)
    seen = len(runner.server.asked("photo"))
    await runner.collect("--urls", str(tmp_path / "links.txt"), "--occupations", "dancer")
    assert [one.path for one in runner.server.asked("photo")[seen:]] == ["/original/Gone.jpg"]


async def test_an_unavailable_server_costs_only_its_own_photos(
    runner: CollectRunner, tmp_path: Path, unused_tcp_port: int
) -> None:
    links = [f"Ann\thttp://127.0.0.1:{unused_tcp_port}/{number}.jpg" for number in range(20)]
    (tmp_path / "links.txt").write_text("\n".join([*links, f"Bo\t{runner.server.url}/original/Star_1_0.jpg"]))

    assert await runner.collect("--urls", str(tmp_path / "links.txt"), "--occupations", "dancer") == 0
    assert list(runner.people()) == ["Bo"]
    reasons = {reason for id, _, reason in runner.rejects() if id == "Ann"}
    assert reasons == {f"no answer: 127.0.0.1:{unused_tcp_port} cannot be reached", "no usable photo"}
