"""Pure judgments: desired and actual in; what is held back, refused or said, out."""
