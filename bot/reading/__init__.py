"""Reading: from the text of one message to evidence for the seven message patterns, in this process and offline."""
