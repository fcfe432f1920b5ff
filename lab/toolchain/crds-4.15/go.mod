// OpenShift's custom resource definitions, read from the module's folder; nothing is compiled.
module openshift-registry.lab/crds-4.15

go 1.21

require github.com/openshift/api v0.0.0-20240301093301-ce10821dc999
