"""How the built-in encoder and the reader on top of it were made. Needs torch and the data."""
