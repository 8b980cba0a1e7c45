"""What is made of the tables for people and editors: JSON Schema, reference, a first manifest."""
