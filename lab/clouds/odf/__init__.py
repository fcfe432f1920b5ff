"""The lab's OpenShift Data Foundation, as far as it stores objects: Ceph RGW and NooBaa."""
