"""The model in use: none, a first one, a better one, a damaged one."""

import asyncio
import logging
import shutil
from pathlib import Path

import pytest

from lookalike.taste.model_directory import ARRAYS, MANIFEST, save_model
from lookalike.taste.serving.served_tastes import ServedTastes
from lookalike.taste.taste_model import TasteModel
from lookalike.taste.training import train
from tests.support.taste.people import crowd


@pytest.fixture(scope="module")
def model() -> TasteModel:
    return train(crowd(60, 30).ratings)


@pytest.fixture(scope="module")
def newer() -> TasteModel:
    return train(crowd(80, 40, seed=1).ratings)


@pytest.fixture
def refusals() -> list[str]:
    return []


@pytest.fixture
def tastes(tmp_path: Path, refusals: list[str]) -> ServedTastes:
    return ServedTastes(tmp_path / "taste", lambda: refusals.append("refused"))


async def test_without_a_model_there_is_none_and_nothing_is_logged(
    tastes: ServedTastes, refusals: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert (await tastes.reload(), tastes.model) == ("", None)
    assert (refusals, caplog.messages) == ([], [])


async def test_a_new_model_is_taken_and_told_of(
    tastes: ServedTastes, model: TasteModel, newer: TasteModel, refusals: list[str]
) -> None:
    told: list[int] = []
    tastes.when_replaced(lambda: told.append(len(tastes.model.items) if tastes.model else 0))

    for one in (model, newer):
        save_model(one, tastes.directory)
        assert await tastes.reload() == ""

    assert (told, refusals) == ([30, 40], [])


@pytest.mark.parametrize("file", [MANIFEST, ARRAYS])
async def test_a_damaged_model_is_refused_and_the_previous_one_stays(
    tastes: ServedTastes, model: TasteModel, refusals: list[str], caplog: pytest.LogCaptureFixture, file: str
) -> None:
    save_model(model, tastes.directory)
    await tastes.reload()
    previous = tastes.model
    (tastes.directory / file).write_bytes(b"x" + (tastes.directory / file).read_bytes()[1:])

    reason = await tastes.reload()

    assert "damaged" in reason
    assert tastes.model is previous is not None
    assert refusals == ["refused"]
    (line,) = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert "the previous one stays in use" in line
    assert "damaged" in line


async def test_a_model_that_is_damaged_at_the_start_leaves_none(
    tastes: ServedTastes, model: TasteModel, refusals: list[str]
) -> None:
    save_model(model, tastes.directory)
    (tastes.directory / ARRAYS).write_bytes(b"")

    assert "damaged" in await tastes.reload()
    assert (tastes.model, refusals) == (None, ["refused"])


async def test_a_model_that_is_deleted_is_used_no_more(
    tastes: ServedTastes, model: TasteModel, refusals: list[str]
) -> None:
    save_model(model, tastes.directory)
    await tastes.reload()
    shutil.rmtree(tastes.directory)

    assert (await tastes.reload(), tastes.model, refusals) == ("", None, [])


async def test_who_holds_a_model_is_answered_by_it_while_others_take_its_place(
    tastes: ServedTastes, model: TasteModel, newer: TasteModel
) -> None:
    save_model(model, tastes.directory)
    await tastes.reload()
    held = tastes.model
    assert held is not None
    before = held.recommend(held.profile({"i0": 9, "i3": 2}))

    save_model(newer, tastes.directory)
    await asyncio.gather(*(tastes.reload() for _ in range(3)))

    assert held.recommend(held.profile({"i0": 9, "i3": 2})) == before
    assert tastes.model is not held
