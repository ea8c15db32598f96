"""Lines of text in any script."""

import functools
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from fontTools.ttLib import TTFont
from PIL import features

from lookalike.faces.drawing import lettering
from lookalike.faces.drawing.lettering import COVERAGE, FONTS, draw_line, drawable, drawable_part

pytestmark = [pytest.mark.fast, pytest.mark.usefixtures("raqm")]

SIZE, ROOM = 34, 476
NAMES = {
    "arabic": "محمد علي", "persian": "می\u200cخواهم پژمان", "hindi": "शाहरुख़ ख़ान", "bengali": "বাংলা", "tamil": "தமிழ்",
    "telugu": "తెలుగు", "kannada": "ಕನ್ನಡ", "malayalam": "മലയാളം", "gujarati": "ગુજરાતી", "gurmukhi": "ਪੰਜਾਬੀ",
    "sinhala": "සිංහල", "thai": "สมชาย ใจดี", "lao": "ລາວ", "khmer": "ស្រី", "burmese": "မြန်မာ", "hebrew": "שלום כהן",
    "armenian": "Արամ", "georgian": "ლევან", "amharic": "አበበ", "chinese": "李小龙 王鑫", "japanese": "さくら 渡辺",
    "korean": "김연아", "vietnamese": "Đặng Ngọc", "ukrainian": "Їжак Ґонта", "greek": "Μαρία", "mixed": "Ada محمد",
}  # fmt: skip


def drawn(text: str, size: int = SIZE) -> npt.NDArray[np.uint8]:
    return np.asarray(draw_line(text, "Bold", size, ROOM))


def ink(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """What is drawn, without the empty space around it."""
    rows, columns = np.nonzero(mask)
    return mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@functools.cache
def boxes() -> set[bytes]:
    """How each font draws a letter that it does not have."""
    files = [line.split()[0] for line in COVERAGE.read_text().splitlines()]
    return {bytes(lettering.font_of(file, "Bold", SIZE).getmask("\U0010fffd")) for file in files}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_script_is_drawn_whole_and_within_its_line(name: str) -> None:
    assert drawable(name) == name
    mask = drawn(name)

    assert mask.max() == 255
    assert not mask[[0, -1]].any()
    assert not mask[:, [0, -1]].any()
    for run in lettering._runs(name):
        assert run.file in {line.split()[0] for line in COVERAGE.read_text().splitlines()}
        font = lettering.font_of(run.file, "Bold", SIZE)
        assert not any(bytes(font.getmask(letter)) in boxes() for letter in run.text if letter.isalpha())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ann 👩\u200d🚀", "Ann"), ("🏳️\u200d🌈 Ann ❤️ 👍🏽", "Ann"), ("🇧🇷 João 1️⃣", "João"), ("𝓐𝓷𝓷 Ｆｕｌｌ", "Ann Full"),
        ("a\tb\n c", "a b c"), ("\u202eAnn", "Ann"), ("A\u200dnn", "Ann"), ("e\u0301", "é"), ("🙂", ""), ("", ""),
        ("𓀀 Ann", ""), ("A" * 200, "A" * 100), ("㌖" * 100, "キロメートル" * 16 + "キロメー"),
        ("صورة: \u2068Ann\u2069، \u200f87", "صورة: Ann، 87"),
    ],
)  # fmt: skip
def test_emoji_are_left_out_and_a_letter_without_a_font_leaves_nothing(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_of_a_text_that_is_no_name_letters_without_a_font_are_left_out() -> None:
    assert drawable_part("𓀀 actress 🙂") == "actress"


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    joined = ink(drawn("بب"))
    alone = ink(drawn("ب"))

    assert joined.shape[1] < 1.7 * alone.shape[1]  # two forms that join are narrower than twice one alone
    assert np.nonzero(ink(drawn("اب"))[:10].any(axis=0))[0].min() > alone.shape[1] / 2  # alif is on the right


def test_a_sign_before_its_letter_is_drawn_before_it() -> None:
    with_sign, without = ink(drawn("कि")), ink(drawn("क"))  # the vowel i stands on the left of its consonant

    assert with_sign.shape[1] > without.shape[1]
    np.testing.assert_array_equal(with_sign[-10:, -8:], without[-10:, -8:])


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Ada محمد", ["Ada ", "محمد"]),
        ("محمد Ada", ["Ada", "محمد "]),
        ("Ada 李", ["Ada ", "李"]),
        ("محمد 李 Ada", ["李", " Ada", "محمد "]),
    ],
)
def test_parts_stand_in_the_order_of_the_first_letters_direction(text: str, order: list[str]) -> None:
    assert [run.text for run in lettering._in_visual_order(lettering._runs(text))] == order


def test_without_raqm_scripts_that_need_it_are_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    for cached in (lettering._covered, lettering._file_for):
        cached.cache_clear()
    monkeypatch.setattr(features, "check_feature", lambda name: False)
    try:
        assert [drawable(NAMES[script]) == NAMES[script] for script in ("arabic", "hindi", "chinese", "thai")] == [
            False, False, True, True,
        ]  # fmt: skip
    finally:
        for cached in (lettering._covered, lettering._file_for):
            cached.cache_clear()


def test_the_list_of_letters_is_that_of_the_fonts() -> None:
    for line in COVERAGE.read_text().splitlines():
        file, *ranges = line.split()
        ends = [[int(end, 16) for end in one.split("-")] for one in ranges]
        listed = {point for pair in ends for point in range(pair[0], pair[-1] + 1)}
        for path in FONTS.glob(file.replace("Bold", "*")):
            assert set(TTFont(path).getBestCmap()) == listed, path


def test_every_font_is_in_use_and_under_an_open_licence() -> None:
    listed = {line.split()[0].replace("Bold", "*") for line in COVERAGE.read_text().splitlines()}
    files = {path for pattern in listed for path in FONTS.glob(pattern)}

    assert files == {path for path in FONTS.rglob("*") if path.suffix in (".ttf", ".otf")}
    for path in files:
        assert "SIL Open Font License" in TTFont(path)["name"].getDebugName(13), path
    assert Path(FONTS / "LICENSE.txt").read_text().count("License: OFL-1.1") >= 3
