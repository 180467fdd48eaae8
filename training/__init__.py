"""How the built-in models were made. Needs the data; nothing at run time imports it."""
