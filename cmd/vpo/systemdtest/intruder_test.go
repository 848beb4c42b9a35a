package systemdtest

import "io"

func intrude(out io.Writer) int { return 0 }
