"""News: group posts, functional messages and announcements, and who has read them."""
