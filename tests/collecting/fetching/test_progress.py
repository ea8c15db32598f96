"""What a run shows of itself: one count of requests, the time left, a line every 5 s without a terminal."""

import threading

import pytest

from lookalike.collecting.fetching.progress import Progress


def test_requests_to_come_are_estimated_from_those_the_people_before_took() -> None:
    progress = Progress(people=10, requests_a_person=5, per_minute=60)
    assert progress.total == 50

    progress.begin("who", 2)
    progress.advance()
    progress.advance()
    progress.begin_people(4)
    progress.begin("photos", 12)
    assert progress.total == 2 + 12 + 30
    for _ in range(8):
        progress.advance()
    progress.end_people()  # four of the twelve were on the disk

    assert progress.total == 10 + 6 * 2
    progress.expect_people(1)
    assert progress.total == 10 + 2
    assert progress.text() == "10 of 12 requests, about 0 min to go"


def test_a_pause_is_shown_with_its_reason() -> None:
    progress = Progress(people=0, requests_a_person=0, per_minute=60)
    progress.begin("photos", 300)
    progress.pause("upload.example: status 429", 60)

    assert progress.text() == "0 of 300 requests, about 5 min to go; waits 60 s, upload.example: status 429"


def test_without_a_terminal_there_are_lines_even_while_the_program_is_busy(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(people=100, requests_a_person=6, per_minute=200, every_s=0.01)
    shown = threading.Event()
    text = progress.text

    def noticed() -> str:
        shown.set()
        return text()

    progress.text = noticed  # type: ignore[method-assign]
    with progress:
        progress.begin("people", 2)
        shown.wait()

    assert "of 602 requests, about 3 min to go\n" in capsys.readouterr().err
