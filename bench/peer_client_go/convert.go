package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
)

// What the replay server needs in order to answer in protobuf without knowing the types: each pod's message, after its length in
// four bytes.
func convertJob() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			fail(err)
		}
		var pod corev1.Pod
		if err := json.Unmarshal(line, &pod); err != nil {
			fail(err)
		}
		message, err := pod.Marshal()
		if err != nil {
			fail(err)
		}
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(len(message)))
		_, _ = out.Write(size[:])
		_, _ = out.Write(message) // Flush has the error
	}
	if err := out.Flush(); err != nil {
		fail(err)
	}
}
