"""Word documents. `read` is the way in."""

from indexer.files.readers.docx.reader import read

__all__ = ["read"]
