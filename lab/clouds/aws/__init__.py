"""The lab's AWS: a moto server held to AWS's rules, and a stand-in for Pulumi's AWS plugin."""

ACCOUNT = "123456789012"
"""The one account there is."""
