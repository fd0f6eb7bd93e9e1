// The jobs of k8sc's benchmark, done with client-go: a shared informer on all pods, dynamic (JSON, unstructured) or typed
// (protobuf), and what it costs. Prints one line of JSON, with the names that k8sc's programs use.
//
//	peer_client_go sync    --server URL [--typed] [--keep-managed-fields] [--pods N]
//	peer_client_go watch   ... [--events N]      events as fast as they can be read
//	peer_client_go latency ... [--events N] [--rate N]
//	peer_client_go lister  ... [--rounds N]
//	peer_client_go many    --server URL [--informers N] [--seconds N]
//	peer_client_go convert < one pod of JSON on each line > the same in protobuf, each after its length
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
)

var (
	server      = flag.String("server", "", "the URL of the replay server")
	typed       = flag.Bool("typed", false, "a typed informer, which reads protobuf, instead of a dynamic one")
	keepManaged = flag.Bool("keep-managed-fields", false, "no transform that drops managedFields")
	pods        = flag.Int64("pods", 10000, "how many pods the server has")
	events      = flag.Int64("events", 100000, "how many events to ask for")
	rate        = flag.Int64("rate", 0, "events a second; 0: as many as can be read")
	rounds      = flag.Int("rounds", 100, "how often each pod is looked up")
	informers   = flag.Int("informers", 50, "how many informers, each on a resource of its own")
	seconds     = flag.Int("seconds", 60, "how long to look at idle informers")
)

func fail(what any) {
	fmt.Fprintln(os.Stderr, "peer_client_go:", what)
	os.Exit(1)
}

// Has the replay server play events on the watches it serves.
func play(events, rate int64) {
	response, err := http.Get(fmt.Sprintf("%s/play?events=%d&rate=%d", *server, events, rate))
	if err != nil {
		fail(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if response.StatusCode != http.StatusOK {
		fail(response.Status)
	}
}

func main() {
	jobs := map[string]func(){"sync": syncJob, "watch": watchJob, "latency": latencyJob, "lister": listerJob, "many": manyJob, "convert": convertJob}
	if len(os.Args) < 2 || jobs[os.Args[1]] == nil {
		fail("the first argument names a job: sync, watch, latency, lister, many or convert")
	}
	job := os.Args[1]
	if err := flag.CommandLine.Parse(os.Args[2:]); err != nil {
		fail(err)
	}
	if *server == "" && job != "convert" {
		fail("--server is needed")
	}
	jobs[job]()
}
