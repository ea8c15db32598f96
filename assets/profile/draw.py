"""The picture of the bot, by code: two faces that nearly match, one of them a star's; and, wider, that of the page.

    .venv/bin/python assets/profile/draw.py

Telegram shows it round, and as small as 40 pixels in the list of chats. A link to the page is shown with the wide one.
"""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

TARGET = Path(__file__).with_name("picture.jpg")
OF_PAGE = Path(__file__).parent.parent / "page" / "preview.jpg"
SIDE = 640  # pixels, what Telegram shows at most
WIDE = (1200, 630)  # what previews of links show, whole
FINER = 4  # drawn so much larger, since Pillow draws hard edges
NIGHT, DUSK, ROSE = (24, 22, 48), (91, 42, 134), (226, 88, 134)  # background, from the top left corner
WHITE, GOLD = (255, 255, 255), (255, 196, 84)
EDGE = (59, 29, 98)


def background(size: tuple[int, int]) -> Image.Image:
    """A diagonal gradient over three colours."""
    small = Image.new("RGB", (64, 64))
    for y in range(64):
        for x in range(64):
            at = (x + y) / 63
            low, high, share = (NIGHT, DUSK, at) if at < 1 else (DUSK, ROSE, at - 1)
            small.putpixel((x, y), tuple(round(a + (b - a) * share) for a, b in zip(low, high, strict=True)))
    return small.resize(size, Image.Resampling.BICUBIC)


def star(middle: tuple[float, float], radius: float, turn: float = -90) -> list[tuple[float, float]]:
    """The ten corners of a star."""
    corners = []
    for corner in range(10):
        angle = math.radians(turn + 36 * corner)
        reach = radius if corner % 2 == 0 else radius * 0.45
        corners.append((middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle)))
    return corners


def person(
    pen: ImageDraw.ImageDraw, unit: float, x: float, colour: tuple[int, int, int], outline: int = 0
) -> None:  # fmt: skip
    """Head and shoulders around `x`, in units, of which the height has a hundred; with an edge of so many."""

    def ellipse(cx: float, cy: float, rx: float, ry: float, fill: tuple[int, int, int]) -> None:
        pen.ellipse(((cx - rx) * unit, (cy - ry) * unit, (cx + rx) * unit, (cy + ry) * unit), fill=fill)

    for wider, fill in ((outline, EDGE), (0, colour)) if outline else ((0, colour),):
        ellipse(x, 93, 22 + wider, 31 + wider, fill)
        ellipse(x, 43, 13.5 + wider, 15.5 + wider, fill)


def draw(width: int = SIDE, height: int = SIDE) -> Image.Image:
    """The picture, in px."""
    image = background((width * FINER, height * FINER))
    pen, unit = ImageDraw.Draw(image), height * FINER / 100
    middle = 50 * width / height
    person(pen, unit, middle - 14, WHITE)
    person(pen, unit, middle + 8, GOLD, outline=2)
    place = ((middle + 29) * unit, 25 * unit)
    glow = Image.new("L", image.size)
    ImageDraw.Draw(glow).polygon(star(place, 14 * unit), fill=110)
    image.paste(WHITE, mask=glow.filter(ImageFilter.GaussianBlur(3 * unit)))
    pen.polygon(star(place, 11 * unit), fill=WHITE)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def main() -> None:
    """Make both."""
    for path, image in ((TARGET, draw()), (OF_PAGE, draw(*WIDE))):
        image.save(path, "JPEG", quality=92, optimize=True)
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
