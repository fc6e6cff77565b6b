// Thermometer turns what sensors read into degrees: a reading a line on standard input, a report a line on standard
// output. Each reading gets a goroutine of its own.
package main

import (
	"bufio"
	"os"
	"strconv"
)

func main() {
	reports := make(chan string)
	started := 0
	for input := bufio.NewScanner(os.Stdin); input.Scan(); started++ {
		reading, err := strconv.Atoi(input.Text())
		if err != nil {
			panic(err)
		}
		go func() { reports <- report(reading) }()
	}
	for ; started > 0; started-- {
		os.Stdout.WriteString(<-reports)
	}
}

func report(reading int) string {
	return "celsius " + strconv.Itoa(celsius(reading)) + " fahrenheit " + strconv.Itoa(fahrenheit(reading)) + "\n"
}

// celsius says a reading in millionths of a degree Celsius.
//
//go:noinline
func celsius(reading int) int {
	if reading < 10_000 { // an old sensor: whole kelvins
		return reading*1_000_000 - 273_150_000
	}
	return mean(reading) - 273_150_000
}

// fahrenheit says a reading in millionths of a degree Fahrenheit.
//
//go:noinline
func fahrenheit(reading int) int {
	if reading < 10_000 {
		return reading*1_800_000 - 459_670_000
	}
	return mean(reading)*9/5 - 459_670_000
}

// mean evens out the noise of a new sensor, which reads millionths of a kelvin. Its samples need more stack than a
// goroutine begins with, so that the Go runtime moves the stack to a larger place while the function runs.
//
//go:noinline
func mean(reading int) int {
	var samples [3000]int
	for i := range samples {
		samples[i] = reading + i%3 - 1
	}
	sum := 0
	for _, sample := range samples {
		sum += sample
	}
	return sum / len(samples)
}
