"""What those who run Kith see: logs, health, figures, spans."""
