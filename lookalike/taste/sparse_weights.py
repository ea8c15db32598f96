"""Weights from each item to a few others, kept by the item they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

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
        counts = self.starts[items + 1] - self.starts[items]
        offsets = np.repeat(self.starts[items] - np.append(0, np.cumsum(counts)[:-1]), counts)
        places = offsets + np.arange(int(counts.sum()))
        targets, weights = self.targets[places], self.weights[places]
        return (
            np.bincount(targets, weights * np.repeat(values, counts), self.n_items).astype(np.float64),
            np.bincount(targets, weights, self.n_items).astype(np.float64),
        )

    def into(self, target: int, items: Rows) -> Numbers:
        """The weights (n,) from the given items to one target; 0 where there is none."""
        found = np.zeros(len(items), dtype=np.float32)
        for place, item in enumerate(items):
            targets, weights = self.of(int(item))
            found[place] = weights[targets == target].sum()
        return found


def strongest(blocks: Iterable[npt.NDArray[np.float32]], count: int, *, by_target: bool = True) -> SparseWeights:
    """The `count` highest positive weights into each target, or from each item.

    `blocks`: rows (b, items) of targets, one block after another, of weights from each item, or the other way round;
    they may be changed.
    """
    found = []
    for block in blocks:
        if block.shape[1] > count:
            least = -np.partition(-block, count - 1, axis=1)[:, count - 1 : count]
            block[block < least] = 0
        block[block < 0] = 0
        found.append(sp.csr_matrix(block))
    stacked = sp.vstack(found)
    by_source = (stacked.T if by_target else stacked).tocsr()
    return SparseWeights(
        by_source.indptr.astype(np.int64), by_source.indices.astype(np.int32), by_source.data.astype(np.float32)
    )
