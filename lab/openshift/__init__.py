"""What a freshly installed OpenShift has, as far as the image registry can see it."""

from lab.openshift.install import install
from lab.openshift.profile import PROFILES, Profile

__all__ = ["PROFILES", "Profile", "install"]
