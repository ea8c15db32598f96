"""The file of a saved graph: its layout, its vectors, and bytes that depend on nothing but the input.

nmslib 2.1.2, similarity_search/src/method/hnsw.cc, SaveOptimizedIndex, little-endian:

    header         68 bytes (HEADER)
    nodes          n records of `stride` bytes: the node's Object (16 bytes: id i32, label i32, length u64; then the
                   vector f32), at `links_at` the number of its links i32 and room for `max_links_0` links i32
    upper levels   for each node their size in bytes u32, then for each level above 0 the number of links i32 and room
                   for `max_links` links i32

nmslib allocates the upper levels without clearing them and saves the unused room as it is: pieces of the process's
memory, which may hold the embedding of a removed celebrity. So the unused room is zeroed before a graph is kept.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import IndexRefused

# flag of the optimised format; nodes, stride, links_at, offset of the object, levels, entry node, max_links,
# max_links_0, distance function, search method
HEADER = struct.Struct("<IIQQQiiQQiQ")
OBJECT_HEADER_BYTES = 16  # before the vector of a node
LINK_BYTES = 4
OPTIMISED = 1


@dataclass(frozen=True)
class GraphLayout:
    """Where things are in a saved graph of `nodes` vectors of `dimension` numbers."""

    nodes: int
    dimension: int
    stride: int
    links_at: int
    max_links: int
    max_links_0: int

    @property
    def upper_levels_at(self) -> int:
        """The first byte after the nodes."""
        return HEADER.size + self.nodes * self.stride


def _read_layout(path: Path, data: bytearray) -> GraphLayout:
    """The layout of a saved graph; IndexRefused unless its header is one that nmslib writes and the nodes are whole."""
    if len(data) < HEADER.size:
        raise IndexRefused(f"{path}: too short for a graph")
    flag, nodes, stride, links_at, object_at, _, _, max_links, max_links_0, _, _ = HEADER.unpack_from(data)
    vector_bytes = links_at - OBJECT_HEADER_BYTES
    is_one = (flag, object_at, stride) == (OPTIMISED, 0, links_at + (max_links_0 + 1) * LINK_BYTES)
    if not is_one or vector_bytes <= 0 or vector_bytes % 4 or HEADER.size + nodes * stride > len(data):
        raise IndexRefused(f"{path}: not a graph that nmslib saved")
    return GraphLayout(nodes, vector_bytes // 4, stride, links_at, max_links, max_links_0)


def read_graph(path: Path) -> tuple[bytearray, GraphLayout]:
    """The bytes of a saved graph with all unused room zeroed, which searches do not read; IndexRefused if damaged."""
    data = bytearray(path.read_bytes())
    layout = _read_layout(path, data)
    _clear_unused(_link_lists(data, layout))
    at = layout.upper_levels_at
    try:
        for _ in range(layout.nodes):
            (size,) = struct.unpack_from("<I", data, at)
            at += 4
            if size:
                lists = np.frombuffer(data, "<i4", size // LINK_BYTES, at).reshape(-1, layout.max_links + 1)
                _clear_unused(lists)
                at += size
    except (struct.error, ValueError) as error:
        raise IndexRefused(f"{path}: its graph is cut off or damaged: {error}") from error
    if at != len(data):
        raise IndexRefused(f"{path}: {len(data)} bytes, its graph ends at {at}")
    return data, layout


def stored_vectors(data: bytearray, layout: GraphLayout) -> npt.NDArray[np.float32]:
    """The vectors (nodes, dimension) of a saved graph; what is assigned to them changes `data`."""
    shape, strides = (layout.nodes, layout.dimension), (layout.stride, 4)
    return np.ndarray(shape, np.dtype("<f4"), data, HEADER.size + OBJECT_HEADER_BYTES, strides)


def _link_lists(data: bytearray, layout: GraphLayout) -> npt.NDArray[np.int32]:
    """The link lists (nodes, 1 + max_links_0) of level 0, each after its length; as in stored_vectors."""
    shape, strides = (layout.nodes, 1 + layout.max_links_0), (layout.stride, LINK_BYTES)
    return np.ndarray(shape, np.dtype("<i4"), data, HEADER.size + layout.links_at, strides)


def _clear_unused(lists: npt.NDArray[np.int32]) -> None:
    """Zero what follows the links of each list (m, 1 + room), whose first number says how many links it has."""
    places = np.arange(1, lists.shape[1])
    lists[:, 1:][places[None, :] > lists[:, :1]] = 0
