"""The pages of this room: choosing, for families; planning and helping, for the team."""
