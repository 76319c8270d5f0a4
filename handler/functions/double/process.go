package double

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// process is the handler while it runs.
type process struct {
	command *exec.Cmd
	address string
	journal *journal
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
	p := &process{command: exec.Command(a.executable, a.arguments...), address: address, journal: &journal{}, exited: make(chan struct{})}
	id := newID()
	p.command.Dir, p.command.WaitDelay = a.root, time.Second
	p.command.Env = []string{
		"FUNCTIONS_CUSTOMHANDLER_PORT=" + port, "FUNCTIONS_HTTPWORKER_PORT=" + port,
		"FUNCTIONS_CUSTOMHANDLER_WORKER_ID=" + id, "FUNCTIONS_HTTPWORKER_ID=" + id,
		"FUNCTIONS_APP_ROOT_PATH=" + a.root,
	}
	for name, value := range settings {
		p.command.Env = append(p.command.Env, name+"="+value)
	}
	p.command.Stdout = &lines{journal: p.journal, level: func(string) Level { return Information }}
	p.command.Stderr = &lines{journal: p.journal, level: errorLevel}
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
	transport := &http.Transport{DisableKeepAlives: true}
	for {
		select {
		case <-p.exited:
			return &Failure{ExitCode: p.command.ProcessState.ExitCode(), Log: p.journal.copy()}
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("the handler did not answer GET / within %v", limit), p.kill())
		case <-time.After(pollInterval):
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/", nil)
		if err != nil {
			return err
		}
		if reply, err := transport.RoundTrip(r); err == nil {
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
