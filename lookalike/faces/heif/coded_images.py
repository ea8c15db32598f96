"""Width and height that a coded image declares for itself: H.265 (ITU-T H.265, 7.3) and AV1 (AV1 specification, 5.5).

A HEIC or AVIF file says its dimensions twice: in its boxes and in the coded image. Decoders go by the second.
"""

from __future__ import annotations

from collections.abc import Iterator

Size = tuple[int, int]  # width, height in px

SPS = 33  # NAL unit type of H.265: a sequence parameter set
VCL_TYPES = range(32)  # NAL unit types of H.265: slices of a picture
SEQUENCE_HEADER, FRAME_TYPES = 1, (3, 6)  # OBU types of AV1; a frame header, a frame
MAX_UNITS = 512  # NAL units or OBUs of one item; a slice for each row of the largest picture are 200
MAX_SETS = 16  # of one kind in a configuration; ITU-T H.265 allows 16 of those that are read


class CodedImageError(ValueError):
    """Not what the specification says, or over the limits."""


def hevc_images(data: bytes, length_bytes: int) -> tuple[list[Size], int, int]:
    """The sizes of all sequence parameter sets in an item's data, how many pictures begin in it, and its NAL units."""
    sizes: list[Size] = []
    units = list(_nal_units(data, length_bytes))
    pictures = 0
    for unit in units:
        kind = unit[0] >> 1 & 0x3F
        if kind == SPS:
            sizes.append(_sps_size(unit))
        elif kind in VCL_TYPES:
            pictures += unit[2] >> 7  # first_slice_segment_in_pic_flag
    return sizes, pictures, len(units)


def hevc_configuration(data: bytes) -> tuple[list[Size], int]:
    """The sizes in an `hvcC` box, and the bytes of the lengths before NAL units (ISO/IEC 14496-15, 8.3.3)."""
    sizes, at = [], 23
    for _ in range(data[22]):
        kind, count, at = data[at] & 0x3F, int.from_bytes(data[at + 1 : at + 3]), at + 3
        if count > MAX_SETS:
            raise CodedImageError("too many parameter sets")
        for _ in range(count):
            length = int.from_bytes(data[at : at + 2])
            if kind == SPS:
                sizes.append(_sps_size(data[at + 2 : at + 2 + length]))
            at += 2 + length
    return sizes, (data[21] & 3) + 1


def av1_images(data: bytes) -> tuple[list[Size], int, int]:
    """The sizes of all sequence headers in an item's data, how many frames are in it, and its OBUs."""
    sizes: list[Size] = []
    frames = at = 0
    for number in range(MAX_UNITS):
        if at >= len(data):
            return sizes, frames, number
        header, at = data[at], at + 1 + (data[at] >> 2 & 1)  # with or without the extension
        length = len(data) - at
        if header & 2:
            length, at = _leb128(data, at)
        kind = header >> 3 & 0xF
        if kind == SEQUENCE_HEADER:
            sizes.append(_sequence_size(data[at : at + length]))
        frames += kind in FRAME_TYPES
        at += length
    raise CodedImageError("too many OBUs")


def _nal_units(data: bytes, length_bytes: int) -> Iterator[bytes]:
    at = 0
    for _ in range(MAX_UNITS):
        if at >= len(data):
            return
        length = int.from_bytes(data[at : at + length_bytes])
        at += length_bytes
        if not 3 <= length <= len(data) - at:
            raise CodedImageError("a NAL unit that ends elsewhere")
        yield data[at : at + length]
        at += length
    raise CodedImageError("too many NAL units")


class _Bits:
    """Numbers out of a string of bits, the highest first; CodedImageError behind its end."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data), 8 * len(data)

    def take(self, bits: int) -> int:
        if bits > self._left:
            raise CodedImageError("a header that ends too early")
        self._left -= bits
        return self._value >> self._left & (1 << bits) - 1

    def take_exp_golomb(self) -> int:
        """ue(v) of ITU-T H.265, 9.2."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)


MAX_HEADER_BYTES = 256  # of which the dimensions are read; they are among the first 150


def _sps_size(unit: bytes) -> Size:
    bits = _Bits(unit[2:MAX_HEADER_BYTES].replace(b"\0\0\3", b"\0\0"))
    bits.take(4)
    sub_layers = bits.take(3)
    bits.take(1 + 96)  # the general profile, tier and level
    present = [(bits.take(1), bits.take(1)) for _ in range(sub_layers)]
    bits.take(2 * (8 - sub_layers) if sub_layers else 0)
    bits.take(sum(88 * profile + 8 * level for profile, level in present))
    bits.take_exp_golomb()
    if bits.take_exp_golomb() == 3:  # chroma_format_idc
        bits.take(1)
    return bits.take_exp_golomb(), bits.take_exp_golomb()


def _sequence_size(header: bytes) -> Size:
    bits = _Bits(header[:MAX_HEADER_BYTES])
    bits.take(3 + 1)
    if bits.take(1):  # reduced_still_picture_header
        bits.take(5)
    else:
        if bits.take(1):  # timing_info_present_flag: of films
            raise CodedImageError("a sequence header of a film")
        has_delay = bits.take(1)
        for _ in range(bits.take(5) + 1):
            bits.take(12)
            if bits.take(5) > 7:
                bits.take(1)
            if has_delay and bits.take(1):
                bits.take(4)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return bits.take(width_bits) + 1, bits.take(height_bits) + 1


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for number in range(8):
        value |= (data[at + number] & 0x7F) << 7 * number
        if data[at + number] < 0x80:
            return value, at + number + 1
    raise CodedImageError("a length without an end")
