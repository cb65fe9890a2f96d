"""What people check or ask for themselves: a plan, a path, a draft, a question; nothing of it is kept."""
