"""The console: doors for operators."""
