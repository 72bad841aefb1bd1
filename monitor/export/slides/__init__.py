"""The presentation: slides in a house style that a region can replace, maps as shapes."""
