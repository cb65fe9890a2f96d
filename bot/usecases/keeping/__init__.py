"""What is kept: shown, given out, forgotten, destroyed in time, and described."""
