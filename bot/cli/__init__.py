"""The command line: one file a group of commands, all named here."""

from __future__ import annotations

import typer

from bot.bootstrap import set_up_logs
from bot.cli import (
    check_ins,
    checking,
    data,
    database,
    doctor,
    keys,
    manifests,
    outbox,
    reading,
    replaying,
    serving,
    settings,
    talking,
    trust,
)
from bot.errors import KithError

app = typer.Typer(
    name="kith",
    help="A guest in a team's channels that asks one short reflective question when talk narrows.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
db = typer.Typer(help="Look after the database.", no_args_is_help=True)
secret_keys = typer.Typer(help="Look after the keys that seal what is secret.", no_args_is_help=True)
checkin = typer.Typer(help="Look at check-ins: which come next, and when one would.", no_args_is_help=True)
data_of = typer.Typer(
    help="Give out or delete everything about a workspace, a channel or a person.", no_args_is_help=True
)
manifest = typer.Typer(help="Write what sets Kith up on a platform.", no_args_is_help=True)

for command in (serving.serve, replaying.replay, reading.read, talking.ask, talking.dialogue, talking.questions):
    app.command()(command)
app.command()(settings.settings)
app.command()(doctor.doctor)
app.command()(checking.check)
app.command("trust-pack")(trust.trust_pack)
for command in (database.upgrade, database.current):
    db.command()(command)
letters = typer.Typer(help="Look after messages that could not be said.", no_args_is_help=True)
letters.command()(outbox.dead)
letters.command()(outbox.resend)
data_of.command()(data.export)
data_of.command()(data.forget)
manifest.command("slack")(manifests.manifest_slack)
manifest.command("teams")(manifests.manifest_teams)
checkin.command("list")(check_ins.list_next)
checkin.command("preview")(check_ins.preview)
app.add_typer(checkin, name="checkin")
app.add_typer(db, name="db")
secret_keys.command("new")(keys.new)
secret_keys.command("rotate")(keys.rotate)
app.add_typer(secret_keys, name="keys")
app.add_typer(data_of, name="data")
app.add_typer(manifest, name="manifest")
app.add_typer(letters, name="outbox")


start = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
start.command(epilog="Everything else that Kith does, once it is set up: .venv/bin/kith --help")(serving.serve)


def main() -> None:
    """Run the command line; what goes wrong is one plain sentence on standard error and exit code 2."""
    _run(app)


def main_start() -> None:
    """Do what `python3 -m bot` asks for, which is to serve, under the name that people typed."""
    _run(start, called="python3 -m bot")


def _run(line: typer.Typer, *, called: str | None = None) -> None:
    set_up_logs(level="error")
    try:
        code = line(prog_name=called, standalone_mode=False)
    except KithError as exc:
        typer.echo(str(exc), err=True)
        raise SystemExit(2) from exc
    except typer.Abort:
        typer.echo("Stopped, and nothing was done.", err=True)
        raise SystemExit(1) from None
    except typer.TyperException as exc:
        if said := _plain(exc):  # nothing, where help was shown for want of a command
            typer.echo(said, err=True)
        raise SystemExit(2) from exc
    raise SystemExit(code if isinstance(code, int) else 0)


def _plain(exc: typer.TyperException) -> str:
    """What was typed wrongly, and where all that can be typed is listed."""
    message = exc.format_message().replace("Value error, ", "").replace("Input should be", "it is")
    path = getattr(getattr(exc, "ctx", None), "command_path", "")
    return f"{message.rstrip('.')}. See {path} --help." if message and path else message
