"""What no author means: patches that pass the tests and make no sense."""
