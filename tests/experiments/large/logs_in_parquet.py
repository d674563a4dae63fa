"""Small logs in Parquet for the tests of large analyses."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import sparse


def write_log(folder, contexts, items, shards=3, rows=1 << 16, names=("context", "item")):
    """Write the pairs as they come into so many files."""
    folder.mkdir(parents=True, exist_ok=True)
    for k, (c, i) in enumerate(zip(np.array_split(contexts, shards), np.array_split(items, shards))):
        table = pa.table({names[0]: pa.array(c, pa.int64()), names[1]: pa.array(i, pa.int64())})
        pq.write_table(table, folder / f"part-{k}.parquet", row_group_size=rows)
    return folder


def in_memory(contexts, items):
    """The ids of the items, and the binary matrix of contexts x items in their order."""
    ids, columns = np.unique(items, return_inverse=True)
    _, rows = np.unique(contexts, return_inverse=True)
    x = sparse.csr_array((np.ones(len(items)), (rows, columns)))
    x.sum_duplicates()
    x.data[:] = 1
    return ids, x


def communities(n_contexts=600, n_items=300, blocks=6, length=12, seed=0):
    """Pairs of contexts that hold mostly items of one block, popular ones more often; some twice."""
    rng = np.random.default_rng(seed)
    contexts = np.repeat(np.arange(n_contexts), rng.poisson(length, n_contexts))
    block = rng.integers(0, blocks, n_contexts)[contexts]
    block = np.where(rng.random(len(contexts)) < 0.1, rng.integers(0, blocks, len(contexts)), block)
    size = n_items // blocks
    items = block * size + (size * rng.random(len(contexts)) ** 1.8).astype(int)
    return contexts, items


def contents(out):
    """The bytes of the result of an analysis, and of what its steps have left, without the state of the solver."""
    kept = [path for path in out.rglob("*") if path.is_file() and path.name != "state.arrays"]
    return {str(path.relative_to(out)): path.read_bytes() for path in kept}
