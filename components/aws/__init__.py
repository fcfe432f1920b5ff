"""What is made in an account of AWS. Imported by stacks on AWS alone."""
