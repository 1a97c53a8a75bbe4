"""A colleague is away: message, note in the agenda, who reads what parents write, and appointments, in one flow."""
