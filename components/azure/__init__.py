"""What is made in a subscription of Azure. Imported by stacks on Azure alone."""
