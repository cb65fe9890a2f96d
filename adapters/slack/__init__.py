"""Kith in Slack: one workspace, over HTTP or Socket Mode."""

from adapters.slack.app import Workspace, connected
from adapters.slack.door import PATH
from adapters.slack.manifest import manifest

__all__ = ["PATH", "Workspace", "connected", "manifest"]
