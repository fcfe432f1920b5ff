// OpenShift's custom resource definitions, read from the module's folder; nothing is compiled.
module openshift-registry.lab/crds-current

go 1.24.0

require github.com/openshift/api v0.0.0-20260213204242-d34f11c515b3
