"""What was said, held against what the figures say."""
