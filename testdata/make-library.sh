#!/bin/sh
# Makes the small library in testdata/library again. The files are committed, so this is needed only to change them.
# Needs ffmpeg with libx264, libvpx-vp9, libopus and libmp3lame. Everything in the files is generated; nothing is filmed.
set -eu

cd "$(dirname "$0")"
rm -rf library
mkdir -p \
	"library/Films/The Lighthouse Keeper (2021)" \
	"library/Films/Harbour Lights (2019)" \
	"library/Films/Paper Boats (2017)" \
	"library/Films/Unfinished" \
	"library/Home Videos/1994" \
	"library/Home Videos/2023" \
	"library/Series/Tide Tables/Season 01"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
printf '1\n00:00:00,000 --> 00:00:00,900\nThe light is out.\n' >"$tmp/full.srt"
printf '1\n00:00:00,000 --> 00:00:00,900\n[distant horn]\n' >"$tmp/forced.srt"

# encode ARGUMENTS... : one second of a test picture is input 0, a quiet tone is input 1, further inputs follow.
encode() {
	ffmpeg -nostdin -hide_banner -loglevel error -y \
		-f lavfi -i testsrc=size=160x90:rate=24000/1001:duration=1 \
		-f lavfi -i sine=frequency=220:sample_rate=48000:duration=1 \
		"$@"
}
exact="-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact"
h264="-c:v libx264 -preset veryslow -crf 40 -pix_fmt yuv420p -threads 1"

# A film as a careful collector keeps it: two audio tracks, one forced subtitle track, languages, titles, colours, tags.
# shellcheck disable=SC2086
encode -i "$tmp/forced.srt" -map 0:v -map 1:a -map 1:a -map 2:s $exact $h264 \
	-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv \
	-c:a:0 ac3 -b:a:0 96k -ac:a:0 6 -c:a:1 aac -b:a:1 24k -ac:a:1 2 -c:s srt \
	-metadata title="The Lighthouse Keeper" -metadata DATE_RELEASED=2021 \
	-metadata:s:v:0 title="Main picture" \
	-metadata:s:a:0 language=eng -metadata:s:a:0 title="Surround 5.1" \
	-metadata:s:a:1 language=ger -metadata:s:a:1 title="Kommentar" \
	-metadata:s:s:0 language=fre -metadata:s:s:0 title="Forcés" \
	-disposition:v:0 default -disposition:a:0 default -disposition:a:1 0 -disposition:s:0 forced \
	"library/Films/The Lighthouse Keeper (2021)/The Lighthouse Keeper (2021).mkv"

# shellcheck disable=SC2086
encode -map 0:v -map 1:a $exact $h264 -c:a aac -b:a 24k -ac 2 -movflags +faststart \
	-metadata title="Harbour Lights" -metadata:s:a:0 language=spa \
	"library/Films/Harbour Lights (2019)/Harbour Lights (2019).mp4"

# shellcheck disable=SC2086
encode -map 0:v -map 1:a $exact -c:v libvpx-vp9 -pix_fmt yuv420p -b:v 20k -deadline good -cpu-used 4 -threads 1 -c:a libopus -b:a 16k \
	-metadata title="Paper Boats" -metadata:s:a:0 language=jpn \
	"library/Films/Paper Boats (2017)/Paper Boats (2017).webm"

# An old camera's file: a name in capitals, no language, no title.
# shellcheck disable=SC2086
encode -map 0:v -map 1:a $exact -c:v mpeg4 -pix_fmt yuv420p -q:v 31 -c:a libmp3lame -b:a 32k -ac 1 \
	"library/Home Videos/1994/HARBOUR.AVI"

# shellcheck disable=SC2086
encode -map 0:v -map 1:a $exact $h264 -c:a pcm_s16le -ar 8000 -ac 1 \
	"library/Home Videos/2023/IMG_0042.MOV"

for n in 1 2; do
	# shellcheck disable=SC2086
	encode -i "$tmp/full.srt" -map 0:v -map 1:a -map 2:s $exact $h264 -c:a aac -b:a 24k -ac 2 -c:s srt \
		-metadata title="Tide Tables, part $n" \
		-metadata:s:a:0 language=eng -metadata:s:s:0 language=eng -metadata:s:s:0 title="English" \
		-disposition:v:0 default -disposition:a:0 default -disposition:s:0 0 \
		"library/Series/Tide Tables/Season 01/Tide Tables - S01E0$n.mkv"
done

# A broken one: the name of a film, and text inside.
awk 'BEGIN { for (i = 0; i < 100; i++) print "this download never finished" }' \
	>"library/Films/Unfinished/Unfinished (2020).mkv"

du -sb library
