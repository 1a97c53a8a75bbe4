"""The pages of requests for help."""
