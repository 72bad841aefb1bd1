"""Word documents: the oplegger and the building blocks of the plan."""
