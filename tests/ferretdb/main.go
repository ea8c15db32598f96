// A MongoDB peer for the tests: FerretDB v1 with its SQLite backend, one small process on loopback.
//
// Embedded because `go install …/cmd/ferretdb@v1.24.2` panics at start: its version.txt is not in the module.
// Usage: ferretdb -listen 127.0.0.1:27017 -data DIR. SIGTERM or SIGINT stops it cleanly.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "", "host:port to listen on (never 0: the test chooses a free port)")
	data := flag.String("data", "", "directory for the SQLite files; made if missing")
	flag.Parse()
	if *listen == "" || strings.HasSuffix(*listen, ":0") || *data == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*listen, *data); err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

// run serves until a signal asks to stop.
func run(listen, data string) error {
	dir, err := filepath.Abs(data)
	if err != nil {
		return err
	}
	if err = os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: listen},
		Handler:   "sqlite",
		SQLiteURL: "file:" + dir + "/", // the backend refuses a URI that does not end with a slash
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return f.Run(ctx)
}
