"""The figure guard, check by check: what a sentence states must stand in what it cites."""
