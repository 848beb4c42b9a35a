package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"vpo/internal/app"
	"vpo/internal/config"
)

func (c *cli) inspectCommand() *cobra.Command {
	var asJSON, compare bool
	cmd := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Tell what one video file holds",
		Long: `Tell what one video file holds: its container, its tracks, its chapters and its tags. The file is
read and never changed, and no library is needed.

With --compare-ffprobe the file is read twice, by this program and by ffprobe, and what differs is
listed. The exit code is 0 where nothing does and 1 where something does.`,
		Example: `  vpo inspect film.mkv
  vpo inspect film.mkv --json | jq '.tracks[] | select(.track_type == "audio") | .language'
  vpo inspect film.mkv --compare-ffprobe`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := exactArgs(1, "the video file")(cmd, args); err != nil {
				return err
			}
			if args[0] == "" {
				return usageError(cmd, errors.New("the name of the file is empty; is a variable not set?"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			settings, err := c.load(cmd)
			if err != nil {
				return err
			}
			if compare {
				return c.compare(ctx, settings, args[0], asJSON)
			}
			return c.inspect(ctx, settings, args[0], asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&compare, "compare-ffprobe", false, "read it with ffprobe, too, and list what differs")
	return cmd
}

func (c *cli) inspect(ctx context.Context, settings *config.Settings, name string, asJSON bool) error {
	inspection, err := app.Inspect(ctx, settings, name)
	if err != nil {
		return interrupted(ctx, err)
	}
	if asJSON {
		return c.printJSON(newInspectionDocument(inspection))
	}
	t := newTerminal(c.stdout, os.Getenv)
	_, err = fmt.Fprint(c.stdout, newPage(t, t.width()).inspection(inspection))
	return err
}

func (c *cli) compare(ctx context.Context, settings *config.Settings, name string, asJSON bool) error {
	comparison, err := app.CompareReaders(ctx, settings, name)
	if err != nil {
		return interrupted(ctx, err)
	}
	if asJSON {
		err = c.printJSON(newComparisonDocument(comparison))
	} else {
		t := newTerminal(c.stdout, os.Getenv)
		_, err = fmt.Fprint(c.stdout, newPage(t, t.width()).comparison(comparison))
	}
	if err == nil && len(comparison.Differences) > 0 {
		return &outcome{code: exitFailure}
	}
	return err
}

// printJSON prints one object, for people who look at it, too.
func (c *cli) printJSON(document any) error {
	encoder := newEncoder(c.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}
