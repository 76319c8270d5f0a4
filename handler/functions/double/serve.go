package double

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// call is a request on its way to a function.
type call struct {
	*http.Request
	function   *function
	path       string // as the server hands it on
	parameters map[string]any
	id         string // of the invocation
}

// ServeHTTP implements http.Handler.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := canonical(r.URL)
	f, parameters := h.find(r.Method, path)
	switch {
	case len(r.RequestURI) > maxTarget:
		w.WriteHeader(http.StatusRequestURITooLong)
	case isReserved(path) || f == nil && path != "/":
		w.WriteHeader(http.StatusNotFound)
	case f == nil && h.options.Settings["AzureWebJobsDisableHomepage"] == "true":
		w.WriteHeader(http.StatusNoContent)
	case f == nil:
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Your Functions app is up and running</title>"))
	case !h.options.admits(f, r):
		w.WriteHeader(http.StatusUnauthorized)
	case r.ContentLength > h.maxBody():
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	default:
		r.Body = http.MaxBytesReader(w, r.Body, h.maxBody())
		h.note(f.name)
		h.serve(w, &call{r, f, path, parameters, newID()})
	}
}

// Limits of requests, in bytes.
const (
	maxTarget    = 8192
	usualMaxBody = 100 << 20
)

func (h *Host) maxBody() int64 {
	if n, err := strconv.ParseInt(h.options.Settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"], 10, 64); err == nil {
		return n
	}
	return usualMaxBody
}

// serve takes the mode that a function has on this host.
func (h *Host) serve(w http.ResponseWriter, c *call) {
	custom := h.app.file.CustomHandler
	p, err := h.keeper.process(c.Context())
	switch {
	case err != nil: // there is no host any more
		w.WriteHeader(http.StatusServiceUnavailable)
	case c.function.plain && custom.EnableProxyingHTTPRequest && !h.options.Old:
		h.proxy.relay(w, c)
	case c.function.plain && custom.EnableForwardingHTTPRequest:
		h.forward(w, p, c)
	default:
		h.invokeHTTP(w, c)
	}
}

// errTimeout says that an invocation took longer than the host lets it.
var errTimeout = errors.New("the invocation took longer than functionTimeout")

// within runs an invocation for as long as the host lets it. One that takes longer ends the process, and all
// else that runs in it.
func (h *Host) within(ctx context.Context, p *process, run func(context.Context) error) error {
	if h.options.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, h.options.Timeout, errTimeout)
		defer cancel()
	}
	err := run(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errTimeout) {
		h.keeper.restart(p)
		return errTimeout
	}
	return err
}
