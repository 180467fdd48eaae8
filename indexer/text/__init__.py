"""What Chinese text needs: pure functions, no files, no index."""
