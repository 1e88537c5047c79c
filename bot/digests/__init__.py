"""Digests of what is new: when each is due, what it contains, and sending each once."""
