"""Question to cited answer, over HTTP and on the page. Knows no file formats."""
