"""What is kept: documents (the truth), dense and lexical indexes, and the folder that holds them."""
