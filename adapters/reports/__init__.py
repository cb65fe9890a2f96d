"""The result of a replay as JSON, for the terminal, and as a page of its own."""
