"""Who is meant: the gazetteer, and the actor index over it."""
