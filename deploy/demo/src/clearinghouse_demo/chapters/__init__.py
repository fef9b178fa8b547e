"""The chapters of the demo, one file each, in the order in which they run."""
