"""Kith against a Slack that nobody here wrote, where one is at hand: set KITH_LOCAL_SLACK to the binary of
`npm install local-slack-linux-x64@0.1.8`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BINARY = os.environ.get("KITH_LOCAL_SLACK", "")  # noqa: TID251, where somebody has put it


def test_kith_lives_in_a_slack_that_nobody_here_wrote() -> None:
    if not Path(BINARY).is_file() or not shutil.which("unshare"):
        pytest.skip("KITH_LOCAL_SLACK does not point to local-slack, or there is no unshare to keep it to itself")
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "alone"]
    run = subprocess.run(
        [*alone, sys.executable, "-m", "tests.slack.independent", BINARY],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "events: seen\nsocket: seen\n"), run.stderr[-2000:]
