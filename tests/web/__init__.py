"""The doors, against the real server: who is let in, what is answered, what is kept."""
