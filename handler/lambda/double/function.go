package double

import (
	"io"
	"sync"
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
	Emulator    bool          // warns every program before its end, as the emulator does and the platform does not
}

// A Function is a program and the environment it runs in. It is safe for concurrent use.
type Function struct {
	Config
	mu          sync.Mutex
	environment *environment
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
	f := &Function{Config: c}
	if _, err := f.ready(); err != nil {
		return nil, err
	}
	return f, nil
}

// ready returns an environment that lives: another, where the last one has ended.
func (f *Function) ready() (*environment, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.environment != nil {
		select {
		case <-f.environment.exited:
		default:
			return f.environment, nil
		}
	}
	e, err := startEnvironment(f.Config)
	if err == nil {
		f.environment = e
	}
	return e, err
}

func (f *Function) last() *environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.environment
}

// Pid is the process.
func (f *Function) Pid() int { return f.last().command.Process.Pid }

// Kill ends the environment without a warning, as the platform may at any time, and returns how the process
// ended.
func (f *Function) Kill() error { return f.last().kill() }

// Shutdown ends the environment as the platform does with one that nobody needs any more, and returns how
// the process ended: SIGTERM, and half a second later SIGKILL, for a program that asked for a warning by
// registering an extension, else SIGKILL at once.
func (f *Function) Shutdown() error { return f.last().shutdown() }
