package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpo/internal/config"
	"vpo/internal/logging"
	"vpo/internal/services"
)

// host is what the service manager gives to this process.
type host struct {
	notifier *services.Notifier
	interval time.Duration // of the watchdog; 0 for none
	sockets  services.Sockets
}

// takeHost reads what systemd has put into the environment. A wrong variable is an error, and systemd is told all the
// same where it can be.
func takeHost() (host, error) {
	notify, notifyErr := services.TakeNotify()
	sockets, socketsErr := services.TakeSockets()
	return host{
		notifier: services.NewNotifier(notify, slog.New(slog.DiscardHandler)),
		interval: notify.Interval,
		sockets:  sockets,
	}, errors.Join(notifyErr, socketsErr)
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
