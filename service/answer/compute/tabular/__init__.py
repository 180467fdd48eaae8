"""Questions over the tables of whole documents: link words, form a program, execute it, tell it."""
