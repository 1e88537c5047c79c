"""The home page of a person, who may add feeds, and sheets on an actor, a story or an article."""
