"""Kith in Slack: one workspace by its token or many that install it, over HTTP or Socket Mode."""

from adapters.slack.app import Workspace, connected
from adapters.slack.door import PATH
from adapters.slack.installed import App, installed
from adapters.slack.manifest import manifest

__all__ = ["PATH", "App", "Workspace", "connected", "installed", "manifest"]
