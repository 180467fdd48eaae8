"""Files on disk to Documents: walk, decode, read."""
