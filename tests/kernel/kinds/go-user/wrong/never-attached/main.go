package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"os"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/link"
	"github.com/cilium/ebpf/ringbuf"
)

func main() {
	collection, err := ebpf.LoadCollection(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	defer collection.Close()
	options := link.RawTracepointOptions{Name: "sched_process_exec", Program: collection.Programs["exec"]}
	_ = options
	reader, err := ringbuf.NewReader(collection.Maps["events"])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	for {
		record, err := reader.Read()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(binary.LittleEndian.Uint32(record.RawSample))
	}
}
