"""The only way to a picture: re-encoded, without metadata, handed out after the access check."""
