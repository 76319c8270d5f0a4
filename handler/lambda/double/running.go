package double

import (
	"fmt"
	"time"
)

// begin notes that the program has an invocation: its time runs from now on.
func (e *environment) begin(i *invocation) (deadline time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.running[i.id] = i
	i.expiry = time.AfterFunc(e.Timeout, func() { e.expire(i) })
	return time.Now().Add(e.Timeout)
}

// answering returns the invocation that the program begins to answer, nil when there is none of that id or
// it has its answer.
func (e *environment) answering(id string) *invocation {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := e.running[id]
	if i == nil || i.answered {
		return nil
	}
	i.answered = true
	return i
}

// complete notes that an answer is whole.
func (e *environment) complete(i *invocation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i.done = true
}

// endAnswered ends what was answered: an answer alone ends no invocation. It returns false where the only
// loop of a program asks for more before it has answered.
func (e *environment) endAnswered() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, i := range e.running {
		if i.done {
			i.expiry.Stop()
			delete(e.running, id)
		}
	}
	return e.Concurrency > 1 || len(e.running) == 0
}

// expire ends an invocation, and with it the environment.
func (e *environment) expire(i *invocation) {
	e.mu.Lock()
	runs := e.running[i.id] == i
	delete(e.running, i.id)
	i.late = &FunctionError{"Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", i.id, e.Timeout.Seconds())}
	e.mu.Unlock()
	if runs {
		i.settle(nil, i.late)
		_ = e.shutdown()
	}
}

// fate says why an invocation came to nothing, after the end of the process.
func (e *environment) fate(i *invocation) *FunctionError {
	e.mu.Lock()
	defer e.mu.Unlock()
	if i.late != nil {
		return i.late
	}
	return e.exitError()
}
