"""One experiment per module, named after the law that it puts to the test."""
