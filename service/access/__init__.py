"""Who may do what: principals, their roles, and the API keys that identify them."""
