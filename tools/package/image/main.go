// Command image writes a container image of vpo for amd64 and arm64, without an engine and without a network: one archive in
// the OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md), which docker, podman and
// skopeo load.
//
// The image holds the static program and the folder of its data, and nothing else: no shell, no system. It runs as a user
// without rights. The same inputs give the same bytes.
package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// user is the one that the program runs as, by number: there is no list of names to look it up in that everybody reads.
const user = 65532

func main() { os.Exit(run()) }

func run() int {
	var r release
	var out string
	flag.StringVar(&out, "out", "", "archive to write")
	flag.StringVar(&r.version, "version", "", "release")
	flag.StringVar(&r.amd64, "amd64", "", "program for amd64")
	flag.StringVar(&r.arm64, "arm64", "", "program for arm64")
	flag.Parse()
	if err := write(r, out, os.Getenv("SOURCE_DATE_EPOCH")); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		return 1
	}
	return 0
}

// release is what goes into the image.
type release struct {
	version      string
	amd64, arm64 string // paths
	made         time.Time
}

// write makes the image, reads it back, and packs it.
func write(r release, out, epoch string) error {
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return fmt.Errorf("read SOURCE_DATE_EPOCH: %w", err)
	}
	r.made = time.Unix(seconds, 0).UTC()
	dir, err := os.MkdirTemp("", "vpo-image")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	index, err := r.index()
	if err != nil {
		return err
	}
	if _, err := layout.Write(dir, index); err != nil {
		return fmt.Errorf("write layout: %w", err)
	}
	if err := check(dir); err != nil {
		return err
	}
	return pack(dir, out, r.made)
}

// check reads the layout back: every digest and size, and that layers and configuration agree.
func check(dir string) error {
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return fmt.Errorf("read layout: %w", err)
	}
	if err := validate.Index(index); err != nil {
		return fmt.Errorf("validate layout: %w", err)
	}
	return nil
}

// index lists the images by platform, below a list of one that bears the name, as engines look for it.
func (r release) index() (v1.ImageIndex, error) {
	platforms := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, p := range []struct{ arch, variant, program string }{{"amd64", "", r.amd64}, {"arm64", "v8", r.arm64}} {
		image, err := r.image(p.arch, p.variant, p.program)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.arch, err)
		}
		platforms = mutate.AppendManifests(platforms, mutate.IndexAddendum{
			Add:        image,
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: p.arch, Variant: p.variant}},
		})
	}
	named := v1.Descriptor{Annotations: map[string]string{
		"org.opencontainers.image.ref.name": r.version,
		"io.containerd.image.name":          "localhost/vpo:" + tag(r.version),
	}}
	return mutate.AppendManifests(mutate.IndexMediaType(empty.Index, types.OCIImageIndex),
		mutate.IndexAddendum{Add: platforms, Descriptor: named}), nil
}

// tag makes the version fit for the name of an image, in which "~" and "+" may not stand.
func tag(version string) string {
	return string(bytes.Map(func(r rune) rune {
		if r == '~' || r == '+' {
			return '-'
		}
		return r
	}, []byte(version)))
}

// image is the image of one platform.
func (r release) image(arch, variant, program string) (v1.Image, error) {
	rootfs, err := r.rootfs(program)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(rootfs)), nil },
		tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image, err := mutate.Append(mutate.MediaType(empty.Image, types.OCIManifestSchema1), mutate.Addendum{
		Layer: layer, History: v1.History{Created: v1.Time{Time: r.made}, CreatedBy: "vpo " + r.version},
	})
	if err != nil {
		return nil, err
	}
	image = mutate.ConfigMediaType(image, types.OCIConfigJSON)
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Variant = "linux", arch, variant
	file.Created = v1.Time{Time: r.made}
	file.Config = r.config()
	return mutate.ConfigFile(image, file)
}

// config is what an engine does with the image. The health check is Docker's addition to the format; podman takes it from the
// command line alone.
func (r release) config() v1.Config {
	return v1.Config{
		User:       fmt.Sprintf("%d:%d", user, user),
		Entrypoint: []string{"/usr/bin/vpo"},
		Cmd:        []string{"serve"},
		Env: []string{
			"PATH=/usr/bin", "HOME=/data", "VPO_DATA_DIR=/data",
			"VPO_SERVER_BIND=0.0.0.0", // of the container; what of it is published is for the engine to say
		},
		WorkingDir:   "/data",
		Volumes:      map[string]struct{}{"/data": {}},
		ExposedPorts: map[string]struct{}{"8321/tcp": {}},
		StopSignal:   "SIGTERM",
		Healthcheck: &v1.HealthConfig{
			Test:     []string{"CMD", "/usr/bin/vpo", "health"},
			Interval: 30 * time.Second, Timeout: 6 * time.Second, StartPeriod: 10 * time.Second, Retries: 3,
		},
		Labels: map[string]string{
			"org.opencontainers.image.title":    "vpo",
			"org.opencontainers.image.version":  r.version,
			"org.opencontainers.image.licenses": "MIT",
		},
	}
}

// rootfs is the whole file system of the image, as a tar archive.
func (r release) rootfs(program string) ([]byte, error) {
	data, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	passwd := fmt.Sprintf("root:x:0:0:root:/root:/sbin/nologin\nvpo:x:%d:%d:vpo:/data:/sbin/nologin\n", user, user)
	for _, e := range []struct {
		name  string
		mode  int64
		owner int
		data  []byte
	}{
		{"data/", 0o750, user, nil},
		{"etc/", 0o755, 0, nil},
		{"etc/passwd", 0o644, 0, []byte(passwd)},
		{"etc/group", 0o644, 0, fmt.Appendf(nil, "root:x:0:\nvpo:x:%d:\n", user)},
		{"tmp/", 0o1777, 0, nil},
		{"usr/", 0o755, 0, nil},
		{"usr/bin/", 0o755, 0, nil},
		{"usr/bin/vpo", 0o755, 0, data},
	} {
		header := &tar.Header{Name: e.name, Mode: e.mode, Uid: e.owner, Gid: e.owner, Size: int64(len(e.data)), ModTime: r.made, Typeflag: tar.TypeReg}
		if e.data == nil {
			header.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	err = w.Close() // writes the end of the archive
	return b.Bytes(), err
}

// pack puts a layout into one archive.
func pack(dir, out string, made time.Time) (err error) {
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := tar.NewWriter(file)
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error { // in the order of the names
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), ModTime: made, Typeflag: tar.TypeReg}); err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	})
	return errors.Join(err, w.Close())
}
