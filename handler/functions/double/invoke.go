package double

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// event is what an invocation brings.
type event struct{ Data, Metadata map[string]any }

// invoke runs a function by invocation JSON, and returns what the handler answered. Its error tells why the
// invocation failed.
func (h *Host) invoke(ctx context.Context, p *process, f *function, id string, e event) (a answer, err error) {
	text, err := encode(e)
	if err != nil {
		return a, err
	}
	err = h.within(ctx, p, func(ctx context.Context) error {
		reply, err := h.post(ctx, f.name, id, text)
		if err != nil {
			return err
		}
		defer reply.Body.Close()
		if a, err = readAnswer(reply); errors.Is(err, errNothing) {
			<-ctx.Done() // nobody completes the invocation
			return ctx.Err()
		}
		return err
	})
	for _, line := range a.Logs {
		h.journal.add(Line{Level: Information, Text: line, Invocation: id})
	}
	return a, err
}

// post sends an invocation. Redirects are followed.
func (h *Host) post(ctx context.Context, function, id string, text []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+h.address+"/"+function, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	r.ContentLength = -1 // the host's client does not know it
	r.Header = http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "User-Agent": {userAgent},
		invocationHeader: {id}, versionHeader: {Version},
	}
	return (&http.Client{Transport: h.client}).Do(r)
}

// encode writes JSON as the host does: what HTML minds is not escaped.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
