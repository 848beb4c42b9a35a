package matroska

import (
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/language"
)

// mediaTypes maps the beginning of a media type to ffmpeg's name of the codec. Pictures are covers: ffprobe counts them
// as video.
var mediaTypes = [...]struct {
	prefix, codec string
	picture       bool
}{
	{"image/jpeg", "mjpeg", true},
	{"image/png", "png", true},
	{"image/gif", "gif", true},
	{"image/tiff", "tiff", true},
	{"application/x-truetype-font", "ttf", false},
	{"application/x-font", "ttf", false},
	{"application/vnd.ms-opentype", "otf", false},
	{"binary", "bin_data", false},
}

// pictureRate is what ffprobe tells of a picture that does not move: the resolution of its clock.
const pictureRate = "90000/1"

// readAttachments reads what is told of the attached files (RFC 9559, 5.1.6), and of covers their first bytes.
func (r *reader) readAttachments(w walker) error {
	for w.next() {
		if w.id != idAttachedFile {
			continue
		}
		if len(r.attached) >= maxTracks {
			r.warn("the container has more than %d attachments", maxTracks)
			return nil
		}
		w.err = r.readAttachment(w.inside())
	}
	return w.err
}

// readAttachment reads an AttachedFile. One without a name, a type or contents is left out, as ffprobe does.
func (r *reader) readAttachment(w walker) error {
	t := library.Track{Type: library.TrackAttachment, Language: language.Undetermined}
	var file walker
	for w.next() {
		switch w.id {
		case idFileName:
			t.FileName = w.text(maxText)
		case idFileMediaType:
			t.MimeType = w.text(maxKey)
		case idFileDescription:
			t.Title = w.text(maxText)
		case idFileData:
			file = w
		}
	}
	switch {
	case w.err != nil:
		return w.err
	case t.FileName == "" || t.MimeType == "" || file.doc == nil || file.size == 0:
		r.warn("an attached file has no name, type or contents, left out")
		return nil
	}
	for i := range mediaTypes {
		if m := &mediaTypes[i]; strings.HasPrefix(t.MimeType, m.prefix) {
			t.Codec = m.codec
			if m.picture {
				t.Type, t.FrameRate = library.TrackVideo, pictureRate
				if err := r.readCover(&t, file); err != nil {
					return err
				}
			}
			break
		}
	}
	r.attached = append(r.attached, t)
	return nil
}
