package main

import (
	"log/slog"

	"github.com/spf13/cobra"

	"vpo/internal/app"
	"vpo/internal/config"
)

func (c *cli) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the daemon in the foreground",
		Long: `Run the daemon in the foreground: it watches over the library and answers GET /health,
/livez and /readyz until SIGTERM or SIGINT (Ctrl-C) stops it in good order. SIGHUP reads the
configuration again.

It needs the database that 'vpo scan' makes, and creates none itself.

Exit codes: 0 a clean stop; 1 the start failed, or a vital service failed for good; 130 or 143
something was abandoned after SIGINT or SIGTERM, and the log names it.`,
		Example: `  vpo serve
  vpo serve --bind 0.0.0.0 --port 9000
  vpo serve --log-json --shutdown-timeout 10`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			code, err := app.Serve(app.Daemon{
				Version: versionText(),
				Load:    func() (*config.Settings, error) { return c.load(cmd) },
				Logger:  func(s *config.Settings) (*slog.Logger, *slog.LevelVar) { return c.logger(s) },
			})
			if code == exitOK {
				return err
			}
			return &outcome{code: code, err: err}
		},
	}
	addressFlags(cmd)
	cmd.Flags().String("shutdown-timeout", "30", "how long a stop may take, in seconds or as in 1m30s")
	return cmd
}

// addressFlags say where the daemon listens, or is asked.
func addressFlags(cmd *cobra.Command) {
	cmd.Flags().String("bind", "127.0.0.1", "IP address or host name of the daemon")
	cmd.Flags().StringP("port", "p", "8321", "TCP port of the daemon")
}
