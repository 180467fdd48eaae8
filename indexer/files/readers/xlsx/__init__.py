"""Workbooks. `read` is the way in."""

from indexer.files.readers.xlsx.reader import read

__all__ = ["read"]
