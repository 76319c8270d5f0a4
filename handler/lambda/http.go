package lambda

import (
	"context"
	"net/http"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

// serveHTTP answers an HTTP event: the whole answer, or one that is read while it is written.
func (h *Host) serveHTTP(ctx context.Context, f *front, in *incoming) any {
	ctx, cancel := budget(ctx, f.budget)
	request, err := in.request(ctx)
	if h.Trusted && in.authorized {
		request = rest.Trust(request)
	}
	if err != nil {
		request = rest.Broken(request, err)
	}
	if h.Stream && f.streams {
		return stream(h.HTTP, request, cancel)
	}
	defer cancel()
	w := &buffer{header: http.Header{}}
	if !serve(h.HTTP, w, request) {
		w.reset()
		refuse(w, errAborted)
	}
	return h.answer(f, w)
}

// answer returns the payload of a whole answer, or our own error where the platform would refuse it for its
// size.
func (h *Host) answer(f *front, w *buffer) payload {
	text := w.marshal(f)
	if len(text) > f.limit.bytes {
		h.Log.Warn("answer too large for Lambda", "request_id", w.header.Get("X-Ms-Request-Id"), "bytes", len(text))
		w.reset()
		refuse(w, f.limit.exceeded())
		text = w.marshal(f)
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
	_, _ = w.Write(connector.WithRequestID(e.JSON(), e.Code, header.Get("X-Ms-Request-Id")))
}

// exceeded is the error in place of an answer that is too large.
func (l *limit) exceeded() *connector.Error {
	return &connector.Error{Code: connector.ResponseTooLarge, Message: "The answer is larger than the " + l.said}
}
