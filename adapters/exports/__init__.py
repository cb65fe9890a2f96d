"""Slack workspace exports, folder or zip, turned into events with every row accounted for."""

from adapters.exports.export import SlackExport, open_export

__all__ = ["SlackExport", "open_export"]
