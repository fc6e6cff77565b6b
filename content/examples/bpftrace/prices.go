// Prices reads the words of an order, one a line, and says what each costs.
package main

import (
	"bufio"
	"os"
	"strconv"
)

func main() {
	for order := bufio.NewScanner(os.Stdin); order.Scan(); {
		done := make(chan int)
		go func() { done <- price(len(order.Text()), 90) }()
		os.Stdout.WriteString(strconv.Itoa(<-done) + "\n")
	}
}

// #region price
// price is what a word of this length costs, in cents.
//
//go:noinline
func price(letters, each int) int {
	if letters > 8 {
		return letters * each / 2 // long words at half price
	}
	return weigh(letters) * each
}

// #endregion

// weigh needs more stack than a goroutine begins with.
//
//go:noinline
func weigh(letters int) int {
	var scales [2000]int
	for i := range scales {
		scales[i] = letters
	}
	sum := 0
	for _, weight := range scales {
		sum += weight
	}
	return sum / len(scales)
}
