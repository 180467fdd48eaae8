"""The same texts, model and questions through other libraries, each in a process of its own."""
