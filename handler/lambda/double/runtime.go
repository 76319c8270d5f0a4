package double

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

const (
	region  = "eu-west-1"
	account = "123456789012"
)

// runtimeAPI is what the program's loop speaks to.
func (f *Function) runtimeAPI() http.Handler {
	const base = "/2018-06-01/runtime/invocation/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"next", f.next)
	mux.HandleFunc("POST "+base+"{id}/response", f.response)
	mux.HandleFunc("POST "+base+"{id}/error", f.failure)
	return mux
}

// next hands out an invocation, when there is one.
func (f *Function) next(w http.ResponseWriter, r *http.Request) {
	f.askOnce.Do(func() { close(f.asked) })
	select {
	case i := <-f.queue:
		deadline := f.begin(i)
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", i.id)
		header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(deadline.UnixMilli(), 10))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", region, account, f.Name))
		header.Set("Lambda-Runtime-Trace-Id", "Root=1-5e9f0c65-1de4d666d4dd26aced652b6c;Sampled=0")
		_, _ = w.Write(i.event) // a program that went is noticed by its end
	case <-f.exited:
	case <-r.Context().Done():
	}
}

// response takes an answer. The status 202 says that it was understood, not that it was liked.
func (f *Function) response(w http.ResponseWriter, r *http.Request) {
	i := f.find(r.PathValue("id"))
	if i == nil {
		http.Error(w, `{"errorType":"InvalidRequestID"}`, http.StatusBadRequest)
		return
	}
	defer f.finish(i.id)
	status := http.StatusAccepted
	if i.streams {
		f.relay(i, r)
	} else if status = f.collect(i, r); status == 0 { // the process is gone, and its end tells
		return
	}
	w.WriteHeader(status)
}

// collect reads a whole answer and returns the status for the program.
func (f *Function) collect(i *invocation, r *http.Request) (status int) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	switch failed := reported(r.Trailer); {
	case err != nil:
		return 0
	case len(payload) > MaxPayload:
		i.settle(nil, &FunctionError{"Function.ResponseSizeTooLarge",
			fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", MaxPayload)})
		return http.StatusRequestEntityTooLarge
	case failed != nil:
		i.settle(nil, failed)
	default:
		i.settlePayload(r.Header.Get("Content-Type"), payload)
	}
	return http.StatusAccepted
}

// relay passes an answer on as it comes. When nobody reads any more the function is not told.
func (f *Function) relay(i *invocation, r *http.Request) {
	reader, writer := io.Pipe()
	i.settle(&Stream{ContentType: r.Header.Get("Content-Type"), ReadCloser: reader}, nil)
	_, _ = io.Copy(writer, r.Body)
	_, err := io.Copy(io.Discard, r.Body)
	switch failed := reported(r.Trailer); {
	case err != nil:
		<-f.exited
		_ = writer.CloseWithError(f.exitError())
	case failed != nil:
		_ = writer.CloseWithError(failed)
	default:
		_ = writer.Close()
	}
}

// reported is the failure that came behind an answer, as trailers; nil when there was none.
func reported(trailer http.Header) error {
	kind := trailer.Get("Lambda-Runtime-Function-Error-Type")
	if kind == "" {
		return nil
	}
	failed := &FunctionError{Type: kind}
	text, err := base64.StdEncoding.DecodeString(trailer.Get("Lambda-Runtime-Function-Error-Body"))
	if err == nil {
		err = json.Unmarshal(text, failed)
	}
	if err != nil {
		failed.Message = "the trailer cannot be read: " + err.Error()
	}
	return failed
}

// failure takes an error in place of an answer.
func (f *Function) failure(w http.ResponseWriter, r *http.Request) {
	failed := &FunctionError{}
	err := json.NewDecoder(r.Body).Decode(failed)
	i := f.finish(r.PathValue("id"))
	if i == nil || err != nil {
		http.Error(w, `{"errorType":"InvalidRequest"}`, http.StatusBadRequest)
		return
	}
	i.settle(nil, failed)
	w.WriteHeader(http.StatusAccepted)
}

// newID returns an id in the form of a UUID.
func newID() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	text := hex.EncodeToString(random[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
