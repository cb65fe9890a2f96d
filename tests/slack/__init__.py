"""Kith in Slack: what comes in, what goes out, and the doors between."""
