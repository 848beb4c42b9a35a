package language

// English returns the English name of a language that Bibliographic has given a code to, and the code itself where the
// table has no name for it. Of Undetermined it is empty.
func English(code string) string {
	if code == Undetermined {
		return ""
	}
	if name, ok := names[code]; ok {
		return name
	}
	return code
}

// names are the English names, as the Unicode CLDR has them, of the languages with a code in ISO 639-1 and of some more that
// films are spoken in, by the code of ISO 639-2/B or 639-3.
var names = map[string]string{
	"aar": "Afar", "abk": "Abkhazian", "afr": "Afrikaans", "aka": "Akan", "akk": "Akkadian", "alb": "Albanian",
	"amh": "Amharic", "ang": "Old English", "ara": "Arabic", "arc": "Aramaic", "arg": "Aragonese", "arm": "Armenian",
	"ase": "American Sign Language", "asm": "Assamese", "ast": "Asturian", "ava": "Avaric", "ave": "Avestan",
	"aym": "Aymara", "aze": "Azerbaijani", "bak": "Bashkir", "bam": "Bambara", "baq": "Basque", "bel": "Belarusian",
	"ben": "Bengali", "bho": "Bhojpuri", "bih": "Bihari", "bis": "Bislama", "bos": "Bosnian",
	"bre": "Breton", "bul": "Bulgarian", "bur": "Burmese", "cat": "Catalan", "ceb": "Cebuano", "cha": "Chamorro",
	"che": "Chechen", "chi": "Chinese", "chr": "Cherokee", "chu": "Church Slavic", "chv": "Chuvash",
	"ckb": "Central Kurdish", "cmn": "Mandarin Chinese", "cnr": "Montenegrin", "cor": "Cornish", "cos": "Corsican", "cre": "Cree",
	"crh": "Crimean Turkish", "csb": "Kashubian", "cze": "Czech", "dan": "Danish", "div": "Divehi",
	"dsb": "Lower Sorbian", "dut": "Dutch", "dzo": "Dzongkha", "egy": "Ancient Egyptian", "eng": "English",
	"enm": "Middle English", "epo": "Esperanto", "est": "Estonian", "ewe": "Ewe", "fao": "Faroese", "fij": "Fijian",
	"fil": "Filipino", "fin": "Finnish", "fre": "French", "fro": "Old French", "frp": "Arpitan", "fry": "Western Frisian",
	"ful": "Fulah", "fur": "Friulian", "geo": "Georgian", "ger": "German", "gla": "Scottish Gaelic",
	"gle": "Irish", "glg": "Galician", "glv": "Manx", "gmh": "Middle High German", "goh": "Old High German",
	"grc": "Ancient Greek", "gre": "Greek", "grn": "Guarani", "gsw": "Swiss German", "guj": "Gujarati",
	"hak": "Hakka Chinese", "hat": "Haitian Creole", "hau": "Hausa", "haw": "Hawaiian", "heb": "Hebrew", "her": "Herero",
	"hin": "Hindi", "hmn": "Hmong", "hmo": "Hiri Motu", "hrv": "Croatian", "hsb": "Upper Sorbian", "hun": "Hungarian",
	"ibo": "Igbo", "ice": "Icelandic", "ido": "Ido", "iii": "Sichuan Yi", "iku": "Inuktitut", "ile": "Interlingue",
	"ilo": "Iloko", "ina": "Interlingua", "ind": "Indonesian", "ipk": "Inupiaq", "ita": "Italian", "jav": "Javanese",
	"jpn": "Japanese", "kab": "Kabyle", "kal": "Greenlandic", "kan": "Kannada", "kas": "Kashmiri", "kau": "Kanuri",
	"kaz": "Kazakh", "khm": "Khmer", "kik": "Kikuyu", "kin": "Kinyarwanda", "kir": "Kyrgyz", "kok": "Konkani",
	"kom": "Komi", "kon": "Kongo", "kor": "Korean", "kua": "Kuanyama", "kur": "Kurdish", "lao": "Lao", "lat": "Latin",
	"lav": "Latvian", "lim": "Limburgish", "lin": "Lingala", "lit": "Lithuanian", "lmo": "Lombard",
	"ltz": "Luxembourgish", "lub": "Luba-Katanga", "lug": "Ganda", "mac": "Macedonian", "mah": "Marshallese",
	"mai": "Maithili", "mal": "Malayalam", "mao": "Maori", "mar": "Marathi", "may": "Malay", "mlg": "Malagasy",
	"mlt": "Maltese", "mni": "Manipuri", "mon": "Mongolian", "mul": "Multiple languages", "mwl": "Mirandese",
	"nan": "Min Nan Chinese", "nap": "Neapolitan", "nau": "Nauru", "nav": "Navajo", "nbl": "South Ndebele",
	"nde": "North Ndebele", "ndo": "Ndonga", "nds": "Low German", "nep": "Nepali", "nno": "Norwegian Nynorsk",
	"nob": "Norwegian Bokmål", "nor": "Norwegian", "nya": "Nyanja", "oci": "Occitan", "oji": "Ojibwa",
	"ori": "Odia", "orm": "Oromo", "oss": "Ossetic", "pan": "Punjabi", "pap": "Papiamento", "per": "Persian",
	"pes": "Iranian Persian", "pli": "Pali", "pms": "Piedmontese", "pol": "Polish", "por": "Portuguese", "prs": "Dari",
	"pus": "Pashto", "que": "Quechua", "roh": "Romansh", "rum": "Romanian", "run": "Rundi",
	"rup": "Aromanian", "rus": "Russian", "sag": "Sango", "san": "Sanskrit", "sat": "Santali", "scn": "Sicilian",
	"sco": "Scots", "sgn": "Sign language", "sin": "Sinhala", "slo": "Slovak", "slv": "Slovenian",
	"sme": "Northern Sami", "smo": "Samoan", "sna": "Shona", "snd": "Sindhi", "som": "Somali", "sot": "Southern Sotho",
	"spa": "Spanish", "srd": "Sardinian", "srp": "Serbian", "ssw": "Swati", "sun": "Sundanese", "swa": "Swahili",
	"swe": "Swedish", "syr": "Syriac", "tah": "Tahitian", "tam": "Tamil", "tat": "Tatar", "tel": "Telugu", "tet": "Tetum",
	"tgk": "Tajik", "tgl": "Tagalog", "tha": "Thai", "tib": "Tibetan", "tir": "Tigrinya", "tlh": "Klingon",
	"ton": "Tongan", "tpi": "Tok Pisin", "tsn": "Tswana", "tso": "Tsonga", "tuk": "Turkmen", "tur": "Turkish",
	"twi": "Twi", "uig": "Uyghur", "ukr": "Ukrainian", "urd": "Urdu", "uzb": "Uzbek",
	"vec": "Venetian", "ven": "Venda", "vie": "Vietnamese", "vol": "Volapük", "war": "Waray", "wel": "Welsh",
	"wln": "Walloon", "wol": "Wolof", "wuu": "Wu Chinese", "xho": "Xhosa", "yid": "Yiddish", "yor": "Yoruba",
	"yue": "Cantonese", "zgh": "Standard Moroccan Tamazight", "zha": "Zhuang", "zul": "Zulu",
	"zxx": "No language",
}
