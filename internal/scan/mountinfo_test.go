package scan

import (
	"slices"
	"strings"
	"testing"
)

const mountinfo = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw

30 27 8:17 / /media/my\040films rw,nosuid - exfat /dev/sdb1 rw
this line is none
31 27 0:40 / /media/nas rw - nfs4 nas:/the\040films rw,vers=4.2
32 31 0:41 / /media/nas rw - tmpfs tmpfs rw
`

func TestParseMountinfo(t *testing.T) {
	want := []mountPoint{
		{"/proc", "proc", "proc"},
		{"/", "ext4", "/dev/vda"},
		{"/media/my films", "exfat", "/dev/sdb1"},
		{"/media/nas", "nfs4", "nas:/the films"},
		{"/media/nas", "tmpfs", "tmpfs"},
	}
	if got := parseMountinfo(strings.NewReader(mountinfo)); !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestFind(t *testing.T) {
	points := parseMountinfo(strings.NewReader(mountinfo))
	for path, want := range map[string]string{
		"/":                     "/dev/vda",
		"/media":                "/dev/vda",
		"/media/my filmsets":    "/dev/vda",
		"/media/my films":       "/dev/sdb1",
		"/media/my films/a/b":   "/dev/sdb1",
		"/media/nas/covered-by": "tmpfs",
	} {
		if got, ok := find(points, path); !ok || got.source != want {
			t.Errorf("find(%q) = %+v, want %s", path, got, want)
		}
	}
	if got, ok := find(nil, "/media"); ok {
		t.Errorf("without mounts: got %+v", got)
	}
}

func FuzzParseMountinfo(f *testing.F) {
	f.Add(mountinfo)
	f.Add(`1 2 3 4 \ - \0 \777`)
	f.Fuzz(func(t *testing.T, text string) {
		const path = "/media/films"
		if point, ok := find(parseMountinfo(strings.NewReader(text)), path); ok && !below(path, point.path) {
			t.Errorf("%q is not above %s", point.path, path)
		}
	})
}
