"""`make.py` needs PyTorch, which the test command does without: pytest is not to import it in search of doctests."""

collect_ignore = ["make.py"]
