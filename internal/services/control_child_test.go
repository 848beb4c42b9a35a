package services

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// controlChild is the variable that makes the test binary a client of the Control at that path.
const controlChild = "VPO_TEST_CONTROL_CHILD"

func runControlChild() {
	text, err := AskReload(context.Background(), os.Getenv(controlChild))
	fmt.Println(text, err)
}

// asNobody is what a client without rights is told.
func asNobody(t *testing.T, path string) string {
	t.Helper()
	binary, err := os.Open(os.Args[0]) // the folder of the test binary is closed to others
	if err != nil {
		t.Fatal(err)
	}
	defer binary.Close()
	cmd := exec.CommandContext(t.Context(), "/proc/self/fd/3")
	cmd.ExtraFiles = []*os.File{binary}
	cmd.Env = []string{controlChild + "=" + path}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
