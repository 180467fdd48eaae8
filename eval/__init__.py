"""Gold questions to answers, figures and a verdict. Nothing imports it."""
