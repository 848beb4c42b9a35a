// Command vpo catalogues a video library, watches over it, and tells the truth about its own health.
//
// Each command is one small file: it parses its flags, calls internal/app, and prints. Exit codes are decided in exit.go
// alone.
package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"vpo/internal/logging"
)

func main() { os.Exit(run(os.Args[1:])) }

// run executes one command line and returns its exit code.
func run(args []string) int {
	c := &cli{stdout: os.Stdout, stderr: os.Stderr}
	c.credentials = takeCredentials()
	c.logJournal = logging.IsJournal(c.stderr, os.Getenv("JOURNAL_STREAM"))
	root := c.rootCommand()
	root.SetArgs(args)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	err := withHint(root, root.ExecuteContext(context.Background()))
	c.report(err)
	return exitCode(err)
}

// takeCredentials returns the folder of the credentials and removes its name from the environment: what vpo starts needs
// no secrets.
func takeCredentials() string {
	const variable = "CREDENTIALS_DIRECTORY"
	folder := os.Getenv(variable)
	_ = os.Unsetenv(variable) // fails for an empty name alone
	if !filepath.IsAbs(folder) {
		return ""
	}
	return folder
}

// cli is what the commands share: where they print, and the flags that every command takes.
type cli struct {
	stdout, stderr *os.File
	global         globalFlags
	credentials    string // folder of the credentials of systemd; "" for none
	logJSON        bool   // what is reported goes out as a JSON log line
	logJournal     bool   // ... or as a line for the journal
}

func (c *cli) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "vpo",
		Short: "Catalogue a video library and keep watch over it",
		Long: `vpo (video policy orchestrator) keeps a catalogue of a video library for people who run a
home media server. It reads the files and never changes them; what it learns goes into one
SQLite database, ~/.vpo/library.db.

Start with a scan, then leave the daemon running:

  vpo scan /srv/films /srv/series
  vpo serve
  vpo health`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.global.register(root.PersistentFlags())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError(cmd, err)
	})
	root.AddCommand(
		c.scanCommand(), c.inspectCommand(), c.serveCommand(), c.healthCommand(), c.reloadCommand(), c.configCommand(),
		c.doctorCommand(), c.versionCommand(), c.completionCommand(), c.manCommand(),
	)
	for _, cmd := range root.Commands() {
		_ = cmd.RegisterFlagCompletionFunc("log-level", fixed("debug", "info", "warning", "error"))
	}
	_ = root.RegisterFlagCompletionFunc("log-level", fixed("debug", "info", "warning", "error"))
	_ = root.RegisterFlagCompletionFunc("log-format", fixed("text", "json"))
	_ = root.MarkPersistentFlagFilename("config", "toml")
	_ = root.MarkPersistentFlagFilename("db", "db")
	return root
}

// fixed completes a flag with one of a few words.
func fixed(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// programName is how the user called the program, for messages that show a command to type.
func programName() string { return filepath.Base(os.Args[0]) }
