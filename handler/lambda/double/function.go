package double

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// Config describes a function as its owner does. Only Program is required.
type Config struct {
	Program     string        // the file bootstrap
	Folder      string        // the unpacked package: the working directory
	Environment []string      // what the owner set; nothing else of our own environment gets there
	Name        string        // of the function
	Timeout     time.Duration // of an invocation; 3 s when zero, as the platform has it
	Concurrency int           // more than 1 on a managed instance, where a process runs several invocations
	Output      io.Writer     // what the process prints; nil drops it
}

// How long the platform waits: for the first question after the start, and between the two signals that end
// an environment.
const (
	initLimit     = 10 * time.Second
	shutdownGrace = 500 * time.Millisecond
)

// A Function is one environment with the program in it. It is safe for concurrent use.
type Function struct {
	Config
	command *exec.Cmd
	server  *http.Server
	queue   chan *invocation // taken by whichever loop of the program asks next
	asked   chan struct{}    // closed when the program asks for its first invocation
	askOnce sync.Once
	exited  chan struct{}
	exit    error // how the process ended, once exited is closed; nil for status 0

	mu      sync.Mutex
	running map[string]*invocation
}

// Start runs the program until it asks for its first invocation. A program that ends before is an error that
// wraps its *exec.ExitError.
func Start(c Config) (*Function, error) {
	if c.Timeout == 0 {
		c.Timeout = 3 * time.Second
	}
	if c.Name == "" {
		c.Name = "connector"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &Function{
		Config: c, queue: make(chan *invocation), asked: make(chan struct{}), exited: make(chan struct{}),
		running: map[string]*invocation{},
	}
	f.server = &http.Server{Handler: f.runtimeAPI()}
	go func() { _ = f.server.Serve(listener) }() // ends with the process
	if err := f.startProcess(listener.Addr().String()); err != nil {
		return nil, errors.Join(err, f.server.Close())
	}
	select {
	case <-f.asked:
		return f, nil
	case <-f.exited:
		return nil, fmt.Errorf("the program ended before it asked for an invocation: %w", f.ended())
	case <-time.After(initLimit):
		_ = f.Kill()
		return nil, fmt.Errorf("the program asked for no invocation within %v", initLimit)
	}
}

func (f *Function) startProcess(runtimeAPI string) error {
	f.command = exec.Command(f.Program)
	f.command.Dir = f.Folder
	f.command.Stdout, f.command.Stderr = f.Output, f.Output
	f.command.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + runtimeAPI, "_HANDLER=bootstrap", "LAMBDA_TASK_ROOT=" + f.Folder,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name, "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512", "AWS_REGION=" + region, "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
	}, f.Environment...)
	if f.Concurrency > 1 {
		f.command.Env = append(f.command.Env, "AWS_LAMBDA_MAX_CONCURRENCY="+strconv.Itoa(f.Concurrency))
	}
	if err := f.command.Start(); err != nil {
		return err
	}
	go func() {
		f.exit = f.command.Wait()
		close(f.exited)
		_ = f.server.Close()
	}()
	return nil
}

// Pid is the process.
func (f *Function) Pid() int { return f.command.Process.Pid }

// Kill ends the environment without a warning, as the platform may at any time, and returns how the process
// ended.
func (f *Function) Kill() error { return f.end(syscall.SIGKILL) }

// Shutdown ends the environment with SIGTERM, and with SIGKILL where that is not enough, and returns how the
// process ended. The platform does so for programs that ask for it, the emulator for all.
func (f *Function) Shutdown() error { return f.end(syscall.SIGTERM) }

func (f *Function) end(signal syscall.Signal) error {
	_ = f.command.Process.Signal(signal) // it may have ended by itself
	select {
	case <-f.exited:
	case <-time.After(shutdownGrace):
		_ = f.command.Process.Kill()
		<-f.exited
	}
	return f.exit
}

// ended says how the process ended. It is for after that.
func (f *Function) ended() error {
	if f.exit != nil {
		return f.exit
	}
	return errors.New("exit status 0")
}
