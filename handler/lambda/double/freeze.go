package double

import "syscall"

// rest freezes the process once it waits for an invocation, and each of its extensions for an event: nothing
// in it goes on, and its clocks jump. A managed instance is never frozen.
func (e *environment) rest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.waiting || e.ending || e.Concurrency > 1 {
		return
	}
	for _, waits := range e.extensions {
		if !waits {
			return
		}
	}
	e.frozen = e.command.Process.Signal(syscall.SIGSTOP) == nil
}

// wait notes that the program waits for an invocation.
func (e *environment) wait() {
	e.mu.Lock()
	e.waiting = true
	e.mu.Unlock()
	e.rest()
}

// wake lets the process go on, for an invocation.
func (e *environment) wake() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waiting = false
	e.thaw()
}

// thaw is for holders of the lock.
func (e *environment) thaw() {
	if e.frozen {
		_ = e.command.Process.Signal(syscall.SIGCONT)
	}
	e.frozen = false
}
