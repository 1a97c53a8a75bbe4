"""The settings pages of a school: its data, groups, layers, hours and holidays."""
