"""Briefs: what is known of actors or an event, line by line, and drawn over time."""
