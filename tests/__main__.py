"""`python3 -m tests`: set everything up in .venv with nothing but Python, then run every check.

Formatting, lint, types, the layers, then the tests (the content linter among them). Words after the command go to
pytest: `python3 -m tests tests/domain -k window`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bot.__main__ import HERE, prepared


def main() -> int:
    """Run all checks, also when one has failed; the exit code is 0 only if every one passed."""
    binaries = prepared("dev").parent
    checks = {
        "format": [str(binaries / "ruff"), "format", "--check", "--quiet"],
        "lint": [str(binaries / "ruff"), "check", "--quiet"],
        "types": [str(binaries / "mypy"), "--no-error-summary"],
        "layers": [str(binaries / "lint-imports"), "--no-cache"],
        "tests": [str(binaries / "python"), "-m", "pytest", *sys.argv[1:]],
    }
    failed = [name for name, command in checks.items() if not _passes(name, command)]
    if failed:
        sys.stderr.write(f"Failed: {', '.join(failed)}\n")
    return len(failed)


def _passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    passed = subprocess.run(command, cwd=HERE, check=False).returncode == 0
    sys.stderr.write(f"[{name}] {'passed' if passed else 'FAILED'} in {time.monotonic() - begun:.0f} s\n")
    return passed


if __name__ == "__main__":
    if not Path(HERE / "tests").is_dir():
        sys.exit("Run this in a checkout of Kith.")
    raise SystemExit(main())
