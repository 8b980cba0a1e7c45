"""Pure judgments: desired and actual in; what is withheld, refused or said, out."""
