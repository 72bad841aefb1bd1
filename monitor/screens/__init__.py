"""What each page contains, and its pieces as HTML; the pages only put them on the screen."""
