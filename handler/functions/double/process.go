package double

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// process is the handler while it runs.
type process struct {
	command *exec.Cmd
	address string
	log     *log
	exited  chan struct{} // closed when it has ended
}

// spawn starts the handler on a free port, with the host's variables and the app settings around it.
func (a *App) spawn(settings map[string]string) (*process, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	p := &process{command: exec.Command(a.executable, a.arguments...), address: address, log: &log{}, exited: make(chan struct{})}
	id := newID()
	p.command.Dir = a.root
	p.command.Env = []string{
		"FUNCTIONS_CUSTOMHANDLER_PORT=" + port, "FUNCTIONS_HTTPWORKER_PORT=" + port,
		"FUNCTIONS_CUSTOMHANDLER_WORKER_ID=" + id, "FUNCTIONS_HTTPWORKER_ID=" + id,
		"FUNCTIONS_APP_ROOT_PATH=" + a.root,
	}
	for name, value := range settings {
		p.command.Env = append(p.command.Env, name+"="+value)
	}
	p.command.Stdout = &lines{log: p.log, level: func(string) Level { return Information }}
	p.command.Stderr = &lines{log: p.log, level: errorLevel}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.command.Wait() // how it ended is in ProcessState
		close(p.exited)
	}()
	return p, nil
}

const pollInterval = 25 * time.Millisecond

// await polls GET / until there is any answer.
func (p *process) await(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		select {
		case <-p.exited:
			return &Failure{ExitCode: p.command.ProcessState.ExitCode(), Log: p.log.copy()}
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("the handler did not answer GET / within %v", limit), p.kill())
		case <-time.After(pollInterval):
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/", nil)
		if err != nil {
			return err
		}
		if reply, err := http.DefaultTransport.RoundTrip(r); err == nil {
			return reply.Body.Close()
		}
	}
}

// kill ends the process as the host does: without asking.
func (p *process) kill() error {
	err := p.command.Process.Kill()
	<-p.exited
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// A Failure is a handler that ended before it was ready.
type Failure struct {
	ExitCode int
	Log      []Line
}

// Error implements error.
func (f *Failure) Error() string {
	return fmt.Sprintf("the handler exited %d before it was ready: %v", f.ExitCode, f.Log)
}

// A Level is how the host logs a line.
type Level string

// The levels of what a handler prints.
const (
	Information Level = "Information"
	Warning     Level = "Warning"
	Error       Level = "Error"
)

// errorLevel is the level of a line on standard error.
func errorLevel(text string) Level {
	if strings.Contains(strings.ToLower(text), "warn") {
		return Warning
	}
	return Error
}

// A Line is one line that the handler printed.
type Line struct {
	Level Level
	Text  string
}

// log is what the handler printed so far.
type log struct {
	mu    sync.Mutex
	lines []Line
}

func (l *log) copy() []Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Line(nil), l.lines...)
}

// lines cuts one output of the handler into lines.
type lines struct {
	log   *log
	level func(text string) Level
	rest  []byte
}

// Write implements io.Writer.
func (w *lines) Write(text []byte) (int, error) {
	w.rest = append(w.rest, text...)
	for {
		line, rest, ok := bytes.Cut(w.rest, []byte("\n"))
		if !ok {
			return len(text), nil
		}
		w.log.mu.Lock()
		w.log.lines = append(w.log.lines, Line{w.level(string(line)), string(line)})
		w.log.mu.Unlock()
		w.rest = rest
	}
}
