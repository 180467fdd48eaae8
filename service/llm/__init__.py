"""Language models: the protocol and its kinds."""
