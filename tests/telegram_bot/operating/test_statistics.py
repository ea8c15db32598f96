"""/stats: numbers, and a chart of the last days."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from lookalike.store.store import Activity
from lookalike.telegram_bot.operating import chart_process
from lookalike.telegram_bot.operating.activity_chart import draw
from lookalike.telegram_bot.operating.chart_process import chart_fields
from lookalike.telegram_bot.texts import all_texts
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

ACTIVITY = Activity(
    days=(date(2026, 11, 20), date(2026, 11, 21)),
    outcomes=({"match": 3, "no_face": 1}, {"no_face": 2, "too_dark": 1}),
    joined=(4, 1),
    languages={"ru": 4, "en": 1},
)


async def test_stats_come_with_a_chart(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    told = await api.answer_to(boss.text("/stats"), 120)

    assert told.method == "sendPhoto"
    assert "People: 1" in told.text
    with Image.open(io.BytesIO(next(iter(told.files.values())))) as chart:
        assert (chart.format, chart.size) == ("PNG", (1200, 960))


async def test_without_a_chart_the_numbers_go_alone(
    api: BotApi, bot: InProcessBot, boss: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chart_process, "PROGRAM", "lookalike.no_such_program")
    told = await answer(api, boss.text("/stats"))

    assert told.method == "sendMessage"
    assert "People: 1" in told.text
    assert "the chart was not drawn" in caplog.text


def test_refusals_are_counted_by_day_and_by_reason() -> None:
    fields = chart_fields(ACTIVITY, all_texts()["en"])

    assert (fields["matches"], fields["refusals"]) == ([3, 0], [1, 3])
    assert fields["reasons"] == {"no_face": 3, "too_dark": 1}


@pytest.mark.parametrize("language", all_texts())
def test_the_chart_shows_every_number(language: str) -> None:
    figure = draw(chart_fields(ACTIVITY, all_texts()[language]))

    answers, people, reasons, languages = figure.axes
    assert [round(bar.get_height()) for bar in answers.patches] == [3, 0, 1, 3]  # type: ignore[attr-defined]
    assert [round(bar.get_height()) for bar in people.patches] == [4, 1]  # type: ignore[attr-defined]
    assert [text.get_text() for text in reasons.texts] == ["3", "1"]
    assert [label.get_text() for label in languages.get_yticklabels()] == ["ru", "en"]


@pytest.mark.parametrize("language", ["ar", "hi", "uk"])
def test_the_chart_has_the_letters_of_the_language(language: str, tmp_path: Path) -> None:
    figure = draw(chart_fields(ACTIVITY, all_texts()[language]))

    figure.savefig(tmp_path / "chart.png", dpi=20)  # a letter that no font has is a warning, and that an error


def test_an_empty_store_has_an_empty_chart(tmp_path: Path) -> None:
    nothing = Activity((date(2026, 11, 21),), ({},), (0,), {})

    draw(chart_fields(nothing, all_texts()["en"])).savefig(tmp_path / "chart.png")
