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

// spawn starts the handler at an address, with the host's variables and the app settings around it.
func (a *App) spawn(address string, settings map[string]string, j *journal) (*process, error) {
	command, err := a.command(settings)
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	id := newID()
	command.Env = []string{
		"FUNCTIONS_CUSTOMHANDLER_PORT=" + port, "FUNCTIONS_HTTPWORKER_PORT=" + port,
		"FUNCTIONS_CUSTOMHANDLER_WORKER_ID=" + id, "FUNCTIONS_HTTPWORKER_ID=" + id,
		"FUNCTIONS_APP_ROOT_PATH=" + a.root,
	}
	for name, value := range settings {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stdout = &lines{journal: j, level: func(string) Level { return Information }}
	command.Stderr = &lines{journal: j, level: errorLevel}
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command: command, address: address, journal: j, exited: make(chan struct{})}
	go func() {
		_ = command.Wait() // how it ended is in ProcessState
		close(p.exited)
	}()
	return p, nil
}

// exitCode is for after the end; -1 after a signal.
func (p *process) exitCode() int { return p.command.ProcessState.ExitCode() }

const pollInterval = 25 * time.Millisecond

// await polls GET / until there is any answer.
func (p *process) await(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		select {
		case <-p.exited:
			return &Failure{ExitCode: p.exitCode(), Log: p.journal.copy()}
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("the handler did not answer GET / within %v", limit), p.kill())
		case <-time.After(pollInterval):
		}
		if p.ping(ctx) == nil {
			return nil
		}
	}
}

// ping asks for GET /. Any answer is good.
func (p *process) ping(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+"/", nil)
	if err != nil {
		return err
	}
	reply, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return err
	}
	return reply.Body.Close()
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
