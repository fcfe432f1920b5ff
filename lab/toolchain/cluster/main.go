// openshift-lab-cluster is the control plane of the lab in one binary:
//
//	openshift-lab-cluster etcd --data-dir DIR --listen URL   a throw-away etcd member
//	openshift-lab-cluster apiserver FLAGS...                 kube-apiserver, unchanged
//	openshift-lab-cluster controller-manager FLAGS...        kube-controller-manager, unchanged
//
// One binary because all three share most of their code: linking them once
// saves build time and 200 MB of disk.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/wal"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("usage: openshift-lab-cluster etcd|apiserver|controller-manager [flags]")
	}
	role := os.Args[1]
	os.Args = append(os.Args[:1], os.Args[2:]...)
	switch role {
	case "etcd":
		runEtcd()
	case "apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	default:
		fail("unknown role " + role)
	}
}

func runEtcd() {
	dataDir := flag.String("data-dir", "", "where etcd keeps its data")
	listen := flag.String("listen", "", "client URL, http://127.0.0.1:PORT")
	peer := flag.String("peer", "", "peer URL, http://127.0.0.1:PORT")
	flag.Parse()
	config := embed.NewConfig()
	config.Dir = *dataDir
	config.LogLevel = "error"
	// The lab is thrown away as a whole: durability against power loss buys nothing.
	config.UnsafeNoFsync = true
	// Two of them are laid out at each start, and its data are copied.
	wal.SegmentSizeBytes = 4 << 20
	client, peers := parse(*listen), parse(*peer)
	config.ListenClientUrls, config.AdvertiseClientUrls = client, client
	config.ListenPeerUrls, config.AdvertisePeerUrls = peers, peers
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	server, err := embed.StartEtcd(config)
	if err != nil {
		fail(err.Error())
	}
	<-server.Server.ReadyNotify()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	select {
	case <-signals:
		server.Close()
	case err := <-server.Err():
		fail(err.Error())
	}
}

func parse(raw string) []url.URL {
	parsed, err := url.Parse(raw)
	if err != nil || parsed.Host == "" {
		fail(fmt.Sprintf("not a URL: %q", raw))
	}
	return []url.URL{*parsed}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
