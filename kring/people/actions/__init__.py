"""Every change to people, one file per subject."""
