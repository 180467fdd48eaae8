"""What is kept: documents (the truth), dense and lexical indexes, the folder that holds them."""
