package emulator

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"
)

// Config is what an operator sets. The zero value admits everyone.
type Config struct {
	// Key must be presented as api-key or as Authorization: Bearer.
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
	mux.Handle("/", operation(func(http.ResponseWriter, *http.Request) error {
		return refuse(http.StatusNotFound, "404", "Resource not found")
	}))
	for _, rt := range c.routes() {
		mux.Handle(rt.path, c.guard(rt))
	}
	return mux
}

// An operation answers a request, or returns why it did not.
type operation func(http.ResponseWriter, *http.Request) error

func (o operation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const clientRequestID = "X-Ms-Client-Request-Id"
	if id := r.Header.Get(clientRequestID); id != "" {
		w.Header().Set(clientRequestID, id)
	}
	err := o(w, r)
	if f, ok := errors.AsType[*failure](err); ok {
		err = f.write(w)
	}
	if err != nil {
		// An answer that was given up must not look like a whole one.
		panic(http.ErrAbortHandler)
	}
}

func (c Config) guard(rt route) operation {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.Method != rt.method {
			w.Header().Set("Allow", rt.method)
			return refuse(http.StatusMethodNotAllowed, "405", "This resource answers "+rt.method+" only.")
		}
		if !c.admits(r) {
			return refuse(http.StatusUnauthorized, "401",
				"Access denied: the key is missing or is not the emulator's. Send it as api-key or as a bearer token.")
		}
		if r.URL.Query().Get("api-version") == "" {
			return refuse(http.StatusBadRequest, "MissingApiVersionParameter", "The query parameter api-version is required.")
		}
		return rt.serve(w, r)
	}
}

// admits accepts either credential, as SDKs send both and sometimes leave the
// bearer empty.
func (c Config) admits(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	bearer := strings.EqualFold(scheme, "Bearer") && c.matches(token)
	return c.Key == "" || c.matches(r.Header.Get("api-key")) || bearer
}

func (c Config) matches(key string) bool {
	return subtle.ConstantTimeCompare([]byte(key), []byte(c.Key)) == 1
}
