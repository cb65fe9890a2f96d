"""`python3 -m bot`: set everything up in .venv with nothing but Python, then start Kith and its rehearsal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def prepared(lock: str) -> Path:
    """The Python of .venv with exactly the packages of `locks/<lock>.txt` and Kith itself; made on first use.

    A stamp beside the packages remembers which lock stands there, so a second start takes no time.
    """
    if sys.version_info < (3, 11):  # noqa: UP036, here an older Python may really be running
        sys.exit("Kith needs Python 3.11 or newer; start it with that one, for example python3.11 -m bot.")
    folder = HERE / ".venv"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    locked = HERE / "locks" / f"{lock}.txt"
    wanted = f"{lock}\n{locked.read_text(encoding='utf-8')}{(HERE / 'pyproject.toml').read_text(encoding='utf-8')}"
    stamp = folder / "kith-lock"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    sys.stderr.write(f"Setting up {folder.name} (once, a minute or two) …\n")
    if not python.exists():
        _run(sys.executable, "-m", "venv", str(folder))
    _run(str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(locked))
    _run(str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--editable", str(HERE))
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _run(*command: str) -> None:
    if subprocess.run(command, check=False).returncode:  # noqa: S603, our own Python and pip
        sys.exit("Setting up did not work; the lines above say why. Mend that and run the same command again.")


if __name__ == "__main__":
    python = prepared("runtime")
    try:
        raise SystemExit(subprocess.call([str(python), "-m", "bot.cli.start", *sys.argv[1:]], cwd=HERE))  # noqa: S603
    except KeyboardInterrupt:
        raise SystemExit(0) from None
