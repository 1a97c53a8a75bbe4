"""Signing in, second factors, sessions, invitations and one's own profile."""
