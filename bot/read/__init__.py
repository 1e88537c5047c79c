"""An article becomes mentions and facts: pure, and in worker processes."""
