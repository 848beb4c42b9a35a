package systemdtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
)

// load asks /health without a pause, over several connections at a time, and accounts for every request.
type load struct {
	stop chan struct{}
	done sync.WaitGroup

	mu       sync.Mutex
	answered map[int]int // by status
	refused  int         // no connection was made, so nothing was sent
	lost     []error     // anything else
}

// askers is how many ask at a time. Every second one uses a new connection for each request.
const askers = 8

func (m *machine) load() *load {
	l := &load{stop: make(chan struct{}), answered: map[int]int{}}
	for i := range askers {
		client := &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: m.dial, DisableKeepAlives: i%2 == 0}}
		l.done.Go(func() {
			defer client.CloseIdleConnections()
			for {
				select {
				case <-l.stop:
					return
				default:
					l.account(ask(client))
				}
			}
		})
	}
	return l
}

// ask returns the status of an answer that came whole.
func ask(client *http.Client) (int, error) {
	response, err := client.Get(here + "/health")
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && len(body) == 0 {
		err = errors.New("an answer without a body")
	}
	return response.StatusCode, err
}

func (l *load) account(code int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	dial, isNet := errors.AsType[*net.OpError](err)
	switch {
	case err == nil:
		l.answered[code]++
	case isNet && dial.Op == "dial" && (errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET)):
		l.refused++
	default:
		l.lost = append(l.lost, err)
	}
}

func (l *load) answers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	total := 0
	for _, n := range l.answered {
		total += n
	}
	return total
}

// end stops asking and fails the test where a request was lost.
func (l *load) end(t testing.TB) {
	t.Helper()
	close(l.stop)
	l.done.Wait()
	t.Log(l)
	if len(l.lost) > 0 {
		t.Errorf("%d requests were lost, the first: %v", len(l.lost), l.lost[0])
	}
	for code := range l.answered {
		if code != http.StatusOK && code != http.StatusServiceUnavailable {
			t.Errorf("the answer was %d", code)
		}
	}
}

func (l *load) String() string {
	return fmt.Sprintf("answers %v, refused %d, lost %d", l.answered, l.refused, len(l.lost))
}

// restarts restarts the daemon a few times, with requests before, during and after each.
func (m *machine) restarts(t testing.TB, l *load) {
	t.Helper()
	const between = 500 // answers
	for range 4 {
		before := l.answers()
		eventually(t, "requests are answered", func() bool { return l.answers() > before+between })
		m.run(t, "systemctl", "restart", "vpo.service")
	}
	before := l.answers()
	eventually(t, "requests are answered again", func() bool { return l.answers() > before+between })
}
