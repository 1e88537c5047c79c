"""What people follow: commands, topics, the watches of a place, and the alerts they send."""
