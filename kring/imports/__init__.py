"""A roster from another system becomes people, children and groups: read, preview, apply."""
