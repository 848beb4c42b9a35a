package scan

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
)

// mountPoint is a line of /proc/self/mountinfo.
type mountPoint struct{ path, fsType, source string }

// mountPoints lists what is mounted; nothing where the system does not tell it in the way of Linux.
func mountPoints() []mountPoint {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil
	}
	defer file.Close()
	return parseMountinfo(file)
}

// parseMountinfo reads the format of proc_pid_mountinfo(5): fields by spaces, the mount point the fifth, and after a field
// "-" the type of the file system and its source. Lines that are none are passed over.
func parseMountinfo(r io.Reader) []mountPoint {
	var points []mountPoint
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20) // the options of an overlay can be long
	for lines.Scan() {
		before, after, ok := strings.Cut(lines.Text(), " - ")
		front, back := strings.Split(before, " "), strings.Split(after, " ") // a source may be empty
		if !ok || len(front) < 5 || len(back) < 2 {
			continue
		}
		points = append(points, mountPoint{path: unescape(front[4]), fsType: back[0], source: unescape(back[1])})
	}
	return points
}

// unescape turns \040 and the like, by which the kernel writes white space and backslashes, into what they stand for.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// find returns the mount that a path lies on: of those whose mount point is above it the deepest, of equals the last,
// which covers the others.
func find(points []mountPoint, path string) (best mountPoint, ok bool) {
	for _, point := range points {
		if below(path, point.path) && len(point.path) >= len(best.path) {
			best, ok = point, true
		}
	}
	return best, ok
}
