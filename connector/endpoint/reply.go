package endpoint

import (
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"inferenceconnector/connector"
)

// read reads a reply that is no stream, whole, before anything of it is passed on (R20).
func (e *Endpoint) read(c *call, reply *http.Response) (*connector.Response, error) {
	switch status := reply.StatusCode; {
	case status == http.StatusOK:
	case status >= 300 && status < 400:
		return nil, &connector.Error{Code: connector.UpstreamRedirect,
			Message: "The model endpoint answered with a redirect, which is not followed. Correct the endpoint's address."}
	case status >= 400 && status < 600:
		return e.refusal(c.request.Method, reply)
	default:
		return nil, unusable("The model endpoint answered with status %d, which means nothing here.", status)
	}
	if err := expectType(reply, "application/json"); err != nil {
		return nil, err
	}
	body, err := readAll(reply, e.budgets.MaxReplySize, c.part)
	if err != nil {
		return nil, err
	}
	tokens, err := scan(body)
	if err != nil {
		return nil, unusable("The model endpoint's answer is not JSON and was not used.")
	}
	tokens.note(c.record)
	if c.request.Method == http.MethodGet { // the one action that reads
		if body, err = completeInfo(body, c.request.URL.Query().Get("model")); err != nil {
			return nil, unusable("The model endpoint's answer is not acceptable JSON and was not used.")
		}
	}
	return connector.NewResponse(http.StatusOK, body), nil
}

// expectType checks the media type, and that the reply is not compressed: that was not asked for.
func expectType(reply *http.Response, want string) error {
	if given := reply.Header.Get("Content-Type"); given != want && mediaType(given) != want {
		return unusable("The model endpoint answered with another content type than %s.", want)
	}
	if encoding := reply.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return unusable("The model endpoint's answer is compressed, which was not asked for.")
	}
	return nil
}

func mediaType(given string) string {
	kind, _, err := mime.ParseMediaType(given)
	if err != nil {
		return ""
	}
	return kind
}

// readAll reads a body of at most limit bytes.
func readAll(reply *http.Response, limit int64, part *connector.Part) ([]byte, error) {
	if reply.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	part.Reply()
	body, err := part.ReadAll(io.LimitReader(reply.Body, limit+1), reply.ContentLength, limit+1)
	if err == io.ErrUnexpectedEOF {
		return nil, unusable("The model endpoint's answer was cut short and was not used.")
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, err
}

// tokens are the counts of a usage object.
type tokens struct {
	Prompt     int64 `json:"prompt_tokens"`
	Completion int64 `json:"completion_tokens"`
}

func (t tokens) note(record *connector.Record) {
	record.PromptTokens, record.CompletionTokens = t.Prompt, t.Completion
}

// scan checks that text is one JSON object, and finds the token counts in it.
func scan(text []byte) (counts tokens, err error) {
	err = members(text, func(d *jsontext.Decoder, name string) error {
		if name != "usage" {
			return d.SkipValue()
		}
		value, err := d.ReadValue()
		_ = json.Unmarshal(value, &counts) // for the log only: odd counts are no fault of the reply
		return err
	})
	return counts, err
}
