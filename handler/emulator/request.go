package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

const maxBody = 32 << 20

// A request is what an operation reads out of a body.
type request interface {
	name() string    // of the model
	missing() string // what there must be one of, if there is none
}

// read reads the request for a modality, and finds the deployment that is to answer it.
func (f *family) read(w http.ResponseWriter, r *http.Request, m *modality, into request) (deployment, error) {
	body, err := readBody(w, r)
	if err == nil && !f.openAI {
		body, err = m.settle(body, r.Header.Get("extra-parameters"))
	}
	if err != nil {
		return deployment{}, err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return deployment{}, refuse(http.StatusBadRequest, "BadRequest", complaint(err))
	}
	if thing := into.missing(); thing != "" {
		return deployment{}, refuse(http.StatusBadRequest, "BadRequest",
			fmt.Sprintf("The body must be a JSON object with at least one %s in '%s'.", thing, m.subject))
	}
	d, err := f.deployment(f.model(r, into.name()))
	if err != nil {
		return deployment{}, err
	}
	return d, d.admit(m, body)
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, refuse(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit))
	}
	return body, err
}

// complaint rewords the errors that would show names of Go types.
func complaint(err error) string {
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("'%s' cannot be of JSON type %s.", cmp.Or(mismatch.Field, "body"), mismatch.Value)
	}
	return "The body is not valid: " + err.Error()
}
