package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
	_ "unsafe" // for go:linkname

	_ "github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// azure is the client that the driver's SDK shares among all of its own, for nobody to set.
//
//go:linkname azure github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime.defaultHTTPClient
var azure *http.Client

// throughNetwork has all names looked for in the lab's network, which is behind an HTTP proxy at
// this address; loopback stays what it is. A proxy of the registry's own (HTTPS_PROXY) is not
// replaced by it: it is asked for by its name too, as from within a pod.
func throughNetwork(gate string) {
	direct := &net.Dialer{Timeout: 30 * time.Second}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if ip := net.ParseIP(host); host == "localhost" || ip.IsLoopback() {
			return direct.DialContext(ctx, network, address)
		}
		connection, err := direct.DialContext(ctx, "tcp", gate)
		if err != nil {
			return nil, err
		}
		if err := pass(connection, address); err != nil {
			connection.Close()
			return nil, err
		}
		return connection, nil
	}
	for _, each := range []http.RoundTripper{http.DefaultTransport, azure.Transport} {
		each.(*http.Transport).DialContext = dial
	}
}

func pass(connection net.Conn, address string) error {
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address}
	if err := request.Write(connection); err != nil {
		return err
	}
	// Nobody behind the gate speaks first: what is read here is its answer alone.
	answer, err := http.ReadResponse(bufio.NewReader(connection), request)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the lab's network: %s", answer.Status)
	}
	return nil
}
