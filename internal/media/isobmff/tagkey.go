package isobmff

// form is how the value of an item is written.
type form int

const (
	freeText     form = iota // behind size and language, or behind a type
	rawText                  // to the end of the box
	number                   // one byte
	paddedNumber             // one byte behind three
	partOf                   // "3/12": two numbers of 16 bits
	genreNumber
)

// tagKey gives ffmpeg's name of an item of udta or ilst; "" where ffmpeg leaves it out.
func tagKey(kind string) (string, form) {
	if kind[0] == 0xa9 {
		return appleKey(kind[1:]), freeText
	}
	if key := numberKey(kind); key.name != "" {
		return key.name, key.form
	}
	return textKey(kind), freeText
}

type itemKey struct {
	name string
	form form
}

// numberKey names the items that are not plain text.
func numberKey(kind string) itemKey {
	switch kind {
	case "akID":
		return itemKey{"account_type", number}
	case "cpil":
		return itemKey{"compilation", number}
	case "disk":
		return itemKey{"disc", partOf}
	case "egid":
		return itemKey{"episode_uid", number}
	case "gnre":
		return itemKey{"genre", genreNumber}
	case "hdvd":
		return itemKey{"hd_video", number}
	case "pcst":
		return itemKey{"podcast", number}
	case "pgap":
		return itemKey{"gapless_playback", number}
	case "rtng":
		return itemKey{"rating", number}
	case "stik":
		return itemKey{"media_type", number}
	case "trkn":
		return itemKey{"track", partOf}
	case "tves":
		return itemKey{"episode_sort", paddedNumber}
	case "tvsn":
		return itemKey{"season_number", paddedNumber}
	case "@PRM":
		return itemKey{"premiere_version", rawText}
	case "@PRQ":
		return itemKey{"quicktime_version", rawText}
	case "FIRM":
		return itemKey{"firmware", rawText}
	}
	return itemKey{}
}

// textKey names the items of iTunes and 3GPP.
func textKey(kind string) string {
	switch kind {
	case "aART":
		return "album_artist"
	case "apID":
		return "account_id"
	case "catg":
		return "category"
	case "cprt":
		return "copyright"
	case "desc":
		return "description"
	case "keyw":
		return "keywords"
	case "ldes":
		return "synopsis"
	case "manu":
		return "make"
	case "modl":
		return "model"
	case "purd":
		return "purchase_date"
	case "soaa":
		return "sort_album_artist"
	case "soal":
		return "sort_album"
	case "soar":
		return "sort_artist"
	case "soco":
		return "sort_composer"
	case "sonm":
		return "sort_name"
	case "sosn":
		return "sort_show"
	case "tven":
		return "episode_id"
	case "tvnn":
		return "network"
	case "tvsh":
		return "show"
	}
	return ""
}

// appleKey names the items that begin with a copyright sign.
func appleKey(kind string) string {
	switch kind {
	case "nam":
		return "title"
	case "ART", "aut":
		return "artist"
	case "too", "enc", "swr":
		return "encoder"
	case "day":
		return "date"
	case "cmt", "inf":
		return "comment"
	case "gen":
		return "genre"
	case "alb":
		return "album"
	case "wrt", "com":
		return "composer"
	case "cpy":
		return "copyright"
	case "xyz":
		return "location"
	case "mak":
		return "make"
	case "mod":
		return "model"
	case "dir":
		return "director"
	case "PRD", "prd":
		return "producer"
	}
	return rareAppleKey(kind)
}

func rareAppleKey(kind string) string {
	switch kind {
	case "chp":
		return "chapter"
	case "dis":
		return "disclaimer"
	case "ed1":
		return "edit_date"
	case "fmt":
		return "original_format"
	case "grp":
		return "grouping"
	case "hst":
		return "host_computer"
	case "lyr":
		return "lyrics"
	case "ope":
		return "original_artist"
	case "prf":
		return "performers"
	case "req":
		return "playback_requirements"
	case "src":
		return "original_source"
	case "st3":
		return "subtitle"
	case "trk":
		return "track"
	case "url":
		return "url"
	case "wrn":
		return "warning"
	}
	return ""
}
