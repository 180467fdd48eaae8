"""Making gold questions: proposals from documents, a person's decisions on them, imports."""
