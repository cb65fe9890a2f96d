"""Everything that touches the world: chat platforms, files, databases, clocks."""
