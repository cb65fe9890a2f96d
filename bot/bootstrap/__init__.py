"""The one place that builds adapters and joins them to the use cases; a new platform is one line in `joining.py`."""

from bot.bootstrap.building import content_of, house_of, opened_store, prepare_file, reader
from bot.bootstrap.doctor import Mark, examine
from bot.bootstrap.joining import open_platforms
from bot.bootstrap.keys import fresh_key, rotate_keys
from bot.bootstrap.kith import Kith
from bot.bootstrap.letters import dead_letters, resend
from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.rehearsing import open_rehearsal
from bot.bootstrap.serving import run, serve, serve_on_all
from bot.bootstrap.slack import slack_manifest
from bot.bootstrap.teams import teams_package
from bot.bootstrap.trust import trust_files

__all__ = [
    "Kith",
    "Mark",
    "content_of",
    "dead_letters",
    "examine",
    "fresh_key",
    "house_of",
    "open_platforms",
    "open_rehearsal",
    "opened_store",
    "prepare_file",
    "reader",
    "resend",
    "rotate_keys",
    "run",
    "serve",
    "serve_on_all",
    "set_up_logs",
    "slack_manifest",
    "teams_package",
    "trust_files",
]
