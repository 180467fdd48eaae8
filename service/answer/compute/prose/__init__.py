"""What follows from figures that are told in prose."""
