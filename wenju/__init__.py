"""The installed command `wenju`; an install keeps the packages that it runs in here."""
