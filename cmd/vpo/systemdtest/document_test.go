package systemdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// block is what stands between two fences of a document, and the heading above it.
type block struct{ heading, script string }

// TestDocument does what docs/systemd.md tells an administrator to do, from an empty machine on.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "systemd.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := shellBlocks(string(text))
	if len(blocks) < 10 {
		t.Fatalf("only %d blocks of commands were found", len(blocks))
	}
	m := newMachine(t)
	m.media(t)
	// What is shared stands in for a checkout of the source; what the document installs goes beside it.
	m.run(t, "sh", "-ec", "mkdir /root/docs; cp -r "+documents+" /root/docs/systemd; umount "+documents)
	m.write(t, "/root/docs/systemd.md", string(text))
	for i, b := range blocks {
		done := t.Run(fmt.Sprintf("%02d/%s", i+1, strings.ReplaceAll(b.heading, " ", "")), func(t *testing.T) {
			m.run(t, "bash", "-euxo", "pipefail", "-c", "cd /root\n"+b.script)
		})
		if !done {
			t.FailNow() // what follows builds upon it
		}
	}
	m.awaitHealthy(t)
	page := strings.TrimPrefix(m.show(t, "vpo.service", "Documentation"), "file://")
	m.run(t, "cmp", page, "/root/docs/systemd.md")
}

var fenced = regexp.MustCompile("(?ms)^(#+ [^\n]+)$|^```sh\n(.*?)^```$")

// shellBlocks returns the blocks of a Markdown document that are marked as sh.
func shellBlocks(text string) []block {
	var blocks []block
	heading := ""
	for _, match := range fenced.FindAllStringSubmatch(text, -1) {
		if match[1] != "" {
			heading = strings.TrimLeft(match[1], "# ")
			continue
		}
		blocks = append(blocks, block{heading: heading, script: match[2]})
	}
	return blocks
}
