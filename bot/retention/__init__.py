"""What is kept, and for how long; and all that is kept of a workspace or a person."""
