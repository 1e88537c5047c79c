"""The local workspace: the part of Slack that the bot uses, and a page to talk to it.

server     LocalWorkspace: starts and stops it all, and speaks for tests
parts      everything below, made once and put together
page       what a person sees in a browser (shown; templates/, static/)
doing      what a person does there (article: writing one)
render     Block Kit as HTML, with mrkdwn and rich_text, controls and forms; pure
api        the Web API and response URLs (arguments, compose, standing, hooks)
acts       what a person or the bot says; clicks, view_acts, giving, opening: what else people do
views      modals and Home, as the bot opened and published them (panel: prompts and status)
inputs     what is chosen and filled in, as Slack sends it (elements: where)
payloads   what Slack sends; pure (profiles: of people and conversations)
deliver    signed requests, and their retries; sockets: through Socket Mode
state      people, channels, messages; files, clock
"""
