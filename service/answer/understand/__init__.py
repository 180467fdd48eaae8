"""What a message asks: its questions, their kind, subjects and times; follow-ups made whole."""
