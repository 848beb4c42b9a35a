package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vpo/configs"
)

func (c *cli) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write the manual pages of all commands and of the configuration file into a folder",
		Hidden:  true, // for packages; whoever has one has the pages
		Args:    exactArgs(1, "the folder"),
		PreRunE: checkGlobalFlags,
		RunE: func(cmd *cobra.Command, args []string) error {
			date, err := manDate(os.Getenv("SOURCE_DATE_EPOCH"))
			if err != nil {
				return err
			}
			return writeManual(args[0], manual{root: cmd.Root(), date: date, version: versionText()})
		},
	}
}

// manDate is the day that the pages bear: the one of https://reproducible-builds.org/specs/source-date-epoch/, else none, so
// that they are the same whenever they are made.
func manDate(epoch string) (string, error) {
	if epoch == "" {
		return "", nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return "", fmt.Errorf("read SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
}

// manual is what the pages are made of.
type manual struct {
	root          *cobra.Command
	date, version string
}

// writeManual makes a page of section 1 for each command, and vpo.toml(5).
func writeManual(folder string, m manual) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("write manual: %w", err)
	}
	pages := map[string]string{"vpo.toml.5": m.configuration(configs.Reference)}
	m.collect(m.root, pages)
	for name, page := range pages {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(page), 0o644); err != nil {
			return fmt.Errorf("write manual: %w", err)
		}
	}
	return nil
}

func (m manual) collect(cmd *cobra.Command, pages map[string]string) {
	pages[pageName(cmd)+".1"] = m.command(cmd)
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() { // no hidden ones
			m.collect(sub, pages)
		}
	}
}

// pageName is "vpo-config-check" for "vpo config check".
func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// command is the page of a command.
func (m manual) command(cmd *cobra.Command) string {
	var p roff
	p.title(pageName(cmd), 1, m)
	p.section("NAME")
	p.line(escapeRoff(pageName(cmd)) + ` \- ` + escapeRoff(cmd.Short))
	p.section("SYNOPSIS")
	p.line(`\fB` + escapeRoff(cmd.CommandPath()) + `\fR` + escapeRoff(strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath())))
	p.section("DESCRIPTION")
	p.text(firstOf(cmd.Long, cmd.Short+"."))
	p.flags("OPTIONS", cmd.NonInheritedFlags())
	p.flags("OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if cmd.Example != "" {
		p.section("EXAMPLES")
		p.text(cmd.Example)
	}
	p.section("SEE ALSO")
	p.line(strings.Join(related(cmd), ",\n"))
	return p.String()
}

func firstOf(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// related are the pages of the commands above and below, and of the configuration.
func related(cmd *cobra.Command) []string {
	var all []string
	if cmd.HasParent() {
		all = append(all, reference(pageName(cmd.Parent()), 1))
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			all = append(all, reference(pageName(sub), 1))
		}
	}
	return append(all, reference("vpo.toml", 5))
}

func reference(page string, section int) string {
	return fmt.Sprintf(`\fB%s\fR(%d)`, escapeRoff(page), section)
}

// flags lists flags with what they do.
func (r *roff) flags(heading string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	r.section(heading)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		kind, usage := pflag.UnquoteUsage(f)
		name := `\fB` + escapeRoff("--"+f.Name) + `\fR`
		if f.Shorthand != "" {
			name = `\fB` + escapeRoff("-"+f.Shorthand) + `\fR, ` + name
		}
		if kind != "" {
			name += ` \fI` + escapeRoff(kind) + `\fR`
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" && f.DefValue != "0" {
			usage += " (default " + f.DefValue + ")"
		}
		r.entry(name, usage)
	})
}

// configuration is the page of the configuration file, made of the comments of the reference file: a block of text, then the
// line of a key or of a table.
func (m manual) configuration(reference string) string {
	var p roff
	p.title("vpo.toml", 5, m)
	p.section("NAME")
	p.line(`vpo.toml \- configuration of vpo`)
	p.section("DESCRIPTION")
	_, reference, _ = strings.Cut(reference, "\n") // the heading of the file; the page has its own
	for block := range strings.SplitSeq(reference, "\n\n") {
		p.block(block)
	}
	p.section("FILES")
	p.line(`\fI/etc/vpo/config.toml\fR, \fI~/.vpo/config.toml\fR`)
	p.section("SEE ALSO")
	p.line(strings.Join([]string{
		`\fBvpo\fR(1)`, `\fBvpo\-config\-check\fR(1)`, `\fBvpo\-config\-show\fR(1)`,
	}, ",\n"))
	return p.String()
}

// block is what stands between two empty lines of the reference file.
func (r *roff) block(block string) {
	var text []string
	for line := range strings.Lines(block) {
		line = strings.TrimRight(line, "\n")
		comment, isText := strings.CutPrefix(line, "# ")
		switch {
		case isText && strings.Trim(comment, "-") == "": // a rule
		case isText:
			text = append(text, comment)
		case line == "#":
			text = append(text, "")
		case strings.HasPrefix(line, "["):
			r.section(strings.ToUpper("table " + line))
		case strings.HasPrefix(line, "#"): // a key that is commented out
			r.entry(`\fB`+escapeRoff(line[1:])+`\fR`, strings.Join(text, "\n"))
			text = nil
		}
	}
	if len(text) > 0 {
		r.text(strings.Join(text, "\n"))
	}
}
