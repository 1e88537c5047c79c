"""A person's home page, who may add feeds, and sheets on an actor, a story or an article."""
