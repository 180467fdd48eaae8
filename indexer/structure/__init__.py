"""What the lines of a document say about its parts: sections, speakers, lists, subjects."""
