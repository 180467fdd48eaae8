"""Loading faiss, and reading and writing its files. Knows no kind of index."""

from pathlib import Path
from typing import Any

from indexer.errors import IndexDamaged


def faiss() -> Any:
    """The module, when it is first needed. Its stubs know only the bare C++ signatures."""
    import faiss

    return faiss


def on_one_thread() -> Any:
    """The module, which keeps to one thread in whichever thread this is called.

    Search is bound by memory bandwidth: threads only add jitter, and training on two threads took
    ten times as long beside another process. OpenMP keeps the number by thread, and every request
    has its own: set once at opening, five times the CPU time was spent waiting.
    """
    engine = faiss()
    engine.omp_set_num_threads(1)
    return engine


def read_index(path: Path) -> Any:
    """Map an index file into memory. Raises: IndexDamaged."""
    try:
        return faiss().read_index(str(path), faiss().IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise IndexDamaged(f"{path.name} can't be read", hint="build the index again") from error


def write_index(index: Any, path: Path) -> None:
    """Raises: OSError."""
    # Through a Python file, so that a full disk is an OSError with its errno; what faiss writes by
    # name it closes without looking.
    with path.open("wb") as handle:
        sink = faiss().PyCallbackIOWriter(handle.write, 1 << 20)
        faiss().write_index(index, sink)
        del sink  # flushes
