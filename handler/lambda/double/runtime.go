package double

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

const (
	region      = "eu-west-1"
	account     = "123456789012"
	version     = "$LATEST"
	handlerName = "bootstrap"
	traceID     = "Root=1-5e9f0c65-1de4d666d4dd26aced652b6c"
)

// api is what the program's loop, and an extension in it, speak to.
func (e *environment) api() http.Handler {
	const base = "/2018-06-01/runtime/invocation/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"next", e.next)
	mux.HandleFunc("POST "+base+"{id}/response", e.response)
	mux.HandleFunc("POST "+base+"{id}/error", e.failure)
	mux.HandleFunc("POST /2020-01-01/extension/register", e.register)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", e.nextEvent)
	return mux
}

// next ends the invocation before, and hands out another when there is one. Until then the process rests.
func (e *environment) next(w http.ResponseWriter, r *http.Request) {
	if !e.endAnswered() {
		refuseProgram(w, http.StatusForbidden, "InvalidStateTransition", "the invocation before has no answer yet")
		return
	}
	e.askOnce.Do(func() { close(e.asked) })
	select {
	case i := <-e.queue:
		e.hand(w, i)
		return
	default:
	}
	e.wait()
	select {
	case i := <-e.queue:
		e.wake()
		e.hand(w, i)
	case <-e.exited:
	case <-r.Context().Done():
	}
}

// hand gives an invocation to the program.
func (e *environment) hand(w http.ResponseWriter, i *invocation) {
	deadline := e.begin(i)
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", i.id)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(deadline.UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", region, account, e.Name))
	header.Set("Lambda-Runtime-Trace-Id", traceID+";Sampled=0")
	_, _ = w.Write(i.event) // a program that went is noticed by its end
}

// failure takes an error in place of an answer. It is stricter than the platform: what the contract does not
// show is refused.
func (e *environment) failure(w http.ResponseWriter, r *http.Request) {
	i := e.answering(r.PathValue("id"))
	if i == nil {
		refuseProgram(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	defer e.complete(i)
	failed, err := readFailure(r)
	if err != nil {
		i.settle(nil, &FunctionError{"InvalidErrorShape", err.Error()})
		refuseProgram(w, http.StatusBadRequest, "InvalidErrorShape", err.Error())
		return
	}
	i.settle(nil, failed)
	w.WriteHeader(http.StatusAccepted)
}

func readFailure(r *http.Request) (*FunctionError, error) {
	var failed struct {
		FunctionError
		StackTrace []json.RawMessage `json:"stackTrace"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&failed); err != nil {
		return nil, err
	}
	if failed.Type == "" {
		return nil, fmt.Errorf("the error has no errorType")
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/json" {
		return nil, fmt.Errorf("the error is %q, not application/json", kind)
	}
	if cause := r.Header.Get("Lambda-Runtime-Function-Xray-Error-Cause"); cause != "" && !json.Valid([]byte(cause)) {
		return nil, fmt.Errorf("the X-Ray cause is no JSON")
	}
	return &failed.FunctionError, nil
}

// refuseProgram answers a call of the program that the platform does not accept.
func refuseProgram(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(&FunctionError{kind, message})
}

// newID returns an id in the form of a UUID.
func newID() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	text := hex.EncodeToString(random[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
