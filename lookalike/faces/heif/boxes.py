"""Walks the boxes of a HEIC or AVIF file (ISO/IEC 23008-12, HEIF) before anything decodes it.

Such a file holds items. The primary one is a coded image, or is put together of others: of a grid of tiles in every
photo of a phone. The walk adds up what decoding it would cost: each coded image that it needs, as often as it needs it,
with the larger of the sizes that its boxes and its own header declare.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lookalike.faces.heif.coded_images import CodedImageError, Size, av1_images, hevc_configuration, hevc_images
from lookalike.faces.types import MAX_PIXELS, Reason, Refusal

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
AVIF_BRANDS = frozenset({b"avif"})
CODED, DERIVED = frozenset({b"hvc1", b"av01"}), frozenset({b"grid", b"iden", b"tmap"})  # item types
READ_CODINGS = CODED | DERIVED
MAX_BOXES = 4_096  # on one level; an iPhone's photo of 48 megapixels has 250 items with 20 properties
MAX_ITEMS = 1_000  # libheif's own limit
MAX_REFERENCES = 4_096
MAX_EXTENTS, MAX_OF_ITEM = 16, 32  # pieces and properties of an item; one and about eight in real files
MAX_UNITS = 8_192  # NAL units and OBUs; an image or tile is one, rarely one for every row of 64 px
MAX_DEPTH = 4  # of items that are put together of others; an iPhone's HDR photo: tone map of a grid of tiles
# Of everything that is decoded for a photo: tiles that reach beyond its edge, an alpha plane, a gain map. 3 s of CPU.
MAX_CODED_PIXELS = 5 * MAX_PIXELS // 2

_REFUSED = Refusal(Reason.UNREADABLE)
_WRONG = (IndexError, KeyError, ValueError, struct.error)
Span = tuple[int, int]  # first byte, first byte behind


@dataclass
class _Items:
    """What the `meta` box says of the items, by their ids."""

    primary: int = 0
    types: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, tuple[bool, list[Span]]] = field(default_factory=dict)  # within `idat`? where then
    idat: Span = (0, 0)
    properties: list[tuple[bytes, bytes]] = field(default_factory=list)  # kind and content, counted from 1
    of_item: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    made_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    beside: set[int] = field(default_factory=set)  # alpha planes, depth and gain maps
    costs: dict[int, int] = field(default_factory=dict)  # pixels, of those that are added up
    units: int = 0  # NAL units and OBUs that were looked at


def is_heif(data: bytes) -> bool:
    """Whether a file begins as one of this family."""
    return data[4:8] == b"ftyp" and bool(_brands(data) & (HEIC_BRANDS | AVIF_BRANDS))


def walk_heif(data: bytes) -> str | Refusal:
    """`HEIF` or `AVIF` if structure, dimensions and work are within the limits; else why they are not."""
    try:
        meta = [span for kind, span in _boxes(data, (0, len(data)), cut_off=True) if _top_level(kind) == b"meta"]
        if len(meta) != 1:
            return _REFUSED
        items = _items(data, meta[0])
        cost = _cost(data, items, items.primary) + sum(_cost_beside(data, items, one) for one in items.beside)
        too_large = any(width * height > MAX_PIXELS for width, height in _declared(items, items.primary))
    except _WRONG:
        return _REFUSED
    if too_large or cost > MAX_CODED_PIXELS:
        return Refusal(Reason.TOO_LARGE)
    return "AVIF" if _brands(data) & AVIF_BRANDS else "HEIF"


def _cost_beside(data: bytes, items: _Items, id: int) -> int:
    """Of an alpha plane or a map; in a coding that is not read it is not decoded either."""
    return _cost(data, items, id) if items.types.get(id) in READ_CODINGS else 0


def _top_level(kind: bytes) -> bytes:
    if kind == b"moov":  # a film; the items beside it would be its poster
        raise CodedImageError("a film")
    return kind


def _brands(data: bytes) -> set[bytes]:
    end = min(int.from_bytes(data[:4]), 256, len(data))
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def _boxes(data: bytes, span: Span, cut_off: bool = False) -> Iterator[tuple[bytes, Span]]:
    """Kind and content of the boxes within a span; `cut_off`: the last one may end behind it."""
    at, end = span
    for _ in range(MAX_BOXES):
        if at + 8 > end:
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if length == 1:
            (length,), start = struct.unpack_from(">Q", data, start), start + 8
        after = at + length if length else end
        if after < start or (after > end and not cut_off):
            raise CodedImageError("a box that ends elsewhere")
        yield kind, (start, min(after, end))
        at = after
    raise CodedImageError("too many boxes")


def _items(data: bytes, meta: Span) -> _Items:
    items, seen = _Items(), set()
    for kind, span in _boxes(data, (meta[0] + 4, meta[1])):
        if kind in seen:
            raise CodedImageError("the same box twice")
        seen.add(kind)
        if kind == b"idat":
            items.idat = span
        elif read := _READ.get(kind):
            read(items, _Fields(data, span))
    return items


class _Fields:
    """Numbers out of a full box, whose version is read first."""

    def __init__(self, data: bytes, span: Span) -> None:
        self.data, (self.at, self.end) = data, span
        self.version, self.flags = self.take(1), self.take(3)

    def take(self, size: int) -> int:
        self.at += size
        if self.at > self.end:
            raise CodedImageError("a box that ends too early")
        return int.from_bytes(self.data[self.at - size : self.at])

    def count(self, size: int, most: int) -> range:
        """A number of entries to come."""
        number = self.take(size)
        if number > most:
            raise CodedImageError("too many entries")
        return range(number)


def _read_primary(items: _Items, box: _Fields) -> None:
    items.primary = box.take(4 if box.version else 2)


def _read_types(items: _Items, box: _Fields) -> None:
    box.count(4 if box.version else 2, MAX_ITEMS)
    for kind, span in _boxes(box.data, (box.at, box.end)):
        entry = _Fields(box.data, span)
        if kind == b"infe" and entry.version >= 2:
            id = entry.take(2 if entry.version == 2 else 4)
            entry.take(2)
            items.types[id] = entry.take(4).to_bytes(4)


def _read_places(items: _Items, box: _Fields) -> None:
    """`iloc`: the extents of each item, in the file or in `idat`."""
    sizes = [box.take(1), box.take(1)]
    offset_size, length_size, base_size, index_size = (size >> shift & 15 for size in sizes for shift in (4, 0))
    total = 0
    for _ in box.count(2 if box.version < 2 else 4, MAX_ITEMS):
        id = box.take(2 if box.version < 2 else 4)
        method = box.take(2) & 15 if box.version else 0
        if method > 1:
            raise CodedImageError("an item within an item")
        box.take(2)
        base = box.take(base_size)
        spans = []
        for _ in box.count(2, MAX_EXTENTS):
            box.take(index_size if box.version else 0)
            offset, length = base + box.take(offset_size), box.take(length_size)
            total += length
            spans.append((offset, offset + length))
        items.places[id] = method == 1, spans
    if total > len(box.data):
        raise CodedImageError("items that share their bytes")


def _read_properties(items: _Items, box: _Fields) -> None:
    """`iprp`, which has no version: its children begin four bytes earlier."""
    for kind, span in _boxes(box.data, (box.at - 4, box.end)):
        if kind == b"ipco":
            items.properties = [(kind, box.data[slice(*span)]) for kind, span in _boxes(box.data, span)]
        elif kind == b"ipma":
            entry = _Fields(box.data, span)
            wide = entry.flags & 1
            for _ in entry.count(4, MAX_ITEMS):
                id = entry.take(4 if entry.version else 2)
                items.of_item[id] += [
                    entry.take(1 + wide) & (0x7FFF if wide else 0x7F) for _ in entry.count(1, MAX_OF_ITEM)
                ]


def _read_references(items: _Items, box: _Fields) -> None:
    """`iref`: what derived images are made of, and what belongs to an image beside it."""
    size, total = 4 if box.version else 2, 0
    for kind, span in _boxes(box.data, (box.at, box.end)):
        entry = _Fields(box.data, (span[0] - 4, span[1]))  # has no version
        source = entry.take(size)
        targets = [entry.take(size) for _ in entry.count(2, MAX_REFERENCES)]
        total += len(targets)
        if total > MAX_REFERENCES:
            raise CodedImageError("too many references")
        if kind == b"dimg":
            items.made_of[source] += targets
        elif kind == b"auxl":
            items.beside.add(source)


_READ: dict[bytes, Callable[[_Items, _Fields], None]] = {
    b"pitm": _read_primary, b"iinf": _read_types, b"iloc": _read_places, b"iprp": _read_properties,
    b"iref": _read_references,
}  # fmt: skip


def _declared(items: _Items, id: int) -> list[Size]:
    """The dimensions in an item's `ispe` properties."""
    return [struct.unpack_from(">II", content, 4) for content in _properties(items, id, b"ispe")]


def _properties(items: _Items, id: int, wanted: bytes) -> list[bytes]:
    own = [items.properties[number - 1] for number in items.of_item.get(id, ()) if number]
    return [content for kind, content in own if kind == wanted]


def _cost(data: bytes, items: _Items, id: int, depth: int = 0) -> int:
    """Pixels that are decoded for an item; counting ends where they are over the limit."""
    if id not in items.costs:
        items.costs[id] = _added_up(data, items, id, depth)
    return items.costs[id]


def _added_up(data: bytes, items: _Items, id: int, depth: int) -> int:
    kind, sizes = items.types.get(id, b""), _declared(items, id)
    if depth > MAX_DEPTH:
        raise CodedImageError("items made of items made of items")
    if kind in DERIVED:
        sizes += [_grid_size(_content(data, items, id))] if kind == b"grid" else []
        cost = MAX_CODED_PIXELS + 1 if any(width * height > MAX_PIXELS for width, height in sizes) else 0
        for part in items.made_of[id]:
            if cost > MAX_CODED_PIXELS:
                break
            cost += _cost(data, items, part, depth + 1)
        return cost
    own, images = _coded(_content(data, items, id), items, id)
    return images * max(width * height for width, height in sizes + own)


def _content(data: bytes, items: _Items, id: int) -> bytes:
    """The bytes of an item."""
    in_idat, spans = items.places[id]
    source = data[slice(*items.idat)] if in_idat else data
    return b"".join(source[start:end] for start, end in spans)


def _grid_size(content: bytes) -> Size:
    """Width and height of a grid of tiles (ISO/IEC 23008-12, 6.6.2.3.2)."""
    width, height = struct.unpack_from(">II" if content[1] & 1 else ">HH", content, 4)
    return width, height


def _coded(content: bytes, items: _Items, id: int) -> tuple[list[Size], int]:
    """The sizes in the headers of a coded image, and how many images it holds."""
    if items.types.get(id) == b"av01":
        sizes, images, units = av1_images(content)
    elif items.types.get(id) == b"hvc1":
        (configuration,) = _properties(items, id, b"hvcC")
        configured, length_bytes = hevc_configuration(configuration)
        sizes, images, units = hevc_images(content, length_bytes)
        sizes += configured
    else:
        raise CodedImageError("a coding that is not read")
    items.units += units
    if not sizes or not images or items.units > MAX_UNITS:
        raise CodedImageError("no image")
    return sizes, images
