"""What happens to Kith when everything around it fails: processes killed, databases restarted, platforms unwell."""
