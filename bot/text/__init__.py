"""Words and time, before anything is known about the world."""
