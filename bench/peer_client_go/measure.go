package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// User and system time of all threads.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

// The number in a line of /proc/self/status.
func status(name string) int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		var number int64
		if strings.HasPrefix(line, name+":") {
			if _, err := fmt.Sscanf(line[len(name)+1:], "%d", &number); err != nil {
				fail(err)
			}
			return number
		}
	}
	return 0
}

func rssMB() float64  { return float64(status("VmRSS")) / 1024 }
func peakMB() float64 { return float64(status("VmHWM")) / 1024 }

// The clock of the replay server's stamps.
func monotonic() int64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		fail(err)
	}
	return now.Nano()
}

// Descriptors that are open, and those among them that are connected to a peer over IPv4.
func descriptors() (open, connections int) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		fail(err)
	}
	for _, entry := range entries {
		var fd int
		if _, err := fmt.Sscan(entry.Name(), &fd); err != nil {
			continue
		}
		if peer, err := unix.Getpeername(fd); err == nil {
			if _, ok := peer.(*unix.SockaddrInet4); ok {
				connections++
			}
		}
	}
	return len(entries) - 1, connections // without the one that reads the directory
}
