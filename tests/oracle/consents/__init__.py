"""Random manifests are applied, an administrator opens each printed consent link, the directory judges."""
