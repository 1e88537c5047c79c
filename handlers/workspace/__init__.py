"""The local workspace: the part of Slack that the bot uses, and a page to talk to it.

server     LocalWorkspace: starts and stops everything; the interface for tests
page       what a person sees in a browser and does there (page.html, static/)
render     Block Kit and mrkdwn as HTML, with controls and forms; pure
api        the Web API, file uploads and response URLs (calls: what a call carries)
conversation  what a person or the bot says; people: clicks, forms, tabs, files and shortcuts
views      modals, Home and the agent panel as the bot published them, and the state of inputs
objects    cards under links to the bot's pages, and what opens of them
payloads   what Slack sends; pure
delivery   signed requests and their retries, or Socket Mode
state      people, channels, messages, the clock
"""
