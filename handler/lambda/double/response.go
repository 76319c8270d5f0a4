package double

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// response takes an answer. The status 202 says that it was understood, not that it was liked.
func (e *environment) response(w http.ResponseWriter, r *http.Request) {
	i := e.answering(r.PathValue("id"))
	if i == nil {
		refuseProgram(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	defer e.complete(i)
	if err := checkHead(r.Header); err != nil {
		i.settle(nil, err)
		refuseProgram(w, http.StatusBadRequest, err.Type, err.Message)
		return
	}
	status := http.StatusAccepted
	if i.streams {
		e.relay(i, r)
	} else if status = e.collect(i, r); status == 0 { // the process is gone, and its end tells
		return
	}
	w.WriteHeader(status)
}

// checkHead is stricter than the platform in the content type: it takes those that the contract names.
func checkHead(header http.Header) *FunctionError {
	switch mode := header.Get("Lambda-Runtime-Function-Response-Mode"); mode {
	case "", "streaming":
	default:
		return &FunctionError{"InvalidFunctionResponseMode", "Invalid function response mode " + mode}
	}
	switch kind := header.Get("Content-Type"); kind {
	case "application/json", "application/octet-stream", integration:
		return nil
	default:
		return &FunctionError{"InvalidContentType", fmt.Sprintf("the answer is of the content type %q", kind)}
	}
}

// collect reads a whole answer and returns the status for the program.
func (e *environment) collect(i *invocation, r *http.Request) (status int) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	kind := r.Header.Get("Content-Type")
	switch failed := reported(r.Trailer); {
	case err != nil:
		return 0
	case len(payload) > MaxPayload:
		i.settle(nil, tooLarge(MaxPayload))
		return http.StatusRequestEntityTooLarge
	case failed != nil:
		i.settle(nil, failed)
	case kind == "application/json" && !json.Valid(payload): // the platform would pass it on
		i.settle(nil, &FunctionError{"InvalidJSON", "the answer is not the JSON that its content type says"})
	default:
		i.settlePayload(kind, payload)
	}
	return http.StatusAccepted
}

// relay passes an answer on as it comes, at the platform's pace. When nobody reads any more the function is
// not told.
func (e *environment) relay(i *invocation, r *http.Request) {
	reader, writer := io.Pipe()
	i.settle(&Stream{ContentType: r.Header.Get("Content-Type"), ReadCloser: reader}, nil)
	paced := newPaced(writer)
	_, err := io.Copy(paced, r.Body)
	if paced.full {
		_ = writer.CloseWithError(tooLarge(streamLimit))
	}
	if err != nil { // nobody reads, or the program has gone
		_, err = io.Copy(io.Discard, r.Body)
	}
	switch failed := reported(r.Trailer); {
	case err != nil:
		<-e.exited
		_ = writer.CloseWithError(e.fate(i))
	case failed != nil:
		_ = writer.CloseWithError(failed)
	default:
		_ = writer.Close()
	}
}

func tooLarge(limit int) *FunctionError {
	return &FunctionError{"Function.ResponseSizeTooLarge",
		fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", limit)}
}

// reported is the failure that came behind an answer, as trailers; nil when there was none.
func reported(trailer http.Header) error {
	kind := trailer.Get("Lambda-Runtime-Function-Error-Type")
	if kind == "" {
		return nil
	}
	failed := &FunctionError{}
	text, err := base64.StdEncoding.DecodeString(trailer.Get("Lambda-Runtime-Function-Error-Body"))
	if err == nil {
		err = json.Unmarshal(text, failed)
	}
	if err != nil {
		failed.Message = "the trailer cannot be read: " + err.Error()
	}
	failed.Type = kind
	return failed
}
