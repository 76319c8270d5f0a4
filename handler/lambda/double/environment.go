package double

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// How long the platform waits: for the first question after the start, and between the two signals that end
// an environment.
const (
	initLimit     = 10 * time.Second
	shutdownGrace = 500 * time.Millisecond
)

// An environment is one process of the program.
type environment struct {
	Config
	command *exec.Cmd
	server  *http.Server
	queue   chan *invocation // taken by whichever loop of the program asks next
	asked   chan struct{}    // closed when the program asks for its first invocation
	askOnce sync.Once
	exited  chan struct{}
	exit    error // how the process ended, once exited is closed; nil for status 0

	mu         sync.Mutex
	running    map[string]*invocation
	extensions map[string]bool // by id: whether it waits for its next event
	waiting    bool            // the program waits for an invocation
	frozen     bool
	ending     bool
}

func startEnvironment(c Config) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	e := &environment{
		Config: c, queue: make(chan *invocation), asked: make(chan struct{}), exited: make(chan struct{}),
		running: map[string]*invocation{}, extensions: map[string]bool{},
	}
	e.server = &http.Server{Handler: e.api()}
	go func() { _ = e.server.Serve(listener) }() // ends with the process
	if err := e.startProcess(listener.Addr().String()); err != nil {
		return nil, errors.Join(err, e.server.Close())
	}
	select {
	case <-e.asked:
		return e, nil
	case <-e.exited:
		return nil, fmt.Errorf("the program ended before it asked for an invocation: %w", e.ended())
	case <-time.After(initLimit):
		_ = e.kill()
		return nil, fmt.Errorf("the program asked for no invocation within %v", initLimit)
	}
}

func (e *environment) startProcess(runtimeAPI string) error {
	e.command = exec.Command(e.Program)
	e.command.Dir = e.Folder
	e.command.Stdout, e.command.Stderr = e.Output, e.Output
	e.command.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI, "_HANDLER=" + handlerName, "LAMBDA_TASK_ROOT=" + e.Folder,
		"AWS_LAMBDA_FUNCTION_NAME=" + e.Name, "AWS_LAMBDA_FUNCTION_VERSION=" + version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "AWS_REGION=" + region, "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
	}, e.Environment...)
	if e.Concurrency > 1 {
		e.command.Env = append(e.command.Env, "AWS_LAMBDA_MAX_CONCURRENCY="+strconv.Itoa(e.Concurrency))
	}
	e.mu.Lock() // the program may ask before Start has returned
	err := e.command.Start()
	e.mu.Unlock()
	if err != nil {
		return err
	}
	go func() {
		e.exit = e.command.Wait()
		close(e.exited)
		_ = e.server.Close()
	}()
	return nil
}

// kill ends the process, frozen or not, and returns how it ended.
func (e *environment) kill() error {
	_ = e.command.Process.Kill() // it may have ended by itself
	<-e.exited
	return e.exit
}

// shutdown warns the process, if it is to be warned, and ends it.
func (e *environment) shutdown() error {
	if !e.warn() {
		return e.kill()
	}
	select {
	case <-e.exited:
		return e.exit
	case <-time.After(shutdownGrace):
		return e.kill()
	}
}

func (e *environment) warn() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.Emulator && len(e.extensions) == 0 {
		return false
	}
	e.ending = true
	_ = e.command.Process.Signal(syscall.SIGTERM)
	e.thaw()
	return true
}

// ended says how the process ended. It is for after that.
func (e *environment) ended() error {
	if e.exit != nil {
		return e.exit
	}
	return errors.New("exit status 0")
}

func (e *environment) exitError() *FunctionError {
	return &FunctionError{"Runtime.ExitError", "Error: Runtime exited with error: " + e.ended().Error()}
}
