"""What the school agreed, as data: typed clauses, versions with a date, and the page that prints them."""
