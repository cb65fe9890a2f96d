"""What Kith does, one use case a file: load, decide, save, send."""
