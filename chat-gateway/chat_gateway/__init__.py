"""The way in for people: HTTP in front of the Kubernetes API, as the user who asks. See `app`."""
