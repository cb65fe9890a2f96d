"""Kith in a channel: coming and going, its charter, its settings, its ledger, and its own page."""
