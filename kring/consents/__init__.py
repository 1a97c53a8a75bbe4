"""Consent for photos: what guardians answered per child and purpose, and what stands today. Secret from other parents.

Knows nothing of pictures: `photos` stands above it and asks `reading.is_given` at every request.
"""
