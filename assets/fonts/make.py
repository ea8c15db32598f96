"""Make the fonts of noto/ and coverage.txt, from the files of two Debian packages, unpacked into a folder.

    apt-get download fonts-noto-core fonts-noto-cjk
    for package in fonts-noto-*.deb; do dpkg -x $package unpacked; done
    python assets/fonts/make.py unpacked

Hinting is left out, which is for screens of few pixels. Of the Chinese, Japanese and Korean letters only those in
common use stay, as their national standards list them. A line of coverage.txt is a font's file and the code points that
it has, as ranges.
"""

import itertools
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SCRIPTS = (
    "Arabic", "Devanagari", "Bengali", "Tamil", "Telugu", "Kannada", "Malayalam", "Gujarati", "Gurmukhi", "Sinhala",
    "Thai", "Lao", "Khmer", "Myanmar", "Hebrew", "Armenian", "Georgian", "Ethiopic",
)  # fmt: skip
IN_BOTH_WEIGHTS = ("Arabic", "Devanagari")  # languages that the bot speaks
SIMPLIFIED_CHINESE = 2  # of the fonts in NotoSansCJK-Bold.ttc
# Rows of letters in common use: all of GB 2312, JIS X 0208 level 1 and kana, the syllables of KS X 1001.
ROWS = {"gb2312": range(16, 88), "euc_jp": (1, 4, 5, *range(16, 48)), "euc_kr": range(16, 41)}


def options(**more: object) -> subset.Options:
    """Everything for shaping, nothing for screens."""
    made = subset.Options(hinting=False, notdef_outline=False, name_IDs=[0, 1, 2, 13, 14], **more)
    made.drop_tables += ["DSIG"]
    return made


def make(source: Path, target: Path, letters: set[int] | None, how: subset.Options) -> None:
    """A part of a font; `letters`: code points, None for all."""
    font = subset.load_font(str(source), how)
    maker = subset.Subsetter(how)
    maker.populate(unicodes=font.getBestCmap().keys() if letters is None else letters)
    maker.subset(font)
    subset.save_font(font, str(target), how)


def common_letters() -> set[int]:
    """Code points of ROWS."""
    found = set()
    for codec, rows in ROWS.items():
        for row, cell in itertools.product(rows, range(1, 95)):
            text = bytes((row + 0xA0, cell + 0xA0)).decode(codec, "ignore")
            found |= {ord(letter) for letter in text}
    return found


def ranges(points: list[int]) -> str:
    """Code points as hexadecimal ranges."""
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in runs)


def main(unpacked: Path) -> None:
    """Make all files."""
    fonts, noto = unpacked / "usr/share/fonts", HERE / "noto"
    for script in SCRIPTS:
        for weight in ("Bold", "Regular") if script in IN_BOTH_WEIGHTS else ("Bold",):
            name = f"NotoSans{script}-{weight}.ttf"
            make(fonts / "truetype/noto" / name, noto / name, None, options(layout_features=["*"]))
    cjk = options(layout_features=["ccmp"], font_number=SIMPLIFIED_CHINESE)
    make(fonts / "opentype/noto/NotoSansCJK-Bold.ttc", noto / "NotoSansCJK-Bold.otf", common_letters(), cjk)
    made = [noto / f"NotoSans{script}-Bold.ttf" for script in SCRIPTS]
    files = [HERE / "Inter-Bold.otf", *made, noto / "NotoSansCJK-Bold.otf"]
    lines = (f"{one.relative_to(HERE)} {ranges(list(TTFont(one).getBestCmap()))}" for one in files)
    (HERE / "coverage.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
