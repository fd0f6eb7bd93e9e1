package main

import (
	"fmt"
	"sort"
	"strconv"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	coreinformers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

const (
	sentAnnotation = "bench.example.com/sent"
	limit          = 10 * time.Minute
)

var podResource = schema.GroupVersionResource{Version: "v1", Resource: "pods"}

func nodeOf(object any) ([]string, error) {
	if pod, ok := object.(*corev1.Pod); ok {
		return []string{pod.Spec.NodeName}, nil
	}
	node, _, err := unstructured.NestedString(object.(*unstructured.Unstructured).Object, "spec", "nodeName")
	return []string{node}, err
}

func dropManagedFields(object any) (any, error) {
	accessor, err := meta.Accessor(object)
	if err == nil {
		accessor.SetManagedFields(nil)
	}
	return object, nil
}

func podInformer(indexers cache.Indexers) cache.SharedIndexInformer {
	var informer cache.SharedIndexInformer
	config := &rest.Config{Host: *server, QPS: -1}
	if *typed {
		config.ContentType = "application/vnd.kubernetes.protobuf"
		config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			fail(err)
		}
		informer = coreinformers.NewPodInformer(client, "", 0, indexers)
	} else {
		client, err := dynamic.NewForConfig(config)
		if err != nil {
			fail(err)
		}
		informer = dynamicinformer.NewFilteredDynamicInformer(client, podResource, "", 0, indexers, nil).Informer()
	}
	if !*keepManaged {
		if err := informer.SetTransform(dropManagedFields); err != nil {
			fail(err)
		}
	}
	return informer
}

// Counts up to a number, which may be set anew.
type goal struct {
	count, want int64
	reached     chan struct{}
}

func newGoal(want int64) *goal { return &goal{want: want, reached: make(chan struct{})} }

func (g *goal) add() {
	if atomic.AddInt64(&g.count, 1) == g.want {
		close(g.reached)
	}
}

func (g *goal) wait(what string) {
	select {
	case <-g.reached:
	case <-time.After(limit):
		fail(fmt.Sprintf("%s: %d instead of %d", what, atomic.LoadInt64(&g.count), g.want))
	}
}

// Starts the informer with one handler, and returns when the handler has seen each pod.
func start(informer cache.SharedIndexInformer, onUpdate func(any)) {
	added := newGoal(*pods)
	handler := cache.ResourceEventHandlerFuncs{AddFunc: func(any) { added.add() }}
	if onUpdate != nil {
		handler.UpdateFunc = func(_, object any) { onUpdate(object) }
	}
	if _, err := informer.AddEventHandler(handler); err != nil {
		fail(err)
	}
	go informer.Run(make(chan struct{}))
	added.wait("pods")
}

func syncJob() {
	began := time.Now()
	start(podInformer(cache.Indexers{}), nil)
	wall, cpu, peak := time.Since(began).Seconds(), cpuSeconds(), peakMB()
	// What is left once the garbage collector had its time.
	time.Sleep(500 * time.Millisecond)
	fmt.Printf("{\"cpu_s\":%.3f,\"wall_s\":%.3f,\"peak_rss_mb\":%.1f,\"rss_mb\":%.1f}\n", cpu, wall, peak, rssMB())
}

func watchJob() {
	updated := newGoal(*events)
	start(podInformer(cache.Indexers{}), func(any) { updated.add() })
	time.Sleep(500 * time.Millisecond)
	before, cpu, began := rssMB(), cpuSeconds(), time.Now()
	play(*events, *rate)
	updated.wait("updates")
	cpu, wall := cpuSeconds()-cpu, time.Since(began).Seconds()
	peak := peakMB()
	time.Sleep(500 * time.Millisecond)
	fmt.Printf("{\"cpu_s\":%.3f,\"wall_s\":%.3f,\"events_per_cpu_s\":%.0f,\"rss_before_mb\":%.1f,\"rss_after_mb\":%.1f,\"peak_rss_mb\":%.1f}\n",
		cpu, wall, float64(*events)/cpu, before, rssMB(), peak)
}

func sentAt(object any) int64 {
	var text string
	if pod, ok := object.(*corev1.Pod); ok {
		text = pod.Annotations[sentAnnotation]
	} else {
		value, _, _ := unstructured.NestedFieldNoCopy(object.(*unstructured.Unstructured).Object, "metadata", "annotations", sentAnnotation)
		text, _ = value.(string)
	}
	at, err := strconv.ParseInt(text, 10, 64)
	if err != nil || at == 0 {
		fail("an event without its time")
	}
	return at
}

func latencyJob() {
	updated := newGoal(*events)
	latencies := make([]int64, 0, *events)
	start(podInformer(cache.Indexers{}), func(object any) {
		latencies = append(latencies, monotonic()-sentAt(object))
		updated.add()
	})
	time.Sleep(500 * time.Millisecond)
	cpu := cpuSeconds()
	play(*events, *rate)
	updated.wait("updates")
	cpu = cpuSeconds() - cpu
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	at := func(share float64) float64 { return float64(latencies[int(share*float64(len(latencies)-1))]) / 1000 }
	fmt.Printf("{\"median_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f,\"cpu_s\":%.3f}\n", at(0.5), at(0.99), at(1), cpu)
}

// CPU nanoseconds of each call.
func perCall(calls int, run func()) float64 {
	cpu := cpuSeconds()
	run()
	return (cpuSeconds() - cpu) * 1e9 / float64(calls)
}

func listerJob() {
	informer := podInformer(cache.Indexers{"node": nodeOf})
	start(informer, nil)
	time.Sleep(500 * time.Millisecond)
	type name struct{ namespace, name string }
	var names []name
	for _, object := range informer.GetStore().List() {
		accessor, err := meta.Accessor(object)
		if err != nil {
			fail(err)
		}
		names = append(names, name{accessor.GetNamespace(), accessor.GetName()})
	}
	nodes := informer.GetIndexer().ListIndexFuncValues("node")
	get := func(n name) (runtime.Object, error) { return nil, nil }
	if *typed {
		lister := corelisters.NewPodLister(informer.GetIndexer())
		get = func(n name) (runtime.Object, error) { return lister.Pods(n.namespace).Get(n.name) }
	} else {
		lister := cache.NewGenericLister(informer.GetIndexer(), podResource.GroupResource())
		get = func(n name) (runtime.Object, error) { return lister.ByNamespace(n.namespace).Get(n.name) }
	}
	gets := perCall(len(names)**rounds, func() {
		for i := 0; i < *rounds; i++ {
			for _, n := range names {
				if _, err := get(n); err != nil {
					fail(err)
				}
			}
		}
	})
	found := 0
	lookUps := perCall(len(nodes)**rounds, func() {
		for i := 0; i < *rounds; i++ {
			for _, node := range nodes {
				objects, err := informer.GetIndexer().ByIndex("node", node)
				if err != nil {
					fail(err)
				}
				found += len(objects)
			}
		}
	})
	if found != len(names)**rounds {
		fail("the index has not all pods")
	}
	fmt.Printf("{\"get_ns\":%.0f,\"gets_per_cpu_s\":%.0f,\"index_ns\":%.0f,\"index_ns_per_object\":%.1f}\n", gets, 1e9/gets, lookUps,
		lookUps*float64(len(nodes))/float64(len(names)))
}

func manyJob() {
	client, err := dynamic.NewForConfig(&rest.Config{Host: *server, QPS: -1})
	if err != nil {
		fail(err)
	}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, 0)
	for i := 0; i < *informers; i++ {
		resource := schema.GroupVersionResource{Group: "bench.example.com", Version: "v1", Resource: fmt.Sprintf("things%d", i)}
		informer := factory.ForResource(resource).Informer()
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{}); err != nil {
			fail(err)
		}
	}
	stop := make(chan struct{})
	factory.Start(stop)
	for resource, synced := range factory.WaitForCacheSync(stop) {
		if !synced {
			fail(resource)
		}
	}
	time.Sleep(2 * time.Second)
	cpu := cpuSeconds()
	time.Sleep(time.Duration(*seconds) * time.Second)
	cpu = cpuSeconds() - cpu
	open, connections := descriptors()
	fmt.Printf("{\"connections\":%d,\"threads\":%d,\"descriptors\":%d,\"rss_mb\":%.1f,\"idle_cpu_s_per_hour\":%.2f}\n", connections,
		status("Threads"), open, rssMB(), cpu*3600/float64(*seconds))
}
