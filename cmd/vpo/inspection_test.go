package main

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"testing"

	"vpo/internal/app"
	"vpo/internal/library"
)

// decoded is a document as a consumer reads it.
func decoded(t *testing.T, document any) map[string]any {
	t.Helper()
	encoded, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(encoded, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestInspectionDocument(t *testing.T) {
	t.Run("HasListsWhereThereIsNothing", func(t *testing.T) {
		got := decoded(t, newInspectionDocument(app.Inspection{Path: "/a\xff.mkv", SizeBytes: 5}))
		for _, name := range []string{"tracks", "chapters", "warnings"} {
			if list, ok := got[name].([]any); !ok || len(list) != 0 {
				t.Errorf("%s is %v", name, got[name])
			}
		}
		if tags, ok := got["tags"].(map[string]any); !ok || len(tags) != 0 {
			t.Errorf("tags is %v", got["tags"])
		}
		if got["file"] != `/a\xff.mkv` || got["duration_seconds"] != nil || got["size_bytes"] != 5.0 || got["container"] != "" {
			t.Errorf("got %v", got)
		}
	})
	t.Run("LeavesOutWhatIsUnknownOfATrack", func(t *testing.T) {
		track := decoded(t, newTrackDocument(library.Track{Index: 3, Type: library.TrackAudio, Codec: "aac", Language: "eng", Channels: 2}))
		want := []string{
			"channels", "codec", "is_commentary", "is_default", "is_forced", "is_hearing_impaired", "language", "track_index", "track_type",
		}
		if got := slices.Sorted(maps.Keys(track)); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
	// Whoever reads of a difference looks for the field in the document.
	t.Run("NamesItsFieldsAsDifferencesDo", func(t *testing.T) {
		film := blockbuster().Media
		film.Chapters[0].EndSeconds = 5
		none := library.Media{Chapters: []library.Chapter{{StartSeconds: 1}, {}}}
		for _, track := range film.Tracks {
			none.Tracks = append(none.Tracks, library.Track{Index: track.Index})
		}
		document := decoded(t, newInspectionDocument(app.Inspection{Media: film}))
		path := regexp.MustCompile(`^(\w+)(?:\[(\d)\])?(?:\.(\w+))?$`)
		for _, d := range library.Differences(film, none) {
			parts := path.FindStringSubmatch(d.Field)
			if parts == nil {
				t.Fatalf("%q is no path", d.Field)
			}
			value := document[parts[1]]
			if list, ok := value.([]any); ok {
				value = list[parts[2][0]-'0']
			}
			if inner, ok := value.(map[string]any); ok {
				value = inner[parts[3]]
			}
			if value == nil {
				t.Errorf("the document has no %s", d.Field)
			}
		}
	})
}

func TestComparisonDocument(t *testing.T) {
	t.Run("OfTheSameIsAnEmptyList", func(t *testing.T) {
		got := decoded(t, newComparisonDocument(app.Comparison{}))
		if list, ok := got["differences"].([]any); !ok || len(list) != 0 || got["same"] != true {
			t.Errorf("got %v", got)
		}
	})
	t.Run("HasNullForWhatOneDoesNotKnow", func(t *testing.T) {
		got := decoded(t, newComparisonDocument(app.Comparison{Differences: []library.Difference{{Field: "tracks[0].channels", A: 6}}}))
		difference := got["differences"].([]any)[0].(map[string]any)
		if got["same"] != false || difference["field"] != "tracks[0].channels" || difference["native"] != 6.0 || difference["ffprobe"] != nil {
			t.Errorf("got %v", got)
		}
		if _, there := difference["ffprobe"]; !there {
			t.Error("the unknown side is left out")
		}
	})
}
