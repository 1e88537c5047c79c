"""What is followed, for whom, and who is told at once of what is new."""
