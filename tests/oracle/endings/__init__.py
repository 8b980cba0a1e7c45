"""What ends, held against manifests out of which what is over was deleted by hand."""
