"""`python -m bot.cli`: the same as `kith`."""

from bot.cli import main

main()
