"""What each part of the service is worth: leave it out, ask the same questions, compare."""
