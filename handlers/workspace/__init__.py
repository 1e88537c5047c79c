"""The local workspace: the part of Slack that the bot uses, and a page to talk to it.

server     LocalWorkspace: starts and stops it all, and speaks for tests
page       what a person sees in a browser and does there (templates/, static/)
render     Block Kit as HTML, with rich_text, controls and forms; mrkdwn: text as HTML; both pure
api        the Web API, file uploads and response URLs (calls: what a call carries)
conversation  what a person or the bot says; people: clicks, forms, tabs, files and shortcuts
views      modals, Home and the agent panel, as the bot opened and published them
inputs     what is chosen and filled in, as Slack sends it
payloads   what Slack sends; pure
delivery   signed requests and their retries, or through Socket Mode
state      people, channels, messages, the clock
"""
