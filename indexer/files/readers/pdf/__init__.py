"""PDF files: pages to text in reading order. `read` is the way in."""

from indexer.files.readers.pdf.reader import read

__all__ = ["read"]
