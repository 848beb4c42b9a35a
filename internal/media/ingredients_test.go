package media_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
)

// ingredients are what no encoder makes: texts, pictures, attachments, by their file names.
func ingredients() map[string][]byte {
	texts := map[string]string{
		"lines.srt": "1\n00:00:00,100 --> 00:00:00,300\nEbbe\n\n2\n00:00:00,300 --> 00:00:00,450\nFlut\n",
		"lines.vtt": "WEBVTT\n\n00:00.100 --> 00:00.300\nEbbe\n\n00:00.300 --> 00:00.450\nFlut\n",
		"styled.ass": "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Sea,20\n\n" +
			"[Events]\nFormat: Layer, Start, End, Style, Text\nDialogue: 0,0:00:00.10,0:00:00.40,Default,Ebbe\n",
		"chapters.txt": ";FFMETADATA1\ntitle=Gezeiten\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=200\ntitle=Ebbe\n" +
			"[CHAPTER]\nTIMEBASE=1/1000\nSTART=200\nEND=450\ntitle=Flut und Küste\n",
		"chapters.ogm": "CHAPTER01=00:00:00.000\nCHAPTER01NAME=Ebbe\nCHAPTER02=00:00:00.200\nCHAPTER02NAME=Flut\n",
		"chapters.xml": chapterXML,
		"tags.xml": "<?xml version=\"1.0\"?><Tags><Tag><Targets><TargetTypeValue>50</TargetTypeValue></Targets>" +
			"<Simple><Name>DIRECTOR</Name><String>Möwe</String></Simple>" +
			"<Simple><Name>GENRE</Name><String>Küste</String><TagLanguage>ger</TagLanguage></Simple></Tag></Tags>",
		"notes.txt": "Ebbe und Flut",
		"sea.ttf":   "\x00\x01\x00\x00 not a real font",
		"waves.otf": "OTTO not a real font",
	}
	files := make(map[string][]byte, len(texts)+3)
	for name, text := range texts {
		files[name] = []byte(text)
	}
	cover := image.NewRGBA(image.Rect(0, 0, 40, 60))
	var jpegs, pngs bytes.Buffer
	_ = jpeg.Encode(&jpegs, cover, nil)
	_ = png.Encode(&pngs, cover)
	files["cover.jpg"], files["cover.png"] = jpegs.Bytes(), pngs.Bytes()
	files["pictures.sup"] = pictureSubtitles()
	return files
}

const chapterXML = `<?xml version="1.0"?>
<Chapters>
  <EditionEntry><EditionFlagDefault>1</EditionFlagDefault>
    <ChapterAtom><ChapterUID>1</ChapterUID><ChapterTimeStart>00:00:00.000</ChapterTimeStart><ChapterTimeEnd>00:00:00.200</ChapterTimeEnd>
      <ChapterDisplay><ChapterString>Ebbe</ChapterString><ChapterLanguage>ger</ChapterLanguage></ChapterDisplay>
      <ChapterDisplay><ChapterString>Ebb</ChapterString><ChapterLanguage>eng</ChapterLanguage></ChapterDisplay>
      <ChapterAtom><ChapterUID>2</ChapterUID><ChapterTimeStart>00:00:00.100</ChapterTimeStart>
        <ChapterDisplay><ChapterString>Watt</ChapterString></ChapterDisplay></ChapterAtom>
    </ChapterAtom>
    <ChapterAtom><ChapterUID>3</ChapterUID><ChapterTimeStart>00:00:00.200</ChapterTimeStart></ChapterAtom>
    <ChapterAtom><ChapterUID>4</ChapterUID><ChapterFlagHidden>1</ChapterFlagHidden><ChapterTimeStart>00:00:00.300</ChapterTimeStart>
      <ChapterDisplay><ChapterString>Hidden</ChapterString></ChapterDisplay></ChapterAtom>
  </EditionEntry>
</Chapters>`

// pictureSubtitles is one subtitle of Blu-ray discs (PGS, US patent 2009/0185789): a white square of 8 by 8 pixels that is
// shown for 0.3 seconds.
func pictureSubtitles() []byte {
	palette := []byte{0, 0, 1, 235, 128, 128, 255}
	square := bytes.Repeat(append(bytes.Repeat([]byte{1}, 8), 0, 0), 8) // run lengths: eight pixels, end of line
	object := slices.Concat([]byte{0, 0, 0, 0xc0, 0, 0, byte(len(square) + 4), 0, 8, 0, 8}, square)
	screen := []byte{0, 160, 0, 90, 0x10}
	shown := slices.Concat(screen, []byte{0, 0, 0x80, 0, 0, 1}, []byte{0, 0, 0, 0, 0, 8, 0, 8})
	hidden := slices.Concat(screen, []byte{0, 1, 0, 0, 0, 0})
	window := []byte{1, 0, 0, 8, 0, 8, 0, 8, 0, 8}
	var stream []byte
	segment := func(pts uint32, kind byte, body []byte) {
		stream = append(stream, 'P', 'G')
		stream = binary.BigEndian.AppendUint32(stream, pts)
		stream = append(stream, 0, 0, 0, 0, kind)
		stream = binary.BigEndian.AppendUint16(stream, uint16(len(body)))
		stream = append(stream, body...)
	}
	const ticks = 90_000 // a second
	for _, at := range []struct {
		pts  uint32
		kind byte
		body []byte
	}{
		{ticks / 10, 0x16, shown}, {ticks / 10, 0x17, window}, {ticks / 10, 0x14, palette}, {ticks / 10, 0x15, object},
		{ticks / 10, 0x80, nil}, {4 * ticks / 10, 0x16, hidden}, {4 * ticks / 10, 0x17, window}, {4 * ticks / 10, 0x80, nil},
	} {
		segment(at.pts, at.kind, at.body)
	}
	return stream
}
