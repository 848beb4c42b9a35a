package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"vpo/internal/app"
	"vpo/internal/config"
)

func (c *cli) reloadCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "reload",
		Short: "Let a running daemon read its configuration again, and tell what came of it",
		Long: `Let the daemon of this library read its configuration again, and wait for the outcome. What
changed is printed, and what takes effect after a restart only. The exit code is 1 where the new
configuration is refused, with every problem of it: the daemon goes on with the one it has.

The daemon is found by its library, so give --db or --config where it was given them. Only the
user that runs the daemon, and root, may ask. SIGHUP does the same without an answer.`,
		Example: `  vpo reload
  vpo reload --db /var/lib/vpo/library.db
  ExecReload=/usr/bin/vpo reload`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if timeout <= 0 {
				return usageError(cmd, fmt.Errorf("--timeout is %v: use a duration above 0, such as 10s", timeout))
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			return c.reload(ctx, cmd)
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 10*time.Second, "how long to wait for the outcome")
	return cmd
}

// reload asks the daemon even where the configuration is broken: it has to hear of that, too, so that it shows in its health.
func (c *cli) reload(ctx context.Context, cmd *cobra.Command) error {
	settings, broken := c.load(cmd)
	database := config.DatabasePath(c.input(cmd))
	if broken == nil {
		database = settings.Config.DatabasePath
	}
	if database == "" {
		_ = hangUp() // the problem itself is reported whatever comes of it
		return broken
	}
	text, err := app.Reload(ctx, database)
	if errors.Is(err, app.ErrNoDaemon) && hangUp() {
		text, err = "the daemon was sent SIGHUP, which has no answer: its log has what came of it", broken
	}
	if errors.Is(err, app.ErrNoDaemon) && broken != nil {
		err = broken
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.stdout, text)
	return err
}

// hangUp sends SIGHUP to the daemon for whose ExecReload= this process was started (systemd.exec(5), $MAINPID), and tells
// whether there is one. systemd knows its daemon where the library does not lead to it: nothing can be read of the
// configuration, or it names another library, for which the daemon has to be restarted.
func hangUp() bool {
	pid, err := strconv.Atoi(os.Getenv("MAINPID"))
	return err == nil && pid > 1 && syscall.Kill(pid, syscall.SIGHUP) == nil
}
