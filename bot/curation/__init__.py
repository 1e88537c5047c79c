"""Curation: corrections of actors and facts, lists of actors, and articles read again."""
