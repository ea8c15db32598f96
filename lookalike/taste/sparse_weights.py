"""Weights from each item to a few others, kept by the item they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.taste.ratings import Numbers, Rows

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SparseWeights:
    """From item `i` to item `targets[j]` the weight is `weights[j]`, for j from `starts[i]` to `starts[i + 1]`.

    `starts` (items + 1,); `targets`, `weights` (n,), both in the order of the items they come from.
    """

    starts: Places
    targets: Rows
    weights: Numbers

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.starts) - 1

    def of(self, item: int) -> tuple[Rows, Numbers]:
        """The items that one item has weights to, and these."""
        mine = slice(int(self.starts[item]), int(self.starts[item + 1]))
        return self.targets[mine], self.weights[mine]

    def sums(self, items: Rows, values: Numbers) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Over the given items (n,): for every item (items,) the sum of weight × value, and of the weights."""
        counts, targets, weights = self._from(items)
        return (
            np.bincount(targets, weights * np.repeat(values, counts), self.n_items).astype(np.float64),
            np.bincount(targets, weights, self.n_items).astype(np.float64),
        )

    def into(self, wanted: Rows, items: Rows) -> Numbers:
        """The weights (t, n) into each of the wanted items (t,) from each of the given ones (n,); 0 where none is."""
        counts, targets, weights = self._from(items)
        row_of = np.full(self.n_items, -1)
        row_of[wanted] = np.arange(len(wanted))
        is_wanted = row_of[targets] >= 0
        found = np.zeros((len(wanted), len(items)), dtype=np.float32)
        sources = np.repeat(np.arange(len(items)), counts)[is_wanted]
        found[row_of[targets[is_wanted]], sources] = weights[is_wanted]
        return found

    def _from(self, items: Rows) -> tuple[Places, Places, Numbers]:
        """How many weights there are from each of the given items (n,); their targets (m,), and these weights (m,)."""
        ends = self.starts[items], self.starts[items + 1]
        parts = [slice(start, end) for start, end in zip(*(edge.tolist() for edge in ends), strict=True)]
        if not parts:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
        targets = np.concatenate([self.targets[part] for part in parts], dtype=np.int64)
        return ends[1] - ends[0], targets, np.concatenate([self.weights[part] for part in parts])


def strongest(blocks: Iterable[npt.NDArray[np.float32]], count: int, *, by_target: bool = True) -> SparseWeights:
    """The `count` highest positive weights into each target, or from each item.

    `blocks`: rows (b, items) of targets, one block after another, of weights from each item, or the other way round;
    they may be changed.
    """
    from scipy import sparse  # for training alone

    found = []
    for block in blocks:
        if block.shape[1] > count:
            least = -np.partition(-block, count - 1, axis=1)[:, count - 1 : count]
            block[block < least] = 0
        block[block < 0] = 0
        found.append(sparse.csr_matrix(block))
    stacked = sparse.vstack(found)
    by_source = (stacked.T if by_target else stacked).tocsr()
    return SparseWeights(
        by_source.indptr.astype(np.int64), by_source.indices.astype(np.int32), by_source.data.astype(np.float32)
    )
