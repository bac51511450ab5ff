"""What goes out to other systems: where events are noted."""
