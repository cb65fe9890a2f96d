"""Check-ins: agreed on in a form, said by the clock, answered together, told in words."""
