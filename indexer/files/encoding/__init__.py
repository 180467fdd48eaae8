"""What bytes say of the encoding that they are in. `indexer.files.decode` is the way in."""
