"""The home page of a person, and who may add feeds."""
