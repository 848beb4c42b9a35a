package main

import (
	"cmp"
	"fmt"
)

// perSecond is a speed in files: "0.4/s", "104/s".
func perSecond(files float64) string {
	if files < 10 {
		return fmt.Sprintf("%.1f/s", files)
	}
	return fmt.Sprintf("%.0f/s", files)
}

// size is a number of bytes in powers of ten, as disks are sold: "812 B", "1.2 MB", "14.2 GB".
func size(bytes int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB", "PB", "EB"}
	n, unit := float64(bytes), 0
	for n >= 999.5 && unit < len(units)-1 {
		n, unit = n/1000, unit+1
	}
	if unit == 0 || n >= 99.95 {
		return fmt.Sprintf("%.0f %s", n, units[unit])
	}
	return fmt.Sprintf("%.1f %s", n, units[unit])
}

// clock is a time in seconds as players show it: "0:08", "2:35:22".
func clock(seconds float64) string {
	if !(seconds < 1e9) { // more than thirty years, or no number
		return "?"
	}
	s := int(seconds + 0.5)
	hours, minutes := s/3600, s/60%60
	if hours == 0 {
		return fmt.Sprintf("%d:%02d", minutes, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", hours, minutes, s%60)
}

// orUnknown stands for what nobody has told.
func orUnknown(s string) string { return cmp.Or(s, "unknown") }

// length is a duration in seconds for a header: "0.8 s", "2:35:22".
func length(seconds float64) string {
	if seconds < 60 {
		return fmt.Sprintf("%.1f s", seconds)
	}
	return clock(seconds)
}

// bitRate is a number of bits a second: "192 kbit/s", "12.2 Mbit/s".
func bitRate(bits float64) string {
	switch {
	case bits < 999.5e3:
		return fmt.Sprintf("%.0f kbit/s", bits/1e3)
	case bits < 99.95e6:
		return fmt.Sprintf("%.1f Mbit/s", bits/1e6)
	}
	return fmt.Sprintf("%.0f Mbit/s", bits/1e6)
}
