"""A plain reader by a lexicon of cues: the baseline of the comparison, not part of the running Kith."""
