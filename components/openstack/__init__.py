"""What is made in a project of OpenStack. Imported by stacks on Swift alone."""
