"""The templates of `infra/`, read and held to what the scenario and its applications ask of them."""
