"""`python -m bot.cli.start`: what `python3 -m bot` runs once everything is set up."""

from bot.cli import main_start

main_start()
