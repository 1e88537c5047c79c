"""The local workspace: the part of Slack that the bot uses, and a page to talk to it."""
