"""How the tables came to be, step by step; run by `kith db upgrade` and shipped inside the wheel."""
