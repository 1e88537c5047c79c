"""What was told, and what is said once where it no longer stands."""
