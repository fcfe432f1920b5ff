// openshift-lab-registry is Docker Distribution 2.8 with the storage drivers of OpenShift's
// registry, configured by its environment alone, as that one is in its pod.
//
// It is put together here, because the command that comes with the module asks for a library
// (rsc.io/letsencrypt) that is gone. OpenShift's registry is a fork: quotas, metrics, logging in
// and image streams (REGISTRY_OPENSHIFT_...) are not in this one, and nobody has to log in.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/docker/distribution/configuration"
	"github.com/docker/distribution/context"
	"github.com/docker/distribution/health"
	"github.com/docker/distribution/registry/handlers"
	"github.com/docker/distribution/registry/storage/driver"
	_ "github.com/docker/distribution/registry/storage/driver/azure"
	"github.com/docker/distribution/registry/storage/driver/factory"
	_ "github.com/docker/distribution/registry/storage/driver/filesystem"
	_ "github.com/docker/distribution/registry/storage/driver/gcs"
	_ "github.com/docker/distribution/registry/storage/driver/inmemory"
	_ "github.com/docker/distribution/registry/storage/driver/middleware/cloudfront"
	_ "github.com/docker/distribution/registry/storage/driver/s3-aws"
	_ "github.com/docker/distribution/registry/storage/driver/swift"
	access "github.com/gorilla/handlers"
	"github.com/sirupsen/logrus"
)

// What the environment does not say. The storage is only named because the parser wants one.
const defaults = "version: 0.1\nlog: {level: info}\nstorage: {inmemory: {}}\n"

func main() {
	go endWithParent(os.Getppid())
	if gate := os.Getenv("OPENSHIFT_LAB_NETWORK"); gate != "" {
		throughNetwork(gate)
	}
	config, err := configuration.Parse(strings.NewReader(defaults))
	check(err)
	level, err := logrus.ParseLevel(string(config.Log.Level))
	check(err)
	logrus.SetLevel(level)
	storage, err := factory.Create(config.Storage.Type(), config.Storage.Parameters())
	check(err)
	listener, err := net.Listen(config.HTTP.Net, config.HTTP.Addr)
	check(err)
	app := handlers.NewApp(context.Background(), config)
	app.RegisterHealthChecks()
	routes := http.NewServeMux()
	routes.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	routes.HandleFunc("/readyz", ready(storage))
	routes.Handle("/", health.Handler(app))
	server := &http.Server{Handler: access.CombinedLoggingHandler(os.Stdout, routes)}
	if tls := config.HTTP.TLS; tls.Certificate != "" {
		log.Fatal(server.ServeTLS(listener, tls.Certificate, tls.Key))
	}
	log.Fatal(server.Serve(listener))
}

// ready asks the storage at each probe. The registry's own check looks every ten seconds, and
// for the first time after ten: long enough for a probe to believe in a storage that never was.
func ready(storage driver.StorageDriver) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		_, err := storage.Stat(request.Context(), "/")
		if _, empty := err.(driver.PathNotFoundError); err != nil && !empty {
			http.Error(answer, "storage: "+err.Error(), http.StatusServiceUnavailable)
		}
	}
}

// endWithParent: a registry that outlives what started it would be found by nobody.
func endWithParent(parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			log.Fatal("what started this registry has ended")
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
