"""What changed since an earlier edition or year, in words."""
