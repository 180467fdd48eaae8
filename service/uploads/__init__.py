"""Documents that come over HTTP: received, kept, and worked into the index by jobs."""
