"""A person's home page, who may add feeds, and the details of an actor, a story or an article."""
