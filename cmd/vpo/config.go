package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"vpo/internal/app"
)

func (c *cli) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check the configuration, or show what is in force and where it came from",
		Long: `Settings come from flags, then VPO_* variables, then the TOML file, then the defaults.

The file is --config, else $VPO_CONFIG_PATH, else the first of ~/.vpo/config.toml and
/etc/vpo/config.toml that exists.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.configCheckCommand(), c.configShowCommand())
	return cmd
}

func (c *cli) configCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check the configuration; exit 1 and name every problem where there is one",
		Example: `  vpo config check
  vpo config check --config /etc/vpo/config.toml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := c.load(cmd)
			if err != nil {
				return err
			}
			for _, notice := range app.Notices(cmd.Context(), settings) {
				fmt.Fprintf(c.stderr, "note: %s%s\n", notice.Message, details(notice.Attrs))
			}
			_, err = fmt.Fprintf(c.stdout, "configuration is valid (%s)\n", cmp.Or(settings.File, "no file, defaults"))
			return err
		},
	}
}

func (c *cli) configShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Print every value in force, and where it came from",
		Long:  "Print every value in force, and where it came from. Secrets are masked.",
		Example: `  vpo config show
  VPO_SERVER_PORT=9000 vpo config show`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := c.load(cmd)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
			for _, v := range settings.Values {
				fmt.Fprintf(w, "%s\t%s\t%s\n", v.Key, cmp.Or(v.Value, "-"), v.Origin)
			}
			return w.Flush()
		},
	}
}

// details shows what a notice is about.
func details(attrs []slog.Attr) string {
	var b strings.Builder
	for _, attr := range attrs {
		fmt.Fprintf(&b, "; %s: %s", attr.Key, strings.Trim(attr.Value.String(), "[]"))
	}
	return b.String()
}
