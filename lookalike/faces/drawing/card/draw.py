"""A share card: the user's face beside the celebrity's, the percentage between them, both names. Drawn in a worker.

Nothing of a user's photo or name outlives the call. What comes again is kept ready: panels of celebrities at the size
they have on the card, their texts, badges, tiles, backgrounds.
"""

from __future__ import annotations

import functools
import io

from PIL import Image, ImageDraw

from lookalike.faces.decoding import Picture
from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.drawing.card.design import CardDesign, Rgb, card_designs
from lookalike.faces.drawing.card.kept_panels import kept_star_panel
from lookalike.faces.drawing.card.layout import LAYOUTS, Layout
from lookalike.faces.drawing.card.panel import CardPanel, decoded, face_panel, star_panel, zoomed
from lookalike.faces.drawing.card.tile import gradient, initials, tile
from lookalike.faces.drawing.card.words import TextMask, text_mask
from lookalike.faces.drawing.lettering import INTER, drawable, font_of

JPEG_QUALITY = 84
RING_SHARE, RING_INSET = 0.062, 0.055  # of a badge's side: the ring's width, and its distance from the edge
NUMBER_SHARE = 0.27  # of a badge's side: the size of the percentage
DRAWN_LARGER = 3  # Pillow draws hard edges
KEPT_GROUNDS, KEPT_BADGES = 4, 64  # 3 MB and 0.1 MB each
GAP_PX = 2  # between a name and the line under it


def draw(photo: bytes | Picture, card: Card, star_photo: bytes) -> bytes:
    """The card as JPEG of two photos, the user's encoded or decoded; CardError if either cannot be decoded."""
    layout, designs = LAYOUTS[card.format], card_designs()
    design = designs.by_name.get(card.design, designs.default)
    star = _star(card, star_photo, layout, design)
    picture = photo if isinstance(photo, Picture) else decoded(photo)
    user = face_panel(picture.turned(card.turn), card.box, card.eyes, layout, star)
    ground = _ground(card.format, design, card.question, card.address)
    image = ground.copy()
    _paste_panels(image, user.image, zoomed(star, user, layout), layout, ground)
    badge = _badge(card.percent, layout.badge, design)
    image.paste(badge, ((layout.size[0] - layout.badge) // 2, layout.badge_middle - layout.badge // 2), badge)
    _write_names(image, card, layout, design)
    credit = text_mask(card.credit, "Regular", layout.credit)
    _write(image, credit, layout.size[0] // 2, layout.credit_bottom - credit.height, design.faint)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _paste_panels(
    image: Image.Image, user: Image.Image, star: Image.Image, layout: Layout, ground: Image.Image
) -> None:
    """Both faces, which turn into the background at their lower edge."""
    left, right = layout.panels
    is_whole = star.size != layout.panel
    if is_whole:
        space = layout.badge_middle - layout.badge // 2 - layout.panel_top - star.height
        right = right[0] + (layout.panel[0] - star.width) // 2, right[1] + space // 2
    image.paste(user, left)
    image.paste(star, right)
    top = layout.panel_top + layout.panel[1] - layout.fade
    width = layout.panel[0] if is_whole else layout.size[0]
    behind = ground.crop((0, top, width, top + layout.fade))
    image.paste(behind, (0, top), _fade(width, layout.fade))


def _star(card: Card, star_photo: bytes, layout: Layout, design: CardDesign) -> CardPanel:
    if card.is_tile:
        middle = round(layout.frame.eyes_top * layout.panel[1])
        return CardPanel(tile(initials(card.star_name), layout.panel, middle, design))
    panel = star_panel if card.is_pair else kept_star_panel
    return panel(star_photo, card.star_box, card.star_eyes, card.star_turn, layout)


def _write_names(image: Image.Image, card: Card, layout: Layout, design: CardDesign) -> None:
    """Both names with their lines, in the middle of the room for them, beginning at one height."""
    of_star = text_mask.__wrapped__ if card.is_pair else text_mask
    star_name = drawable(card.star_name) or card.star_name_else or card.star_name
    columns = [
        (text_mask.__wrapped__(drawable(card.name) or card.name_else, "Bold", layout.name), card.note),
        (of_star(star_name, "Bold", layout.name), card.star_note),
    ]
    notes = [text_mask(note, "Regular", layout.note) for _, note in columns]
    heights = [name.height + note.height for (name, _), note in zip(columns, notes, strict=True)]
    top = layout.texts_top + (layout.texts_bottom - layout.texts_top - max(heights)) // 2
    for (name, _), note, middle in zip(columns, notes, layout.middles, strict=True):
        _write(image, name, middle, top, design.ink)
        _write(image, note, middle, top + name.height + GAP_PX, design.faint)


def _write(image: Image.Image, text: TextMask, middle: int, top: int, colour: Rgb) -> None:
    """Put a text where its middle is `middle`."""
    if text.mask:
        image.paste(colour, (middle - text.width // 2 + text.left, top + text.top), text.mask)


@functools.lru_cache(maxsize=KEPT_GROUNDS)
def _ground(format: CardFormat, design: CardDesign, question: str, address: str) -> Image.Image:
    """What cards of one language have in common: the background, the question, the address as something to press."""
    layout = LAYOUTS[format]
    image, middle = gradient(layout.size, design.background), layout.size[0] // 2
    _write(image, text_mask(question, "Bold", layout.question), middle, layout.question_top, design.accent)
    text = text_mask(address, "Bold", layout.address)
    if text.mask:
        high = 2 * layout.address.size
        pill = _pill(text.mask.width + 2 * high, high)
        image.paste(design.accent, (middle - pill.width // 2, layout.address_top), pill)
        top = layout.address_top + (high - text.mask.height) // 2 - text.top
        _write(image, text, middle, top, design.badge)
    return image


@functools.cache
def _fade(width: int, height: int) -> Image.Image:
    """A mask from nothing to all, slow at both ends."""
    column = Image.new("L", (1, height))
    for y in range(height):
        share = (y + 1) / height
        column.putpixel((0, y), round(255 * share * share * (3 - 2 * share)))
    return column.resize((width, height))


@functools.lru_cache(maxsize=KEPT_BADGES)
def _badge(percent: int, side: int, design: CardDesign) -> Image.Image:
    """The percentage in a ring that is filled as far."""
    large = side * DRAWN_LARGER
    badge = Image.new("RGBA", (large, large), (*design.badge, 0))
    pen = ImageDraw.Draw(badge)
    pen.ellipse((0, 0, large - 1, large - 1), fill=design.badge)
    inset, width = RING_INSET * large, round(RING_SHARE * large)
    ring = (inset, inset, large - 1 - inset, large - 1 - inset)
    pen.arc(ring, 0, 360, fill=design.track, width=width)
    pen.arc(ring, -90, -90 + 3.6 * percent, fill=design.accent, width=width)
    font = font_of(INTER, "Bold", round(NUMBER_SHARE * large))
    pen.text((large // 2, large // 2), f"{percent}%", design.ink, font, anchor="mm")
    return badge.resize((side, side), Image.Resampling.BOX)


def _pill(width: int, height: int) -> Image.Image:
    """A rectangle with round ends as a mask."""
    large = Image.new("L", (width * DRAWN_LARGER, height * DRAWN_LARGER))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), large.height / 2, fill=255)
    return large.resize((width, height), Image.Resampling.BOX)
