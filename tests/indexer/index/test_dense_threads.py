"""A search by meaning keeps to one thread, in whichever thread it is asked for."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import faiss
import numpy as np

from indexer.index.dense.view import DenseIndex
from indexer.index.dense.writing import DenseWriter


def test_a_search_in_another_thread_starts_no_threads(tmp_path: Path) -> None:
    with closing(DenseWriter(4, tmp_path)) as writer:
        writer.add(np.arange(3), np.eye(3, 4, dtype=np.float32))
        writer.write(tmp_path / "dense.faiss")
    index = DenseIndex.open(tmp_path / "dense.faiss")

    def found() -> tuple[list[int], int]:
        faiss.omp_set_num_threads(2)  # as a new thread begins on a machine of two cores
        hits = index.search(np.eye(1, 4, dtype=np.float32)[0], 1, None)
        return [hit.key for hit in hits], faiss.omp_get_max_threads()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(found).result() == ([0], 1)
