"""Settings, by the same names everywhere: environment variables first, then one file."""
