"""What a person sees first: news of all children, what to arrange, the team's week. Combines the rooms below."""
