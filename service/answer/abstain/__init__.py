"""When not to answer."""
