package matroska

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"vpo/internal/library"
	"vpo/internal/media/codec"
)

const maxPrivate = 256 << 10 // bytes of CodecPrivate that are looked at

// readPrivate lets the codec describe the track, from CodecPrivate or, where that is not enough, later from a frame.
func (r *reader) readPrivate(e *entry, t *library.Track, own *track) error {
	if t.Type != library.TrackVideo && t.Type != library.TrackAudio {
		return nil // the headers of subtitles tell nothing, and can be large
	}
	var private []byte
	if e.private.doc != nil {
		private = e.private.data(maxPrivate)
		if e.private.err != nil {
			return e.private.err
		}
		var err error
		if private, err = e.encoding.undo(scopePrivate, private, maxPrivate); err != nil {
			r.warn("track %d: codec private: %v", t.Index, err)
		}
	}
	private = unwrap(e, t, private)
	if len(private) == 0 && t.Codec == "aac" {
		private = aacConfig(e)
	}
	r.decode(t, own, private)
	return nil
}

// decode gives the header to the codec. A track whose header tells too little waits for a frame.
func (r *reader) decode(t *library.Track, own *track, private []byte) {
	if strings.HasPrefix(t.Codec, "pcm_") {
		codec.PCM(t)
		return
	}
	if format := codec.OnlyFormat(t.Codec); format != "" {
		t.PixelFormat, t.BitDepth = format, 8
		return
	}
	for i := range decoders {
		d := &decoders[i]
		if d.codec != t.Codec {
			continue
		}
		own.units = unitLength(t.Codec, private)
		if d.header == nil || len(private) == 0 {
			own.frame = d.frame
			return
		}
		if err := d.header(t, private); err != nil {
			if own.frame = d.frame; d.frame == nil {
				r.warn("track %d: codec private: %v", t.Index, err)
			}
		} else if (t.Codec == "hevc" || t.Codec == "av1") && t.ColorTransfer == "smpte2084" && t.Mastering == nil {
			own.frame, own.optional = d.frame, true // the mastering display can stand in the first frame
		}
		return
	}
}

// unitLength is how many bytes the lengths in front of NAL units have in the frames of a track: as its configuration
// record tells (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1), 0 where start codes separate them.
func unitLength(name string, record []byte) int {
	switch {
	case name == "h264" && len(record) > 4 && record[0] == 1:
		return int(record[4]&3) + 1
	case name == "hevc" && len(record) > 21 && !bytes.HasPrefix(record, []byte{0, 0}): // a start code, of some old programs
		return int(record[21]&3) + 1
	default:
		return 0
	}
}

// unwrap takes away the header of another container that Matroska keeps in CodecPrivate, and names the codec by it.
func unwrap(e *entry, t *library.Track, private []byte) []byte {
	const bitmapInfo = 40 // bytes of a BITMAPINFOHEADER
	switch {
	case e.codecID == "V_MS/VFW/FOURCC" && len(private) >= bitmapInfo:
		return bitmapHeader(t, private[:bitmapInfo], private[bitmapInfo:])
	case e.codecID == "A_MS/ACM" && len(private) >= 14:
		return waveFormat(t, private)
	case e.codecID == "V_QUICKTIME" && len(private) >= 8:
		t.Codec = codec.VideoTag(sampleEntry(private, codec.VideoTag))
		return nil
	case e.codecID == "A_QUICKTIME" && len(private) >= 8:
		t.Codec = codec.SoundTag(sampleEntry(private, codec.SoundTag))
		return nil
	case t.Codec == "prores" && len(private) == 4:
		t.Profile = codec.ProResProfile(string(private))
		return nil
	default:
		return private
	}
}

// bitmapHeader reads a BITMAPINFOHEADER, and gives what the codec has put behind it.
func bitmapHeader(t *library.Track, bitmap, behind []byte) []byte {
	fourCC, bits := string(bitmap[16:20]), int(binary.LittleEndian.Uint16(bitmap[14:]))
	switch t.Codec = codec.VideoTag(fourCC); t.Codec {
	case "utvideo":
		codec.UtVideo(t, fourCC)
	case "huffyuv", "ffvhuff":
		_ = codec.HuffYUV(t, behind, bits) // never fails: what it does not know it leaves
	}
	return behind
}

// sampleEntry gives the code of a sample entry of QuickTime, whose size stands in front of it, or does not.
func sampleEntry(private []byte, name func(fourCC string) string) string {
	if code := string(private[:4]); name(code) != "" {
		return code
	}
	return string(private[4:8])
}

const extensible = 0xFFFE // the format stands in the GUID behind the header

// waveFormat reads a WAVEFORMATEX, and gives what the codec has put behind it.
func waveFormat(t *library.Track, wave []byte) []byte {
	format, bits := binary.LittleEndian.Uint16(wave), 8
	if len(wave) >= 16 {
		bits = int(binary.LittleEndian.Uint16(wave[14:]))
	}
	mask := uint32(0)
	behind := wave[min(len(wave), 18):]
	if format == extensible && len(behind) >= 22 {
		mask = binary.LittleEndian.Uint32(behind[2:])
		format = binary.LittleEndian.Uint16(behind[6:])
		behind = behind[22:]
	}
	t.Codec = codec.AudioTag(format, bits)
	if channels := int(binary.LittleEndian.Uint16(wave[2:])); channels > 0 {
		t.Channels = channels
	}
	if sampling := binary.LittleEndian.Uint32(wave[4:]); sampling > 0 && sampling < 1<<31 {
		t.SampleRate = int(sampling)
	}
	if mask != 0 {
		t.ChannelLayout = codec.LayoutMask(mask)
	}
	return behind
}

// samplings are the rates that an AudioSpecificConfig has a number for (ISO/IEC 14496-3, 1.6.3.4).
var samplings = [...]float64{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// aacConfig makes the AudioSpecificConfig of an old file, which tells profile and rate in the CodecID
// ("A_AAC/MPEG4/LC/SBR") and the element Audio.
func aacConfig(e *entry) []byte {
	profile := 4
	for i, name := range [...]string{"MAIN", "LC", "SSR"} {
		if strings.Contains(e.codecID, name) {
			profile = i + 1
			break
		}
	}
	sampling := samplingIndex(e.audio.sampling)
	if sampling < 0 || e.audio.channels > 7 {
		return nil
	}
	config := []byte{byte(profile<<3 | sampling>>1), byte(sampling<<7 | e.audio.channels<<3)}
	if output := samplingIndex(e.audio.output); strings.Contains(e.codecID, "SBR") && output >= 0 {
		config = append(config, 0x56, 0xE5, byte(0x80|output<<3)) // the extension for spectral band replication
	}
	return config
}

func samplingIndex(rate float64) int {
	for i, known := range samplings {
		if rate == known {
			return i
		}
	}
	return -1
}

// firstLaced gives the first of several packets that are laced in the manner of Xiph, as the headers of Vorbis and
// Theora are (Matroska Codec Specifications, 4.4.16): their number less one, the sizes of all but the last, the packets.
func firstLaced(private []byte) ([]byte, error) {
	if len(private) == 0 {
		return nil, fmt.Errorf("%w: no headers", library.ErrMalformed)
	}
	packets, rest := int(private[0]), private[1:]
	first := len(rest)
	for i := range packets {
		size, n := xiphSize(rest)
		if n == 0 {
			return nil, fmt.Errorf("%w: headers without end", library.ErrMalformed)
		}
		if i == 0 {
			first = size
		}
		rest = rest[n:]
	}
	return rest[:min(first, len(rest))], nil
}

// xiphSize reads a size, and how many bytes it has: all but the last are 255. It has none where data end before.
func xiphSize(data []byte) (size, n int) {
	for i, b := range data {
		size += int(b)
		if b != 255 {
			return size, i + 1
		}
	}
	return 0, 0
}
