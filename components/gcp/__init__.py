"""What is made in a project of Google Cloud. Imported by stacks on Google Cloud alone."""
