"""Kith against a Slack that nobody here wrote, where one is at hand: set KITH_LOCAL_SLACK to the binary of
`npm install local-slack-linux-x64@0.1.8`, as .ci/run does. It runs in a network of its own, on loopback alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BINARY = os.environ.get("KITH_LOCAL_SLACK", "")  # noqa: TID251, where somebody has put it
LOOPBACK = "ip link set lo up"


def alone() -> list[str] | None:
    """The beginning of a command that has a network to itself; None where this machine does not permit one."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        return None
    for how in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if subprocess.run([*how, "sh", "-c", LOOPBACK], capture_output=True, check=False).returncode == 0:
            return [*how, "sh", "-c", f'{LOOPBACK} && exec "$@"', "alone"]
    return None


def test_kith_lives_in_a_slack_that_nobody_here_wrote() -> None:
    if not BINARY or not Path(BINARY).is_file():
        pytest.skip("KITH_LOCAL_SLACK does not point to local-slack (npm install local-slack-linux-x64@0.1.8)")
    beginning = alone()
    if beginning is None:
        pytest.skip("this machine permits no network namespace (unshare --net), and local-slack listens everywhere")
    run = subprocess.run(
        [*beginning, sys.executable, "-m", "tests.slack.independent", BINARY],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "events: seen\nsocket: seen\n"), run.stderr[-2000:]
