"""The Slack surface: one action a file, payload builders apart from sending."""
