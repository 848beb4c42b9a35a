package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"vpo/internal/config"
	"vpo/internal/logging"
)

// Notices lists what is to be said of a valid configuration. A port under 1024 is no matter where it can be bound.
func Notices(ctx context.Context, settings *config.Settings) []config.Notice {
	var notices []config.Notice
	for _, notice := range settings.Notices {
		if notice.Key == config.PortKey && canBind(ctx, settings.Config.Server) {
			continue
		}
		notices = append(notices, notice)
	}
	return notices
}

// canBind tries whether this user may listen on the port. One that another process has could be bound but for that.
func canBind(ctx context.Context, server config.ServerConfig) bool {
	address := net.JoinHostPort(server.Bind, strconv.Itoa(server.Port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return !errors.Is(err, os.ErrPermission)
	}
	_ = listener.Close()
	return true
}

// openHTTP takes the sockets of systemd, or binds the configured address. Where both are there and disagree the sockets
// win, which is told once.
func (s *server) openHTTP(ctx context.Context) error {
	if err := s.http.Open(ctx); err != nil || !s.sockets.Passed() {
		return err
	}
	log := logging.Named(s.log, "vpo.http")
	if len(s.sockets.Unused) > 0 {
		log.Warn("sockets of systemd with other names are not served", "names", s.sockets.Unused)
	}
	server := s.settings.Config.Server
	configured := net.JoinHostPort(server.Bind, strconv.Itoa(server.Port))
	if !slices.Contains(strings.Split(s.http.Addr(), ", "), configured) {
		log.Log(ctx, s.disagreement(), "the socket of systemd is served, and server.bind and server.port are not used",
			"address", s.http.Addr(), "configured", configured)
	}
	return nil
}

// disagreement is a warning where a user has asked for the address that is not used.
func (s *server) disagreement() slog.Level {
	for _, value := range s.settings.Values {
		if (value.Key == "server.bind" || value.Key == config.PortKey) && value.Origin != "default" {
			return slog.LevelWarn
		}
	}
	return slog.LevelInfo
}
