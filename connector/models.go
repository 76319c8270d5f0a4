package connector

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// listModels is the one action that no endpoint answers.
const listModels = "ListModels"

// listModels answers with the connection's deployments, as a drop-down list reads them.
func (c *Connection) listModels() (*Response, error) {
	type entry struct {
		ID          string `json:"id"`
		DisplayName string `json:"displayName"`
	}
	list := struct {
		Value []entry `json:"value"`
	}{Value: []entry{}}
	for _, d := range c.Deployments {
		list.Value = append(list.Value, entry{d.Name, d.Name})
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return NewResponse(http.StatusOK, text), nil
}

// NewResponse returns a Response whose body is text.
func NewResponse(status int, text []byte) *Response {
	return &Response{Status: status, Length: int64(len(text)), Body: io.NopCloser(bytes.NewReader(text))}
}
