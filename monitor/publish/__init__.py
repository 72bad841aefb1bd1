"""The static website: the edition as pages that need no server program and no JavaScript."""
