"""Read articles into mentions and facts: pure, and in worker processes."""
