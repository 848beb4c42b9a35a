// Package config collects the configuration of vpo from its sources and says of every value where it came from.
//
// Flags go before the environment, the environment before the credentials of systemd, these before the TOML file, the
// file before the defaults. One table, keys,
// holds what there is to know of a key: its name in the file, its environment variable, how a value is read, which values
// are allowed, and where it lives in Config. Loading, validation and listing all follow that table.
//
// Load reads everything anew and keeps nothing, so that a reload is a second call; a Config is a plain value. What the
// user has to correct comes back as *Problems, all of it at once, each with its place.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"
)

// Config is the effective configuration.
type Config struct {
	// DataDir is the folder of the library and of the configuration file; absolute. It is empty where neither
	// VPO_DATA_DIR nor a home directory is known and the database was named directly.
	DataDir      string        `koanf:"data_dir"`
	DatabasePath string        `koanf:"database_path"` // absolute
	Server       ServerConfig  `koanf:"server"`
	Logging      LoggingConfig `koanf:"logging"`
	Tools        ToolsConfig   `koanf:"tools"`
}

// ServerConfig is what the daemon listens on and how it ends.
type ServerConfig struct {
	Bind            string        `koanf:"bind"` // IP address without brackets, or host name
	Port            int           `koanf:"port"` // 1 to 65535
	ShutdownTimeout time.Duration `koanf:"shutdown_timeout"`
	AuthToken       Secret        `koanf:"auth_token"` // "" for none
}

// LoggingConfig is what is logged and how.
type LoggingConfig struct {
	Level  slog.Level `koanf:"level"`
	Format string     `koanf:"format"` // "text" or "json"
}

// ToolsConfig is where other programs are.
type ToolsConfig struct {
	FFprobe string `koanf:"ffprobe"` // absolute path, or a name to look up on PATH; "" is the name ffprobe
}

// Default returns the configuration of a system on which nothing is set and the data directory is dataDir.
func Default(dataDir string) Config {
	return Config{
		DataDir:      dataDir,
		DatabasePath: filepath.Join(dataDir, "library.db"),
		Server:       ServerConfig{Bind: "127.0.0.1", Port: 8321, ShutdownTimeout: 30 * time.Second},
		Logging:      LoggingConfig{Level: slog.LevelInfo, Format: "text"},
	}
}

// Validate checks every field against the rule of its key. The error names all keys that break theirs. What Load returns
// is valid already.
func (c Config) Validate() error {
	var errs []error
	for _, k := range keys {
		if err := k.check(c); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", k.name, err))
		}
	}
	return errors.Join(errs...)
}
