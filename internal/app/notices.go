package app

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"

	"vpo/internal/config"
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
