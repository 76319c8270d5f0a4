package endpoint

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"inferenceconnector/connector"
)

// How much of an endpoint's error reaches the caller, in bytes (S18), and how much is read: a 422 can repeat
// the whole input, and a key must not be cut in two before it is masked.
const (
	maxRefusal     = 8 << 10
	maxRefusalRead = 64 << 10
)

var errNotObject = errors.New("not one JSON object")

func unusable(format string, args ...any) *connector.Error {
	return &connector.Error{Code: connector.UpstreamInvalid, Message: fmt.Sprintf(format, args...) + " Try again; if it stays, check the endpoint."}
}

func tooLarge(limit int64) *connector.Error {
	return &connector.Error{Code: connector.ResponseTooLarge,
		Message: fmt.Sprintf("The model endpoint's answer is larger than %d bytes. Ask for fewer tokens with max_tokens.", limit)}
}

// refusal relays an error of the endpoint: its body if that is an error in the contract's shape, else its
// words in our envelope. Either way the endpoint's credential and address are masked.
func (e *Endpoint) refusal(method string, reply *http.Response) (*connector.Response, error) {
	status := reply.StatusCode
	if status == http.StatusUnauthorized {
		e.dropToken(reply.Request)
	}
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		return nil, &connector.Error{Code: connector.UpstreamAuthFailed,
			Message: "The model endpoint refused the credential of the connection. Whoever set it up has to correct it; a repeat cannot help."}
	}
	text, err := io.ReadAll(io.LimitReader(reply.Body, maxRefusalRead))
	if err != nil && len(text) == 0 {
		return nil, err
	}
	mask := e.maskFor(reply.Request)
	said := understand([]byte(mask.Replace(string(text))))
	own := mask.Replace(reply.Header.Get("x-ms-error-code"))
	if method == http.MethodGet && lacksInfo(status, own, said) {
		return nil, e.noInfo(said)
	}
	code := errorCode(status, own, said)
	response := connector.NewResponse(status, said.body(code, status))
	response.ErrorCode = code
	if status == http.StatusUnprocessableEntity {
		response.Refusal = said.unprocessable()
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		wait, asked := retryAfter(reply.Header)
		if response.RetryAfter = wait; asked {
			response.Repeat.Asked = wait
		}
	}
	return response, nil
}

// lacksInfo reports whether a refused GET, which only /info is, means that there is no /info. Older managed
// endpoints say so with a 424.
func lacksInfo(status int, own string, said refusal) bool {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return !isAboutModel(own) && !isAboutModel(said.code)
	case http.StatusFailedDependency:
		return said.message == "Not Found"
	}
	return false
}

func isAboutModel(code string) bool {
	switch strings.ToLower(code) {
	case "unknown_model", "deploymentnotfound", "model_not_found":
		return true
	}
	return false
}

func (e *Endpoint) noInfo(said refusal) *connector.Error {
	return &connector.Error{
		Code: connector.ModelInfoUnavailable,
		Message: fmt.Sprintf("Leave this call out: this endpoint of the family %s does not tell which model it serves, as not all do. "+
			"If chats fail too, correct the address of the endpoint.", e.family.name),
		Details: said.original(),
	}
}

// errorCode is the endpoint's own where it has one that can be branched on, else ours for the status.
func errorCode(status int, own string, said refusal) connector.Code {
	switch {
	case said.filtered && status == http.StatusBadRequest:
		return connector.ContentFilter
	case status == http.StatusUnprocessableEntity:
		return connector.ParameterNotSupported
	case isWord(own):
		return connector.Code(own)
	case status == http.StatusTooManyRequests:
		return connector.UpstreamThrottled
	case status == http.StatusServiceUnavailable:
		return connector.UpstreamUnavailable
	case status == http.StatusGatewayTimeout:
		return connector.UpstreamTimeout
	case isWord(said.code):
		return connector.Code(said.code)
	}
	return connector.UpstreamError
}

// isWord reports whether a code can be branched on: letters first, no blanks, not long.
func isWord(code string) bool {
	if code == "" || len(code) > 64 || !isLetter(code[0]) {
		return false
	}
	return strings.IndexFunc(code, func(r rune) bool {
		return r > 127 || !isLetter(byte(r)) && (r < '0' || r > '9') && !strings.ContainsRune("_-.", r)
	}) < 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
