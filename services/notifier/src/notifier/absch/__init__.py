"""What the notifier does for the ABS Clearing-House alone."""
