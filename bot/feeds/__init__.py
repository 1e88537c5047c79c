"""Feeds that workspaces follow: schedules, polls, and the health of each feed."""
