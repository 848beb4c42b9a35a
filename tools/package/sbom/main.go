// Command sbom takes out of a CycloneDX bill of materials (https://cyclonedx.org/docs/1.6/json/) what tells of the build and
// not of the program: the time, and the hashes of the tool that wrote it. From standard input to standard output.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Stdin, os.Stdout)) }

func run(in io.Reader, out io.Writer) int {
	if err := settle(in, out); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		return 1
	}
	return 0
}

// settle copies the bill. Its keys come out in the order of their names.
func settle(in io.Reader, out io.Writer) error {
	var bill map[string]any
	if err := json.NewDecoder(in).Decode(&bill); err != nil {
		return fmt.Errorf("read bill: %w", err)
	}
	metadata, ok := bill["metadata"].(map[string]any)
	if components, _ := bill["components"].([]any); !ok || len(components) == 0 {
		return fmt.Errorf("read bill: it has no metadata or no components")
	}
	delete(metadata, "timestamp")
	if tools, ok := metadata["tools"].([]any); ok {
		for _, tool := range tools {
			if tool, ok := tool.(map[string]any); ok {
				delete(tool, "hashes")
			}
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(bill)
}
