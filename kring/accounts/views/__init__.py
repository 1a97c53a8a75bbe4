"""What this room answers, one file per subject."""
