"""Understanding a question: its kind, actors, period, classes and filters."""
