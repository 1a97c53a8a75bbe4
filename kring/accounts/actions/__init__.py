"""Every change this room makes, one file per subject."""
