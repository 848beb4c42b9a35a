package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A scan that is interrupted ends at once, with the code of the signal, and says so.
func TestInterruptedScan(t *testing.T) {
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		t.Run(signal.String(), func(t *testing.T) {
			dir := t.TempDir()
			begun, slow := filepath.Join(dir, "begun"), filepath.Join(dir, "ffprobe")
			if err := os.WriteFile(slow, []byte("#!/bin/sh\n: > '"+begun+"'\nexec sleep 60\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(binary(t), "scan", "--json", "--db", filepath.Join(dir, "library.db"), samples(t))
			cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "VPO_FFPROBE_PATH=" + slow}
			var stdout bytes.Buffer
			cmd.Stdout = &stdout
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			awaitFile(t, begun)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != code {
				t.Errorf("exit code %d, want %d", got, code)
			}
			var summary struct{ Interrupted bool }
			if err := json.Unmarshal(stdout.Bytes(), &summary); err != nil || !summary.Interrupted {
				t.Errorf("the summary is %s (%v)", stdout.Bytes(), err)
			}
		})
	}
}

func awaitFile(t *testing.T, path string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(patience)
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatalf("%s does not appear", path)
		}
	}
}
