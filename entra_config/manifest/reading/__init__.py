"""Text of YAML files in; nodes that know their places, values that fit and problems in words out."""
