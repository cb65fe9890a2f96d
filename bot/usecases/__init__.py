"""What Kith does, one use case a file: load, decide, save, send.

Here stand the doors of the core (`receive`, `command`, `submit`, `choose`, `alone`) and what runs over archives and
lines; each folder holds the use cases of one subject.
"""
