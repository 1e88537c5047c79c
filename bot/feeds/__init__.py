"""Feeds followed: what is due, what came of it, how each fares."""
