"""python -m bot.cli is dragoman."""

from bot.cli import main

main()
