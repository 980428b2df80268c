"""The log as the console reads it: pages of calls and texts, a search over them, one person's story, failures."""
