package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"vpo/internal/app"
	"vpo/internal/config"
	"vpo/internal/doctor"
)

func (c *cli) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check what the daemon needs, and print the command that mends what is wrong",
		Long: `Check what the daemon needs: the configuration, the unit of systemd and its user, the library and
the disk below it, the port, the media, the limits of the kernel. Below each check that is not
well stands the command that mends it. Nothing is changed.

Run it as root where the daemon is a service of systemd: then the settings are those of the
unit, and permissions those of its user. With --config, --db or a VPO_* variable they are your own.

Exit codes: 0 nothing failed, though there may be warnings; 1 something did.`,
		Example: `  sudo vpo doctor
  vpo doctor --db ~/.vpo/library.db
  vpo doctor --json | jq -r '.checks[] | select(.status == "fail") | .fix'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report := app.Examine(cmd.Context(), c.patient(cmd))
			if err := printReport(c.stdout, report, asJSON); err != nil {
				return err
			}
			if report.Status == doctor.Fail {
				return &outcome{code: exitFailure}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one object")
	return cmd
}

// patient is the daemon that this command line means.
func (c *cli) patient(cmd *cobra.Command) app.Patient {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // config says so where it needs one
	}
	named := slices.ContainsFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "VPO_") })
	return app.Patient{
		Load: func(env []string, home string) (*config.Settings, error) {
			return config.Load(config.Input{File: c.global.config, Env: env, Flags: setFlags(cmd), Home: home})
		},
		Environ:     os.Environ(),
		Home:        home,
		OwnSettings: named || c.global.config != "" || cmd.Flags().Changed("db"),
	}
}

// printReport prints a line a check, and below it what to do.
func printReport(w io.Writer, report doctor.Report, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(report)
	}
	var b strings.Builder
	for _, check := range report.Checks {
		fmt.Fprintf(&b, "%-5s %s: ", check.Status, check.Check)
		for line := range strings.Lines(check.Message) { // a configuration may have several problems
			b.WriteString(printable(strings.TrimSuffix(line, "\n")) + "\n")
		}
		for line := range strings.Lines(check.Fix) {
			b.WriteString("        " + printable(strings.TrimSuffix(line, "\n")) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
