"""The rules of Kith as pure functions on frozen data: no I/O, no clock, no randomness, no vendor."""
