"""Resolve names to actors: the gazetteer, and the actor index over it."""
