// Package language knows the names of languages that containers use: ISO 639-1, ISO 639-2 in both forms, and BCP 47.
package language

import "strings"

// Undetermined is the code of ISO 639-2 for a language that nobody has named.
const Undetermined = "und"

// Bibliographic returns the ISO 639-2/B code of what a container gives as a language: codes of ISO 639-1 ("de") and 639-2/T
// ("deu") are translated ("ger"), of a BCP 47 tag ("pt-BR") the language counts, three letters that are not in the
// table are kept, and everything else is undetermined. The Python program stores the same codes, except that it takes
// a BCP 47 tag with a region for undetermined.
func Bibliographic(tag string) string {
	code := strings.ToLower(strings.TrimSpace(tag))
	if end := strings.IndexAny(code, "-_"); end > 0 {
		code = code[:end]
	}
	switch len(code) {
	case 2:
		if long, ok := twoLetters[code]; ok {
			return long
		}
	case 3:
		if bibliographic, ok := terminological[code]; ok {
			return bibliographic
		}
		return code
	}
	return Undetermined
}

// Tag returns what a container gives as a language as a BCP 47 tag: the language in its shortest form ("por-BR" is
// "pt-BR"), script and region in their usual case. It is empty where nothing is known or the text is no such tag.
func Tag(tag string) string {
	if len(tag) <= 3 && !strings.ContainsAny(tag, "-_") { // a language alone, as nearly always
		if code := Bibliographic(tag); code != Undetermined && alphanumeric(code) {
			return shortest(code)
		}
		return ""
	}
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	code := Bibliographic(parts[0])
	if code == Undetermined || len(tag) > maxTag {
		return ""
	}
	parts[0] = shortest(code)
	for i, part := range parts[1:] {
		switch {
		case part == "" || len(part) > 8 || !alphanumeric(part):
			return ""
		case len(part) == 4 && i == 0:
			parts[i+1] = strings.ToUpper(part[:1]) + strings.ToLower(part[1:])
		case len(part) == 2:
			parts[i+1] = strings.ToUpper(part)
		default:
			parts[i+1] = strings.ToLower(part)
		}
	}
	return strings.Join(parts, "-")
}

// maxTag is the length of the longest tag that is believed, in bytes.
const maxTag = 35

func alphanumeric(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// shortest gives the code of ISO 639-1 of a language where it has one, else that of ISO 639-2/T, as BCP 47 asks for.
func shortest(bibliographic string) string {
	if code, ok := oneOf[bibliographic]; ok {
		return code
	}
	return bibliographic
}

// oneOf maps ISO 639-2/B to ISO 639-1. Every language whose two codes of ISO 639-2 differ has one of ISO 639-1.
var oneOf = func() map[string]string {
	short := make(map[string]string, len(twoLetters))
	for code, long := range twoLetters {
		short[long] = code
	}
	return short
}()

// terminological maps the codes of ISO 639-2/T to those of 639-2/B, where they differ.
var terminological = map[string]string{
	"bod": "tib", "ces": "cze", "cym": "wel", "deu": "ger", "ell": "gre", "eus": "baq",
	"fas": "per", "fra": "fre", "hye": "arm", "isl": "ice", "kat": "geo", "mkd": "mac",
	"mri": "mao", "msa": "may", "mya": "bur", "nld": "dut", "ron": "rum", "slk": "slo",
	"sqi": "alb", "zho": "chi",
}

// twoLetters maps ISO 639-1 to ISO 639-2/B (Library of Congress, ISO 639-2 code list).
var twoLetters = map[string]string{
	"aa": "aar", "ab": "abk", "ae": "ave", "af": "afr", "ak": "aka", "am": "amh", "an": "arg",
	"ar": "ara", "as": "asm", "av": "ava", "ay": "aym", "az": "aze", "ba": "bak", "be": "bel",
	"bg": "bul", "bh": "bih", "bi": "bis", "bm": "bam", "bn": "ben", "bo": "tib", "br": "bre",
	"bs": "bos", "ca": "cat", "ce": "che", "ch": "cha", "co": "cos", "cr": "cre", "cs": "cze",
	"cu": "chu", "cv": "chv", "cy": "wel", "da": "dan", "de": "ger", "dv": "div", "dz": "dzo",
	"ee": "ewe", "el": "gre", "en": "eng", "eo": "epo", "es": "spa", "et": "est", "eu": "baq",
	"fa": "per", "ff": "ful", "fi": "fin", "fj": "fij", "fo": "fao", "fr": "fre", "fy": "fry",
	"ga": "gle", "gd": "gla", "gl": "glg", "gn": "grn", "gu": "guj", "gv": "glv", "ha": "hau",
	"he": "heb", "hi": "hin", "ho": "hmo", "hr": "hrv", "ht": "hat", "hu": "hun", "hy": "arm",
	"hz": "her", "ia": "ina", "id": "ind", "ie": "ile", "ig": "ibo", "ii": "iii", "ik": "ipk",
	"io": "ido", "is": "ice", "it": "ita", "iu": "iku", "ja": "jpn", "jv": "jav", "ka": "geo",
	"kg": "kon", "ki": "kik", "kj": "kua", "kk": "kaz", "kl": "kal", "km": "khm", "kn": "kan",
	"ko": "kor", "kr": "kau", "ks": "kas", "ku": "kur", "kv": "kom", "kw": "cor", "ky": "kir",
	"la": "lat", "lb": "ltz", "lg": "lug", "li": "lim", "ln": "lin", "lo": "lao", "lt": "lit",
	"lu": "lub", "lv": "lav", "mg": "mlg", "mh": "mah", "mi": "mao", "mk": "mac", "ml": "mal",
	"mn": "mon", "mr": "mar", "ms": "may", "mt": "mlt", "my": "bur", "na": "nau", "nb": "nob",
	"nd": "nde", "ne": "nep", "ng": "ndo", "nl": "dut", "nn": "nno", "no": "nor", "nr": "nbl",
	"nv": "nav", "ny": "nya", "oc": "oci", "oj": "oji", "om": "orm", "or": "ori", "os": "oss",
	"pa": "pan", "pi": "pli", "pl": "pol", "ps": "pus", "pt": "por", "qu": "que", "rm": "roh",
	"rn": "run", "ro": "rum", "ru": "rus", "rw": "kin", "sa": "san", "sc": "srd", "sd": "snd",
	"se": "sme", "sg": "sag", "si": "sin", "sk": "slo", "sl": "slv", "sm": "smo", "sn": "sna",
	"so": "som", "sq": "alb", "sr": "srp", "ss": "ssw", "st": "sot", "su": "sun", "sv": "swe",
	"sw": "swa", "ta": "tam", "te": "tel", "tg": "tgk", "th": "tha", "ti": "tir", "tk": "tuk",
	"tl": "tgl", "tn": "tsn", "to": "ton", "tr": "tur", "ts": "tso", "tt": "tat", "tw": "twi",
	"ty": "tah", "ug": "uig", "uk": "ukr", "ur": "urd", "uz": "uzb", "ve": "ven", "vi": "vie",
	"vo": "vol", "wa": "wln", "wo": "wol", "xh": "xho", "yi": "yid", "yo": "yor", "za": "zha",
	"zh": "chi", "zu": "zul",
}
