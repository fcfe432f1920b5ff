// openshift-lab-registry-3 is Docker Distribution 3 with the storage driver for Azure, configured
// by its environment alone, as OpenShift's registry is in its pod.
//
// OpenShift's registry descends from 2.8, and so does the lab's other one. The Azure client that 2.8
// was written for appends to blobs with a header that Azure reads over and its emulator does not;
// the driver of 3 lays blobs down in the same places.
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/health"
	"github.com/distribution/distribution/v3/registry/handlers"
	"github.com/distribution/distribution/v3/registry/storage/driver"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/azure"
	"github.com/distribution/distribution/v3/registry/storage/driver/factory"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
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
	ctx := context.Background()
	storage, err := factory.Create(ctx, config.Storage.Type(), config.Storage.Parameters())
	check(err)
	listener, err := net.Listen(config.HTTP.Net, config.HTTP.Addr)
	check(err)
	app := handlers.NewApp(ctx, config)
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
// "/" is no blob, and the driver asks for none: a name below it is.
func ready(storage driver.StorageDriver) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		_, err := storage.Stat(request.Context(), "/docker/registry/v2")
		var empty driver.PathNotFoundError
		if err != nil && !errors.As(err, &empty) {
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
