"""Question to evidence to words that resolve to spans."""
