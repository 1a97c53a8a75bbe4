"""The pages on which office and management keep people, and the page of the board."""
