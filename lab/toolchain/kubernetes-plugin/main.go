// pulumi-resource-kubernetes, built from its published Go module.
//
// The module's own command embeds two files that its release build generates
// and that the module does not carry. They equal the schema.json and
// terraform-mapping.json that it does carry; the toolchain build copies those
// beside this file before it compiles.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

// version is set by the linker to the release that the module's revision belongs to.
var version string

func main() {
	provider.Serve("kubernetes", version, schema, terraformMapping)
}
