package connector

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"inferenceconnector/schema"
)

// An Invocation is one call of an action as a host brings it.
type Invocation struct {
	Action      *schema.Action
	Connection  string // "" for the caller's only one
	Deployment  string // named by the address, "" when it names none
	Brought     *Brought
	Caller      Caller
	Correlation Correlation
	// Values returns what the caller gave for a query or header parameter: nothing, one value, or several. An
	// error means that query or headers cannot be read.
	Values func(*schema.Parameter) ([]string, error)
	// Body returns the whole body, at most once, and only after the caller was let in.
	Body func() ([]byte, error)
	// NoStream says that the host returns one value: a call that asks for a stream is refused.
	NoStream bool
	// Part counts what the call keeps in memory, nil for nothing. Whoever made it frees it when the call is over.
	Part *Part
	// Record is filled in as far as the call gets. It must not be nil; it is complete once the Response's
	// Body is closed, or Invoke has failed.
	Record *Record
}

// Correlation are the ids that travel to the endpoint with a call, already cleaned.
type Correlation struct {
	ClientRequestID, Traceparent, Tracestate string
}

// A Response is the endpoint's reply, or ours where no endpoint is needed. Whoever receives it closes Body.
type Response struct {
	Status     int
	ErrorCode  Code   // of a failed reply
	Refusal    *Error // what Body says of an endpoint's 422, nil for all else
	RetryAfter time.Duration
	Repeat     Repeat // of a failed reply
	Stream     bool   // Body is an event stream and blocks between events
	Length     int64  // of Body, -1 for a stream
	Body       io.ReadCloser
}

// An Endpoint forwards requests to a model endpoint. It is safe for concurrent use.
type Endpoint interface {
	// Check reports what Prepare would refuse in a request whatever the moment.
	Check(*Request) error
	// Prepare makes everything ready that can fail before a slot of the window is taken.
	Prepare(context.Context, *Request) (Attempt, error)
}

// An Attempt sends the prepared request, once; it can be made again. Its Response's Body is to be closed.
type Attempt func(context.Context) (*Response, error)

// A Throttle keeps the exact window of each connection (contract/reliability.md section 1).
type Throttle interface {
	// Take takes a slot of a window, which holds calls slots per period, or says how long until one is free.
	Take(ctx context.Context, window string, calls int, period time.Duration) (Decision, error)
}

// A Decision admits an attempt when Wait is zero; else a slot is free after Wait.
type Decision struct {
	Wait      time.Duration
	Remaining int
}

// A Connector invokes actions on connections. It is safe for concurrent use.
type Connector struct {
	connections map[string]*Connection
	throttle    Throttle
}

// New returns a Connector for connections with distinct names.
func New(connections []*Connection, throttle Throttle) *Connector {
	c := &Connector{connections: make(map[string]*Connection, len(connections)), throttle: throttle}
	for _, connection := range connections {
		c.connections[connection.Name] = connection
	}
	return c
}

// Invoke runs one call. Every error is an *Error. Cancelling ctx ends the call, its stream included.
func (c *Connector) Invoke(ctx context.Context, call *Invocation) (*Response, error) {
	connection, err := c.find(call)
	if err != nil {
		return nil, err
	}
	if err := connection.enter(); err != nil {
		return nil, err
	}
	answered := false
	call.Part.of(connection, len(c.connections) > 1)
	defer func() {
		if !answered { // an error, or a panic on its way to the host
			connection.leave()
		}
	}()
	response, err := c.run(ctx, connection, call)
	if err != nil {
		return nil, AsError(err)
	}
	answered = true
	response.Body = &leaving{ReadCloser: response.Body, leave: connection.leave}
	return response, nil
}

func (c *Connector) run(ctx context.Context, connection *Connection, call *Invocation) (response *Response, err error) {
	target, err := connection.target(call.Brought)
	if err != nil {
		return nil, err
	}
	if connection.brings() {
		leave, err := connection.guests.enter(target.Window, connection)
		if err != nil {
			return nil, err
		}
		defer func() {
			if response == nil {
				leave()
			} else {
				response.Body = &leaving{ReadCloser: response.Body, leave: leave}
			}
		}()
	}
	if call.Action.ID == listModels {
		if _, err := read(call); err != nil {
			return nil, err
		}
		return connection.listModels(call.Action.Dialect)
	}
	deployment, request, err := connection.understand(call, target)
	if err != nil {
		return nil, err
	}
	attempt, err := deployment.Endpoint.Prepare(ctx, request)
	if err != nil {
		return nil, err
	}
	response, err = c.attempts(ctx, connection, target, call.Record, attempt)
	if err != nil {
		return nil, err
	}
	if response = request.explained(response); request.reply == nil {
		return response, nil
	}
	return request.reply.answer(response)
}

// understand makes of a call what its deployment is asked.
func (c *Connection) understand(call *Invocation, target *Target) (*Deployment, *Request, error) {
	input, err := read(call)
	if err != nil {
		return nil, nil, err
	}
	deployment, routed, err := c.route(call, input, target)
	if err != nil {
		return nil, nil, err
	}
	call.Record.Deployment = deployment.Name
	request, err := deployment.complete(call, input)
	if err != nil {
		return nil, nil, err
	}
	request.Routed = routed
	return deployment, request, nil
}

// Check reports what Invoke would refuse in a call before it asks for a credential: for calls that are made
// later, and whose author is here now.
func (c *Connector) Check(call *Invocation) error {
	connection, err := c.find(call)
	if err != nil {
		return err
	}
	target, err := connection.target(call.Brought)
	if err != nil {
		return err
	}
	if call.Action.ID == listModels {
		_, err = read(call)
		return err
	}
	deployment, request, err := connection.understand(call, target)
	if err != nil {
		return err
	}
	return deployment.Endpoint.Check(request)
}

// take takes a slot of the target's window.
func (c *Connector) take(ctx context.Context, connection *Connection, target *Target, record *Record) error {
	decision, err := c.throttle.Take(ctx, target.Window, connection.Calls, connection.RenewalPeriod)
	if err != nil {
		return err
	}
	if decision.Wait > 0 {
		wait := math.Ceil(decision.Wait.Seconds())
		return &Error{
			Code: RateLimitExceeded,
			Message: fmt.Sprintf("Connection '%s' allows %d calls per %.0f seconds; try again in %.0f seconds.",
				connection.Name, connection.Calls, connection.RenewalPeriod.Seconds(), wait),
			RetryAfter: decision.Wait,
		}
	}
	record.Calls, record.Remaining = connection.Calls, decision.Remaining
	return nil
}

// leaving counts the call out when its answer is done with.
type leaving struct {
	io.ReadCloser
	leave func()
}

// WriteTo implements io.WriterTo, so that a reply in memory is written as it is.
func (l *leaving) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, l.ReadCloser) }

func (l *leaving) Close() error {
	if l.leave != nil {
		l.leave()
		l.leave = nil
	}
	return l.ReadCloser.Close()
}
