"""The local workspace: the part of Slack that the bot uses, and a page to talk to it.

server     LocalWorkspace: starts and stops it all, and speaks for tests
page       what a person sees and does in a browser (templates/, static/)
render     Block Kit as HTML, with mrkdwn and rich_text; pure
api        the Web API and response URLs (arguments, compose, hooks)
acts       what a person or the bot does, and what the app is told of it
payloads   what Slack sends; pure
deliver    signed requests, and their retries
state      people, channels, messages
"""
