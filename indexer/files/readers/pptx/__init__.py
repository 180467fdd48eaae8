"""Presentations. `read` is the way in."""

from indexer.files.readers.pptx.reader import read

__all__ = ["read"]
