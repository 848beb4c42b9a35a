package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"vpo/internal/app"
)

func (c *cli) healthCommand() *cobra.Command {
	var timeout time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running daemon how it is; exit 0 healthy, 1 not",
		Long: `Ask the daemon at server.bind and server.port for its health. The exit code is 0 where it is
healthy and 1 in every other case: degraded, starting, shutting down, not running.

It serves a container's HEALTHCHECK, a unit's ExecStartPost and scripts, and needs no curl.`,
		Example: `  vpo health
  vpo health --port 9000 --timeout 2s
  vpo health --json | jq .checks`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if timeout <= 0 {
				return usageError(cmd, fmt.Errorf("--timeout is %v: use a duration above 0, such as 5s", timeout))
			}
			settings, err := c.load(cmd)
			if err != nil {
				return err
			}
			health, err := app.AskHealth(cmd.Context(), settings.Config.Server, timeout)
			if err != nil {
				return err
			}
			if asJSON {
				_, err = c.stdout.Write(health.JSON)
			} else {
				_, err = fmt.Fprintln(c.stdout, health)
			}
			if err == nil && !health.Healthy {
				return &outcome{code: exitFailure}
			}
			return err
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", 5*time.Second, "how long to wait for the answer")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the daemon's answer as it is")
	addressFlags(cmd)
	return cmd
}
