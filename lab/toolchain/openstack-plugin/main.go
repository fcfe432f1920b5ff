// pulumi-resource-openstack, built as the released one is: the Terraform provider for OpenStack
// behind Pulumi's bridge. Mapped is what the stacks here declare and ask, and nothing else.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/v3/openstack"
)

// version is set by the linker: that of the SDK that talks to it.
var version string

func main() {
	provider := tfbridge.ProviderInfo{
		P:       shim.NewProvider(openstack.Provider()),
		Name:    "openstack",
		Version: version,
		Resources: map[string]*tfbridge.ResourceInfo{
			"openstack_objectstorage_container_v1": {
				Tok: "openstack:objectstorage/container:Container",
			},
			"openstack_identity_application_credential_v3": {
				Tok: "openstack:identity/applicationCredential:ApplicationCredential",
			},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"openstack_identity_auth_scope_v3": {
				Tok: "openstack:identity/getAuthScope:getAuthScope",
			},
		},
	}
	provider.SetAutonaming(255, "-")
	tfbridge.Main("openstack", version, provider, nil)
}
