"""What an application needs to sign in, one writer per target."""
