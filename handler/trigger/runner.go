package trigger

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// A Receiver is where outputs are delivered. It is safe for concurrent use.
type Receiver interface {
	// Deliver hands over an output, trying again where that can help. id is the same whenever the same event
	// is delivered, so that the receiver can drop what it has.
	Deliver(ctx context.Context, id string, output []byte) error
}

// A Runner runs calls to the end. It is safe for concurrent use.
type Runner struct {
	Connector *connector.Connector
	Actions   []*schema.Action
	Triggers  map[string]Trigger // by source: a function, a queue, a rule
	Log       *slog.Logger
	Memory    *connector.Memory // nil for no bound
}

// RunFor runs what a source of events asks for: an envelope, narrowed to what the source may run. eventID is
// the platform's; an id in the envelope goes before it. The output is delivered where the source says. Every
// error is a *connector.Error.
func (r *Runner) RunFor(ctx context.Context, source, eventID string, envelope []byte) (Call, []byte, error) {
	t, known := r.Triggers[source]
	if !known {
		return Call{ID: eventID}, nil, r.refuse(eventID, &connector.Error{Code: connector.InvalidRequest, Message: fmt.Sprintf(
			"'%s' may run nothing. Say what it may in triggers of the connections file.", connector.Shorten(source, 128))})
	}
	call, err := read(eventID, envelope)
	if err == nil {
		err = t.narrow(source, &call)
	}
	if err != nil {
		return call, nil, r.refuse(call.ID, err)
	}
	output, err := r.Run(ctx, call)
	if err == nil {
		err = r.Deliver(ctx, t.Receiver, source, source+"/"+call.ID, output) // sources can share a receiver
	}
	return call, output, err
}

// RunDirect is RunFor for those whom the platform lets run everything, unless a Trigger narrows it.
func (r *Runner) RunDirect(ctx context.Context, source, eventID string, envelope []byte) (Call, []byte, error) {
	if _, narrowed := r.Triggers[source]; narrowed {
		return r.RunFor(ctx, source, eventID, envelope)
	}
	call, err := read(eventID, envelope)
	if err != nil {
		return call, nil, r.refuse(call.ID, err)
	}
	output, err := r.Run(ctx, call)
	return call, output, err
}

func read(eventID string, envelope []byte) (Call, error) {
	call, err := ReadEnvelope(envelope)
	call.ID = cmp.Or(call.ID, eventID)
	return call, err
}

// Run runs a call and returns its whole output, and logs it. Whoever calls it has decided that it may be run.
// Every error is a *connector.Error, also for an endpoint's own.
func (r *Runner) Run(ctx context.Context, call Call) ([]byte, error) {
	line := connector.LogLine{RequestID: call.ID, Start: time.Now(), Status: http.StatusOK, BytesIn: int64(len(call.Input))}
	record := &connector.Record{}
	var output []byte
	err := r.guarded(call.ID, func() (err error) {
		output, err = r.run(ctx, call, &line, record)
		return err
	})
	if err != nil {
		err = failed(err, &line)
	}
	line.BytesOut = int64(len(output))
	line.Write(r.Log, record)
	return output, err
}

// Deliver hands an output to a receiver, if there is one, and logs what came of it.
func (r *Runner) Deliver(ctx context.Context, to Receiver, source, id string, output []byte) error {
	if to == nil {
		return nil
	}
	start := time.Now()
	err := r.guarded(id, func() error { return to.Deliver(ctx, id, output) })
	attrs := []any{"source", source, "id", id, "bytes", len(output), "ms", time.Since(start).Milliseconds()}
	if err != nil {
		e := connector.AsError(err)
		r.Log.Error("not delivered", append(attrs, "code", string(e.Code), "cause", e.Error())...)
		return e
	}
	r.Log.Info("delivered", attrs...)
	return nil
}

// refuse logs a call that came to nothing before it was one.
func (r *Runner) refuse(id string, err error) error {
	line := connector.LogLine{RequestID: id, Start: time.Now()}
	err = failed(err, &line)
	line.Write(r.Log, &connector.Record{})
	return err
}

func failed(err error, line *connector.LogLine) *connector.Error {
	e := connector.AsError(err)
	line.Code, line.Cause = e.Code, e.Err
	if line.Status < 400 { // else it is the endpoint's own
		line.Status = e.Status()
	}
	return e
}

// guarded ends a panic: it harms no other call (R27).
func (r *Runner) guarded(id string, f func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			r.Log.Error("panic", "request_id", id, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	return f()
}

func (r *Runner) run(ctx context.Context, call Call, line *connector.LogLine, record *connector.Record) ([]byte, error) {
	part := r.Memory.Part()
	defer part.Free()
	if err := part.Keep(copies * int64(len(call.Input))); err != nil {
		return nil, err
	}
	invocation, err := connector.FromInput(r.Actions, call.Action, call.Connection, call.Input, part)
	if err != nil {
		return nil, err
	}
	line.Action, invocation.NoStream, invocation.Record = invocation.Action.ID, true, record
	response, err := r.Connector.Invoke(ctx, invocation)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	output, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, err
	case response.Status >= 400:
		line.Status = response.Status
		return nil, relayed(response.ErrorCode, output)
	}
	return output, nil
}

// copies of an input are made on its way: the envelope, its input, and what is left of that for the body.
const copies = 3

// relayed is the failure for an error of the endpoint's own.
func relayed(code connector.Code, body []byte) error {
	var said struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	message := string(body)
	if json.Unmarshal(body, &said) == nil && said.Error.Message != "" {
		message = said.Error.Message
	}
	return &connector.Error{Code: code, Message: message}
}
