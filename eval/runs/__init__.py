"""A run: gold questions asked over one answering path, judged, kept in a file, summed up."""
