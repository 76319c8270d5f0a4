package emulator

import (
	"errors"
	"net/http"
	"time"
)

// Config is what an operator sets. The zero value admits everyone.
type Config struct {
	// Key must be presented in a header that the family of the address reads.
	// Empty: any credential, or none, is accepted.
	Key string

	// EventDelay is the pause between two events of a stream.
	// 0 means 20ms, negative means none.
	EventDelay time.Duration
}

// Handler returns the endpoint. It is safe for concurrent use, starts nothing of
// its own, and gives up a request as soon as its context is done.
func Handler(c Config) http.Handler {
	mux := http.NewServeMux()
	for _, f := range families {
		for _, rt := range c.routes(f) {
			mux.Handle(rt.path, f.handler(c.guard(f, rt)))
		}
		for _, path := range f.elsewhere() {
			mux.Handle(path, f.handler(notServed))
		}
	}
	return mux
}

// An operation answers a request, or returns why it did not.
type operation func(http.ResponseWriter, *http.Request) error

// handler lets an operation answer, and puts its problems in the family's words.
func (f *family) handler(serve operation) http.Handler {
	const clientRequestID = "X-Ms-Client-Request-Id"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "emulator")
		if id := r.Header.Get(clientRequestID); id != "" {
			w.Header().Set(clientRequestID, id)
		}
		err := serve(w, r)
		if p, ok := errors.AsType[*problem](err); ok {
			err = f.words(r, p).write(w)
		}
		if err != nil {
			// An answer that was given up must not look like a whole one.
			panic(http.ErrAbortHandler)
		}
	})
}

func (c Config) guard(f *family, rt route) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != rt.method {
			w.Header().Set("Allow", rt.method)
			return refuse(http.StatusMethodNotAllowed, "405", "This resource answers "+rt.method+" only.")
		}
		if err := f.admit(r.Header, c.Key); err != nil {
			return err
		}
		if f.versioned && version(r) == "" {
			return &problem{reason: noVersion}
		}
		return rt.serve(w, r)
	}
}

func version(r *http.Request) string { return r.URL.Query().Get("api-version") }

func notServed(http.ResponseWriter, *http.Request) error { return &problem{reason: noRoute} }
