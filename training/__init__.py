"""How the reading is made and measured: labelled messages, calibration and evaluation; nothing here ships with Kith."""
