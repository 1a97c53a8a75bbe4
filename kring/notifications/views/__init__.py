"""Pages of this room: the inbox, and how somebody hears of things."""
