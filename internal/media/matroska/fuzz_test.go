package matroska_test

import "testing"

func FuzzRead(f *testing.F) {
	for _, data := range smallFiles(f) {
		f.Add(data[:min(len(data), 8<<10)])
	}
	f.Add(film(element(idChapters, element(idEdition, element(idAtom, number(idStart, 5)))), element(idCluster, paced(30, 25))))
	f.Add(document(info(), element(idTracks, videoTrack(), audioTrack("A_AC3",
		element(idEncodings, element(idEncoding, element(idCompression, number(idAlgo, 3), element(idStripped, []byte{0x0B, 0x77})))))),
		element(idTags, element(idTag, element(idSimpleTag, text(idTagName, "A"), text(idTagString, "B")))),
		element(idCluster, number(idTimestamp, 0), block(2, 0, 0x02, 2, 3, 1, 2, 3, 4, 5), block(2, 0, 0x06, 1, 0x81, 1, 2))))
	f.Fuzz(func(t *testing.T, data []byte) {
		media, err := open(t, data)
		check(t, media, err)
	})
}
