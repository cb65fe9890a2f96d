"""From what was heard to a question: hear, look, decide, put into words, deliver, say why."""
