package lambda

import (
	"context"
	"net/http"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

// serveHTTP answers an HTTP event: the whole answer, or one that is read while it is written.
func (h *Host) serveHTTP(ctx context.Context, e *event) any {
	limit := gatewayBudget
	if e.RequestContext.isFunctionURL() {
		limit = functionBudget
	}
	ctx, cancel := budget(ctx, limit)
	request, err := e.request(ctx)
	if h.Trusted && e.RequestContext.isAuthorized() {
		request = rest.Trust(request)
	}
	if err != nil {
		request = rest.Broken(request, err)
	}
	if h.Stream && e.RequestContext.isFunctionURL() {
		return stream(h.HTTP, request, cancel)
	}
	defer cancel()
	w := &buffer{header: http.Header{}}
	if !serve(h.HTTP, w, request) {
		w.reset()
		refuse(w, errAborted)
	}
	return h.answer(w)
}

// answer returns the payload of a whole answer, or our own error where the platform would refuse it for its
// size.
func (h *Host) answer(w *buffer) payload {
	text := w.marshal()
	if len(text) > maxAnswer {
		h.Log.Warn("answer too large for Lambda", "request_id", w.header.Get("X-Ms-Request-Id"), "bytes", len(text))
		w.reset()
		refuse(w, tooLarge())
		text = w.marshal()
	}
	return newPayload(text)
}

// errAborted is an InternalError to callers.
var errAborted = connector.AsError(http.ErrAbortHandler)

// serve runs the handler and reports whether its answer is whole. A panic, which is how an answer is given
// up, ends here: it would end the process, and other invocations with it.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) (whole bool) {
	defer func() { _ = recover() }()
	handler.ServeHTTP(w, r)
	return true
}

// refuse writes an error in place of an answer that came to nothing; the ids among its headers stay.
func refuse(w http.ResponseWriter, e *connector.Error) {
	header := w.Header()
	header.Del("Content-Length")
	header.Set("Content-Type", "application/json")
	header.Set("X-Ms-Error-Code", string(e.Code))
	w.WriteHeader(e.Status())
	_, _ = w.Write(e.JSON())
}

func tooLarge() *connector.Error {
	return &connector.Error{Code: connector.ResponseTooLarge,
		Message: "The answer is larger than the 6 MB that Lambda delivers. Ask for fewer tokens with max_tokens, or stream."}
}

func flatten(header http.Header) map[string]string {
	flat := make(map[string]string, len(header))
	for name, values := range header {
		flat[name] = strings.Join(values, ",")
	}
	return flat
}
