package matroska_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vpo/internal/library"
	"vpo/internal/media/matroska"
	"vpo/internal/media/source"
)

// workshop is a folder in which tests make files with the programs that people make them with.
type workshop struct {
	testing.TB
	folder string
}

// newWorkshop opens a workshop with ingredients. Where a program is missing it skips the test, except in continuous
// integration (the environment has CI=true): there a test that did not run is a failure.
func newWorkshop(t testing.TB, programs ...string) *workshop {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("this test has to run here, and needs %s: %v", program, err)
			}
			t.Skipf("needs %s", program)
		}
	}
	w := &workshop{t, t.TempDir()}
	for name, text := range ingredients {
		if err := os.WriteFile(filepath.Join(w.folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// run runs a command line in the folder. A word in '...' can hold spaces.
func (w *workshop) run(line string) {
	w.Helper()
	w.runInto(io.Discard, line)
}

// runInto runs a command line, and keeps what it writes.
func (w *workshop) runInto(stdout io.Writer, line string) {
	w.Helper()
	parts := strings.Split(line, "'")
	var words []string
	for i, part := range parts {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	if words[0] == "ffmpeg" {
		words = append(strings.Fields("ffmpeg -nostdin -hide_banner -loglevel error -y"), words[1:]...)
	}
	command := exec.CommandContext(w.Context(), words[0], words[1:]...)
	command.Dir = w.folder
	var complaints strings.Builder
	command.Stdout, command.Stderr = stdout, &complaints
	if err := command.Run(); err != nil {
		w.Fatalf("%s: %v\n%s", line, err, complaints.String())
	}
}

// path is where a file of the workshop lies.
func (w *workshop) path(name string) string { return filepath.Join(w.folder, name) }

// bytes are the contents of a file of the workshop.
func (w *workshop) bytes(name string) []byte {
	w.Helper()
	data, err := os.ReadFile(w.path(name))
	if err != nil {
		w.Fatal(err)
	}
	return data
}

const (
	picture = "-f lavfi -i testsrc=size=160x90:rate=24000/1001:duration=1"
	sound   = "-f lavfi -i sine=frequency=220:sample_rate=48000:duration=1"
	avc     = " -c:v libx264 -preset ultrafast -pix_fmt yuv420p "
)

// open reads a file in memory, of which the first 64 KiB have been read by somebody before.
func open(t testing.TB, data []byte) (library.Media, error) {
	t.Helper()
	head := data[:min(len(data), 64<<10)]
	file := library.Content{Data: bytes.NewReader(data), Size: int64(len(data)), Head: head}
	return matroska.Read(source.New(t.Context(), file))
}

var ingredients = map[string]string{
	"lines.srt":  "1\n00:00:00,100 --> 00:00:00,900\nHello\n",
	"font.ttf":   "no font",
	"styled.ass": "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Sea\n\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:00.10,0:00:00.40,Hello\n",
	"meta.txt": ";FFMETADATA1\ntitle=Harbour Lights\nartist=Jane\n" +
		"[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=Ebb\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Flood\n",
	"chapters.xml": `<?xml version="1.0"?><Chapters><EditionEntry><EditionFlagDefault>1</EditionFlagDefault>
<ChapterAtom><ChapterTimeStart>00:00:00.000</ChapterTimeStart>
<ChapterDisplay><ChapterString>One</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay>
<ChapterDisplay><ChapterString>Eins</ChapterString><ChapterLanguage>ger</ChapterLanguage></ChapterDisplay></ChapterAtom>
<ChapterAtom><ChapterTimeStart>00:00:00.500</ChapterTimeStart>
<ChapterDisplay><ChapterString>Two</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay>
<ChapterAtom><ChapterTimeStart>00:00:00.600</ChapterTimeStart>
<ChapterDisplay><ChapterString>In two</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay></ChapterAtom>
</ChapterAtom></EditionEntry></Chapters>`,
	"tags.xml": `<?xml version="1.0"?><Tags>
<Tag><Targets><TargetTypeValue>50</TargetTypeValue><TargetType>MOVIE</TargetType></Targets>
<Simple><Name>DIRECTOR</Name><String>Jane</String><TagLanguage>eng</TagLanguage><Simple><Name>URL</Name><String>x</String></Simple></Simple></Tag>
<Tag><Targets/><Simple><Name>PART_NUMBER</Name><String>3</String></Simple><Simple><Name>LEAD_PERFORMER</Name><String>J</String></Simple>
<Simple><Name>Comment</Name><String>abc</String><TagLanguage>eng</TagLanguage><DefaultLanguage>0</DefaultLanguage></Simple></Tag>
<Tag><Targets><TargetTypeValue>70</TargetTypeValue></Targets><Simple><Name>SERIES</Name><String>S</String></Simple></Tag></Tags>`,
}
