package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vpo/internal/app"
	"vpo/internal/config"
	"vpo/internal/logging"
)

// globalFlags are the flags that every command takes.
type globalFlags struct {
	config string
}

func (g *globalFlags) register(flags *pflag.FlagSet) {
	flags.StringVarP(&g.config, "config", "c", "", "configuration file (default $VPO_CONFIG_PATH, ~/.vpo/config.toml, /etc/vpo/config.toml)")
	flags.String("db", "", "database file (default ~/.vpo/library.db)")
	flags.String("log-level", "info", "debug, info, warning or error")
	flags.String("log-format", "text", "text or json")
	flags.Bool("log-json", false, "the same as --log-format json")
}

// checkGlobalFlags refuses a wrong value of a flag that every command takes. It is for commands that read no configuration;
// the others report it with everything else that is wrong.
func checkGlobalFlags(cmd *cobra.Command, _ []string) error {
	for _, flag := range setFlags(cmd) {
		if err := config.CheckFlag(flag); err != nil {
			return usageError(cmd, fmt.Errorf("flag %s: %w", flag.Name, err))
		}
	}
	return nil
}

// configKeys says which configuration key a flag sets.
var configKeys = map[string]string{
	"db":               "database_path",
	"log-level":        "logging.level",
	"log-format":       "logging.format",
	"bind":             "server.bind",
	"port":             "server.port",
	"shutdown-timeout": "server.shutdown_timeout",
}

// setFlags lists the flags that the user gave and that set a configuration key.
func setFlags(cmd *cobra.Command) []config.Flag {
	var set []config.Flag
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if key, ok := configKeys[f.Name]; ok {
			set = append(set, config.Flag{Name: "--" + f.Name, Key: key, Value: f.Value.String()})
		}
	})
	if json, _ := cmd.Flags().GetBool("log-json"); json {
		set = append(set, config.Flag{Name: "--log-json", Key: configKeys["log-format"], Value: "json"})
	}
	return set
}

// load reads the configuration as this command line, the environment and the file have it.
func (c *cli) load(cmd *cobra.Command) (*config.Settings, error) {
	for _, flag := range setFlags(cmd) { // so that what is wrong with the configuration comes in this format, too
		c.logJSON = c.logJSON || (flag.Key == configKeys["log-format"] && flag.Value == "json")
	}
	return config.Load(c.input(cmd))
}

// input is what the configuration is read from.
func (c *cli) input(cmd *cobra.Command) config.Input {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // config says so where it needs one
	}
	return config.Input{
		File: c.global.config, Env: os.Environ(), Credential: c.credentials, Flags: setFlags(cmd), Home: home,
	}
}

// logger is the logger that the settings ask for, and the level that a reload changes.
func (c *cli) logger(s *config.Settings) (*slog.Logger, *slog.LevelVar) {
	return c.loggerTo(c.stderr, s)
}

// loggerTo is a logger that writes to what stands for stderr.
func (c *cli) loggerTo(stderr io.Writer, s *config.Settings) (*slog.Logger, *slog.LevelVar) {
	level := new(slog.LevelVar)
	level.Set(s.Config.Logging.Level)
	c.logJSON = s.Config.Logging.Format == "json"
	return logging.New(stderr, logging.Options{Level: level, Format: s.Config.Logging.Format, Journal: c.logJournal}), level
}

// notices logs what the configuration has to say, once.
func notices(ctx context.Context, log *slog.Logger, s *config.Settings) {
	for _, n := range app.Notices(ctx, s) {
		logging.Named(log, "vpo.config").LogAttrs(ctx, n.Level, n.Message, n.Attrs...) //nolint:sloglint // constant where the notice is made
	}
}
