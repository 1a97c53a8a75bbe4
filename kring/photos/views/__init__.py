"""Photos over HTTP: uploads and pictures (work.py), crop and cover (alter.py), albums and
downloads (album.py), photos for one child alone (alone.py)."""
