package isobmff

import "vpo/internal/media/language"

// extendedLanguage reads elng, a BCP 47 tag that says more than the three letters of mdhd (ISO/IEC 14496-12, 8.4.6).
func (r *reader) extendedLanguage(s *stream, b box) error {
	data, err := r.leaf(b, 64)
	if err != nil {
		return err
	}
	c := cursor{data: data}
	c.take(4)
	if code := string(untilZero(c.data)); language.Tag(code) != "" {
		s.Language, s.LanguageTag = language.Bibliographic(code), language.Tag(code)
	}
	return nil
}

// languageOf gives the language of mdhd: three letters of five bits each, or a code of the Macintosh below 0x400.
func languageOf(code int) string {
	switch {
	case code == 0x7fff:
		return ""
	case code >= 0x400:
		return string([]byte{
			byte(code>>10&31) + 0x60,
			byte(code>>5&31) + 0x60,
			byte(code&31) + 0x60,
		})
	case code < len(macLanguages)/3:
		return macLanguages[3*code : 3*code+3]
	}
	return ""
}

// macLanguages are the language codes of the Macintosh in their order, three letters each and three spaces where a number
// is not used (QuickTime File Format, "Language Code Values").
const macLanguages = "engfradeuitanldsweespdanpornorhebjpnarafinellislmltturhrvzho" + // 0
	"urdhinthakorlitpolhunestlavsmefaofasruszhonldglesqironcesslk" + // 20
	"slvyidsrpmkdbulukrbeluzbkazazeazehyekatronkirtgktukmonmonpus" + // 40
	"kurkassndbodnepsanmarbenasmgujpanorimalkantamtelsinmyakhmlao" + // 60
	"vieindtglmsamsaamhtirormsomswakinrunnyamlgepo               " + // 80
	"                                                            " + // 100
	"                        cymeuscatlatquegrnaymtatuigdzojav" // 120
