package media

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"vpo/internal/library"
)

const (
	// defaultTimeout is long, because a disk may have to spin up and a network share to answer.
	defaultTimeout = 60 * time.Second
	// waitDelay is how long a process that has ended, or was killed, may keep its pipes open.
	waitDelay = time.Second

	maxOutput = 8 << 20 // bytes; a file with 1,000 tracks needs less than 1 MiB
	maxStderr = 4 << 10 // bytes

	// defaultMemory is beyond what any film needs: ffprobe takes some 40 MiB, and a few decoded pictures at most, which
	// are 100 MiB each where a film has 8K in 10 bits.
	defaultMemory = 1 << 30 // bytes
)

var (
	errTooSlow = errors.New("ffprobe did not finish in time")
	errTooLong = fmt.Errorf("ffprobe wrote more than %d MiB", maxOutput>>20)
)

// entries are the parts of ffprobe's answer that parse reads.
const entries = "format=format_name,duration:format_tags" +
	":stream=index,codec_type,codec_name,profile,duration,channels,channel_layout,sample_rate,bits_per_sample," +
	"bits_per_raw_sample,width,height,sample_aspect_ratio,pix_fmt,r_frame_rate,avg_frame_rate," +
	"color_transfer,color_primaries,color_space,color_range" +
	":stream_tags=language,title,filename,mimetype" +
	":stream_disposition=default,forced,hearing_impaired,comment" +
	":stream_side_data_list:stream_side_data" +
	":chapter=start_time,end_time:chapter_tags=title"

// FFprobe examines files with the ffprobe program. It keeps nothing between calls, which may run at the same time.
type FFprobe struct {
	Path    string        // of the program, see FindFFprobe
	Timeout time.Duration // for one file; 0 means a minute
	Memory  uint64        // bytes that the process may allocate; 0 means 1 GiB
}

// Probe returns what the file at path holds. The error says in one line, without the path, what is wrong with the file;
// it wraps library.ErrProberUnavailable where ffprobe could not be started, and the cause of ctx where that has ended.
// When Probe returns, ffprobe and the processes that it started have ended, or were killed.
func (p FFprobe) Probe(ctx context.Context, path string) (library.Media, error) {
	output, err := p.run(ctx, path)
	if err != nil {
		return library.Media{}, err
	}
	return parse(output)
}

// run returns what ffprobe writes about the file at path.
func (p FFprobe) run(parent context.Context, path string) ([]byte, error) {
	timeout := p.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	ctx, stop := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("%w (%v)", errTooSlow, timeout))
	defer stop()

	stdout := &limited{limit: maxOutput, overflow: func() { cancel(errTooLong) }}
	stderr := &tail{limit: maxStderr}
	input := "file:" + path
	cmd := p.command(ctx, input)
	cmd.Stdout, cmd.Stderr = stdout, stderr

	if err := cmd.Start(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%w: %w", library.ErrProberUnavailable, err)
	}
	limitMemory(cmd.Process, p.Memory)
	if err := cmd.Wait(); err != nil {
		// Whatever ended the process, some that it started may still be there.
		_ = killGroup(cmd.Process)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, failure(err, stderr.String(), input)
	}
	return stdout.data, nil
}

// command builds the call. The prefix "file:" and the white list keep names such as "-v" and "http:x.mkv", and playlists
// in disguise, from meaning anything but a local file.
func (p FFprobe) command(ctx context.Context, input string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.Path, "-v", "error", "-print_format", "json=compact=1",
		"-show_entries", entries, "-protocol_whitelist", "file", "-i", input)
	cmd.Env = environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a group of its own, so that it can be killed with its children
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = waitDelay
	return cmd
}

// killGroup kills the process and all that it has started.
func killGroup(process *os.Process) error {
	err := syscall.Kill(-process.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}

// environment passes on what a program needs to be found and loaded, and nothing of what this one was told.
func environment() []string {
	env := []string{"LC_ALL=C", "AV_LOG_FORCE_NOCOLOR=1"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// failure makes one line for people out of a process that ended with err and what it wrote to stderr.
func failure(err error, stderr, input string) error {
	if why := reason(stderr, input); why != "" {
		return fmt.Errorf("ffprobe: %s", why)
	}
	return fmt.Errorf("ffprobe: %w", err)
}

// reason finds what ffprobe's complaint says. Its last line is the verdict ("Invalid data found when processing input"),
// the one before it the detail, marked with its origin ("[mov,mp4 @ 0x55d] moov atom not found").
func reason(stderr, input string) string {
	stderr = strings.ReplaceAll(stderr, input+": ", "")
	stderr = strings.ReplaceAll(stderr, input, "the file")
	var verdict, detail string
	for line := range strings.Lines(stderr) {
		if line = oneLine(withoutOrigin(line)); line != "" {
			verdict, detail = line, verdict
		}
	}
	if detail == "" || detail == verdict {
		return verdict
	}
	return verdict + " (" + detail + ")"
}

// withoutOrigin cuts the "[demuxer @ 0xaddress] " that libav puts before a message.
func withoutOrigin(line string) string {
	if origin, message, ok := strings.Cut(line, "] "); ok && strings.HasPrefix(origin, "[") {
		return message
	}
	return line
}
