// The same job as bench/informer_sync, done with client-go's dynamic informer: list all pods, keep them, hand each to
// one handler. Prints what it cost as one line of JSON, with the same names.
//
// client-go 1.20 has no transform, so managedFields stay in its store.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

func fail(what interface{}) {
	fmt.Fprintln(os.Stderr, "peer_client_go:", what)
	os.Exit(1)
}

// A line of /proc/self/status in kB.
func status(name string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		var kb int64
		if strings.HasPrefix(line, name+":") {
			if _, err := fmt.Sscanf(line[len(name)+1:], "%d", &kb); err != nil {
				fail(err)
			}
			return kb
		}
	}
	return 0
}

func main() {
	began := time.Now()
	server := flag.String("server", "", "the URL of a server")
	pods := flag.Int64("pods", 10000, "how many pods the server has")
	flag.Parse()
	if *server == "" {
		fail("--server is needed")
	}

	client, err := dynamic.NewForConfig(&rest.Config{Host: *server})
	if err != nil {
		fail(err)
	}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
	informer := factory.ForResource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Informer()
	var count int64
	all := make(chan struct{})
	informer.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: func(interface{}) {
		if atomic.AddInt64(&count, 1) == *pods {
			close(all)
		}
	}})
	stop := make(chan struct{})
	factory.Start(stop)
	if !cache.WaitForCacheSync(stop, informer.HasSynced) {
		fail("not synced")
	}
	select {
	case <-all:
	case <-time.After(2 * time.Minute):
		fail("the handler was not called for all pods")
	}

	wall := time.Since(began).Seconds()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	cpu := time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
	peak := status("VmHWM")
	// What is left once the garbage collector had its time.
	time.Sleep(500 * time.Millisecond)
	fmt.Printf("{\"name\":\"client-go dynamic informer\",\"pods\":%d,\"cpu_s\":%.3f,\"wall_s\":%.3f,\"peak_rss_mb\":%.1f,\"rss_mb\":%.1f}\n",
		count, cpu, wall, float64(peak)/1024, float64(status("VmRSS"))/1024)
}
