"""One document of our own words, written in every format that is read. Knows no reader."""
