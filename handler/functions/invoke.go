package functions

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"inferenceconnector/connector"
)

// invoke answers a call of the host's.
func (a App) invoke(c Config, w http.ResponseWriter, r *http.Request, f Function) {
	part := c.Memory.Part()
	defer part.Free()
	body, err := c.receive(w, r, part)
	var i invocation
	if err == nil {
		i, err = f.read(body)
	}
	switch {
	case err != nil:
		c.refuse(w, f, connector.AsError(err))
	case f.isHTTP():
		part.Reply()
		a.invokeHTTP(c, r, f, i, part).write(w, http.StatusOK)
	default:
		status := http.StatusOK
		done, err := c.run(r, f, i)
		if err != nil { // which fails the invocation, so that the platform tries it again where it does
			status, done = http.StatusInternalServerError, done.because(err)
		}
		done.write(w, status)
	}
}

// refuse answers what is no invocation. A caller whose body was too large, or came at a bad time, is told so, as
// it would be if the host had forwarded it.
func (c Config) refuse(w http.ResponseWriter, f Function, e *connector.Error) {
	c.Runner.Log.Warn("no invocation", "function", f.Name, "code", string(e.Code), "cause", e.Error())
	if f.isHTTP() && (e.Code == connector.BodyTooLarge || e.Code == connector.Overloaded) {
		replied := newReply(nil)
		replied.refuse(e)
		f.answerHTTP(replied, 0).write(w, http.StatusOK)
		return
	}
	said := fmt.Sprintf("%s got no invocation: %s.", f.Name, e.Code)
	answer{Logs: []string{said}}.because(e).write(w, e.Status())
}

// run runs what a trigger brought. A panic ends here: it harms no other run (R27).
func (c Config) run(r *http.Request, f Function, i invocation) (done answer, err error) {
	start := time.Now()
	defer func() {
		if reason := recover(); reason != nil {
			c.Runner.Log.Error("panic", "function", f.Name, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", reason)
			done = answer{Logs: []string{ran(f.Name, "", nil, err, time.Since(start))}}
		}
	}()
	if f.isTimer() {
		return c.fire(r, f, i, start)
	}
	return c.take(r, f, i, start)
}
