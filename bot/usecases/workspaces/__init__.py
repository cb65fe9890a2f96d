"""What holds for a whole workspace: installing, its settings, its own words, the trail of changes."""
