package media_test

import (
	"strconv"
	"strings"
)

// paced are pictures at every rate in every container.
func paced() []sample {
	var samples []sample
	for _, stream := range paces() {
		for _, m := range []muxing{mkv, mp4, fragmented, avi, ts} {
			samples = append(samples, m.with(stream.name, ""))
		}
	}
	return samples
}

// spoken are files that name their languages and what their tracks are for.
func spoken() []sample {
	const (
		four      = "h264 aac ac3 mp3 opus"
		languages = "-metadata:s:a:0 language=ger -metadata:s:a:1 language=fra -metadata:s:a:2 language=por"
		titles    = " -metadata:s:v:0 title=Bild -metadata:s:a:0 title=Möwen -metadata:s:a:1 title=海"
		flags     = "-disposition:v:0 0 -disposition:a:0 default -disposition:a:1 comment -disposition:a:2 visual_impaired" +
			" -disposition:a:3 original+hearing_impaired"
		odd = "-metadata:s:a:0 language=pt-BR -metadata:s:a:1 language=de -metadata:s:a:2 language=zho -metadata:s:a:3 language=xyz"
	)
	var samples []sample
	for _, m := range []muxing{mkv, mp4, fragmented, quicktime, ts} {
		streams := four
		if m == quicktime {
			streams = strings.Replace(four, "opus", "alac.mka", 1)
		}
		samples = append(samples, m.with(streams, languages+titles).called("languages"), m.with(streams, flags).called("dispositions"),
			m.with(streams, odd).called("odd-languages"))
	}
	return append(samples,
		webm.with("vp9 opus vorbis", "-metadata:s:a:0 language=jpn -metadata:s:a:1 language=und -metadata:s:a:1 title=Comment").
			called("languages"),
		avi.with("mpeg4 mp3 ac3", "-metadata:s:a:0 language=ger -metadata:s:a:1 title=Kommentar").called("languages"),
		m2ts.with("h264 ac3 ac351", "-metadata:s:a:0 language=eng -metadata:s:a:1 language=deu").called("languages"),
	)
}

// titled are files with tags, chapters, covers and attachments.
func titled() []sample {
	const (
		tags     = "-metadata title=Ebbe -metadata artist=Küste -metadata date=2021 -metadata comment=x -metadata custom=y"
		chapters = "-i chapters.txt -map_metadata 1 -map 0 -c copy"
		fonts    = "-attach sea.ttf -metadata:s:t:0 mimetype=application/x-truetype-font" +
			" -attach waves.otf -metadata:s:t:1 mimetype=font/otf -attach notes.txt -metadata:s:t:2 mimetype=text/plain"
		cover = "-attach cover.jpg -metadata:s:t:0 mimetype=image/jpeg -attach cover.png -metadata:s:t:1 mimetype=image/png"
	)
	var samples []sample
	for _, m := range []muxing{mkv, mp4, faststart, fragmented, quicktime, avi, ts} {
		samples = append(samples, m.with("h264 aac", tags).called("tags"), m.made("chapters", "-i h264.nut "+chapters))
	}
	return append(samples,
		mkv.with("h264 aac", fonts).called("fonts"),
		mkv.with("h264 aac", cover).called("covers"),
		webm.made("chapters", "-i vp9.nut "+chapters),
		mp4.made("cover", "-i h264.nut -i aac.nut -i cover.jpg -map 0 -map 1 -map 2 -c copy -disposition:v:1 attached_pic"),
		mp4.made("cover-png", "-i h264.nut -i aac.nut -i cover.png -map 0 -map 1 -map 2 -c copy -disposition:v:1 attached_pic"),
		quicktime.with("h264 aac", tags+" -movflags use_metadata_tags").called("tags-mdta"),
		quicktime.with("h264 aac", "-timecode 01:02:03:04").called("timecode"),
		mp4.with("h264 aac", "-timecode 01:02:03:04").called("timecode"),
		ts.with("h264 aac", "-metadata service_name=Küste -metadata service_provider=NDR").called("service"),
	)
}

// arranged are files whose parts lie in unusual ways, or are unusual.
func arranged() []sample {
	const subtitles = "lines.srt styled.ass lines.vtt pictures.sup"
	many := "-i h264.nut -i aac.nut -map 0" + strings.Repeat(" -map 1", 40) + " -c copy"
	fragments := muxing{"MP4, fragmented", "frag", ".mp4", ""}
	return []sample{
		mkv.with("h264 "+subtitles, "-metadata:s:s:0 language=ger -disposition:s:1 forced -disposition:s:2 hearing_impaired").
			called("subtitles"),
		mkv.made("dvd-subtitles", "-i pictures.sup -i h264.nut -map 1 -map 0 -c:v copy -c:s dvdsub"),
		mkv.made("dvb-subtitles", "-i pictures.sup -i h264.nut -map 1 -map 0 -c:v copy -c:s dvbsub"),
		webm.with("vp9 lines.vtt", "").called("subtitles"),
		mp4.made("subtitles", "-i h264.nut -i lines.srt -map 0 -map 1 -map 1 -c:v copy -c:s mov_text -metadata:s:s:0 language=ger"+
			" -disposition:s:0 forced -disposition:s:1 hearing_impaired"),
		quicktime.made("subtitles", "-i h264.nut -i lines.srt -map 0 -map 1 -c:v copy -c:s mov_text"),
		ts.made("dvb-subtitles", "-i pictures.sup -i mpeg2.nut -map 1 -map 0 -c:v copy -c:s dvbsub -metadata:s:s:0 language=ger"),
		ts.with("h264 pictures.sup", "-metadata:s:s:0 language=fra").called("pgs"),
		m2ts.with("h264 pictures.sup", "").called("pgs"),
		mkv.made("many", many), mp4.made("many", many), ts.made("many", many),
		mkv.with("h264 aac", "-live 1").called("live"),
		mkv.with("h264 aac", "-cues_to_front 1 -reserve_index_space 4096").called("cues-first"),
		mkv.with("h264 aac", "-cluster_size_limit 1000 -write_crc32 0").called("small-clusters"),
		mkv.with("aac", "").called("sound-only"), mp4.with("aac", "").called("sound-only"),
		mkv.with("h264", "").called("silent"), avi.with("mpeg4", "").called("silent"), ts.with("h264", "").called("silent"),
		mp4.with("h264 hevc", "").called("two-pictures"), mkv.with("h264 hevc", "").called("two-pictures"),
		mp4.with("h264 aac", "-metadata:s:v:0 rotate=90").called("rotated"),
		quicktime.with("h264 aac", "-metadata:s:v:0 rotate=180").called("rotated"),
		quicktime.made("adpcm", "-i mpeg4sar.nut -i pcms16.nut -map 0 -map 1 -map 1 -c copy -c:a:0 adpcm_ms -c:a:1 adpcm_ima_wav"),
		mp4.with("hevc aac", "-tag:v hvc1").called("hvc1"),
		mp4.with("h264 aac", "-brand isom -movflags +disable_chpl -write_tmcd 0").called("plain"),
		mp4.with("h264 aac", "-video_track_timescale 90000 -movie_timescale 600").called("timescales"),
		mp4.with("h264 aac", "-ss 0.2").called("edited"), mkv.with("h264 aac", "-ss 0.2").called("edited"),
		quicktime.with("hevc aac", "-tag:v hvc1").called("hvc1"),
		fragments.with("h264 aac", "-movflags +dash+frag_keyframe+empty_moov+global_sidx").called("dash"),
		fragments.with("h264 aac", "-movflags +cmaf+frag_keyframe").called("cmaf"),
		fragments.with("h264 aac", "-movflags +empty_moov+separate_moof+frag_every_frame").called("many-fragments"),
		fragments.with("h264 aac", "-movflags +frag_custom+empty_moov").called("one-fragment"),
		ts.with("h264 aac", "-mpegts_flags +resend_headers+system_b").called("dvb"),
		ts.made("two-programs", "-i h264.nut -i aac.nut -i mpeg2.nut -i mp2.nut -map 0 -map 1 -map 2 -map 3 -c copy"+
			" -program title=A:st=0:st=1 -program title=B:st=2:st=3"),
		ts.made("late", "-i h264.nut -i aac.nut -map 0 -map 1 -c copy -output_ts_offset 95000"),
		avi.made("interleaved", "-i mpeg4.nut -i mp3.nut -map 1 -map 0 -c copy"),
	}
}

// bright are films in HDR. mkvmerge writes what the film's container tells of it, ffmpeg copies that to other containers.
func bright() []sample {
	const (
		copied = "-i merged-hdr.mkv -map 0 -c copy -strict unofficial"
		dolby  = "-i mp4-dolby.mp4 -map 0 -c copy -strict unofficial"
	)
	samples := []sample{
		mkv.made("hdr", copied).after(1),
		webm.made("hdr", "-i merged-hdr-vp9.mkv -map 0 -c copy").after(1),
		mp4.with("hevchdr aac", "-tag:v hvc1").called("dolby").patched(withDolbyVision),
	}
	for _, m := range []muxing{mp4, faststart, fragmented, quicktime, ts} {
		m.flags = strings.ReplaceAll(m.flags, "-strict -2", "")
		samples = append(samples, m.made("hdr", copied).after(1))
	}
	return append(samples, mkv.made("dolby", dolby).after(0), fragmented.made("dolby", dolby).after(0))
}

// long are films of two hours, whose pictures show nothing. Their headers are to cost no more than those of short ones.
func long() []sample {
	const hours = "-stream_loop 3599 -i still.nut -stream_loop 3599 -i silence.nut -map 0 -map 1 -c copy"
	samples := []sample{
		mkv.made("two-hours", hours), mp4.made("two-hours", hours), faststart.made("two-hours", hours),
		fragmented.made("two-hours", hours), avi.made("two-hours", hours), quicktime.made("two-hours", hours),
	}
	const minutes = 10 * 60 / 2
	return append(samples, ts.made("ten-minutes", strings.ReplaceAll(hours, "3599", strconv.Itoa(minutes-1))))
}

// foreign are files of containers that only ffprobe reads.
func foreign() []sample {
	return []sample{
		muxing{"FLV", "flv", ".flv", ""}.with("flv1 mp3", ""),
		muxing{"FLV", "flv", ".flv", ""}.with("h264 aac", ""),
		muxing{"MPEG-PS", "mpg", ".mpg", "-f vob"}.with("mpeg2 ac3", ""),
		muxing{"MPEG-PS", "mpg", ".mpg", ""}.with("mpeg1 mp2", ""),
		muxing{"ASF", "wmv", ".wmv", ""}.with("wmv2 wmav2.wma", ""),
		muxing{"Ogg", "ogv", ".ogv", ""}.with("theora vorbis", ""),
	}
}
